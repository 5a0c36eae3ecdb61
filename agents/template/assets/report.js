// A report over any list of the site: choose, generate, save.
(function () {
  const { h, button, toast, collection, show, form, empty, day } = Site;

  Site.widget("report", (root) => {
    const lists = Object.keys(Site.data.collections).map(collection);
    const out = h("div", { "aria-live": "polite" });
    root.append(
      h(
        "article",
        { class: "panel" },
        form({
          heading: "New report",
          submit: "Generate report",
          values: { from: "2026-01-01", to: "2026-12-31" },
          fields: [
            { key: "about", label: "Report about", options: lists.map((list) => list.label) },
            { key: "from", label: "From", type: "date" },
            { key: "to", label: "To", type: "date" },
            { key: "format", label: "Format", options: ["Summary and table", "Summary only"] },
          ],
          onsubmit: generate,
        }),
      ),
      out,
    );

    function generate(values) {
      if (values.from && values.to && values.to < values.from) return "The end must not be before the start.";
      const list = lists.find((one) => one.label === values.about);
      const date = list.columns.find((column) => column.type === "date");
      const rows = list
        .rows()
        .filter(
          (row) =>
            !date || ((!values.from || row[date.key] >= values.from) && (!values.to || row[date.key] <= values.to)),
        );
      const group = list.columns.find((column) => column.key === list.group) || list.columns[1];
      const sum =
        list.columns.find((column) => column.type === "money") ||
        list.columns.find((column) => /number|percent/.test(column.type));
      const groups = [...new Set(rows.map((row) => row[group.key]))];
      const of = (name) => rows.filter((row) => row[group.key] === name);
      const add = (some) => (sum ? some.reduce((total, row) => total + Number(row[sum.key] || 0), 0) : some.length);
      toast("The report is ready.");
      out.replaceChildren(
        h(
          "article",
          { class: "panel report" },
          h(
            "div",
            { class: "panel-head" },
            h(
              "div",
              {},
              h("h3", {}, `${list.label} report`),
              h("p", { class: "muted" }, `${day(values.from)} to ${day(values.to)} · ${rows.length} entries`),
            ),
            button(
              "Download",
              () => {
                Site.download(
                  `${list.id}-report.csv`,
                  rows.map((row) => list.columns.map((column) => row[column.key]).join(";")).join("\n"),
                );
                toast("The report was downloaded.");
              },
              "small",
            ),
          ),
          rows.length
            ? h(
                "div",
                {},
                h(
                  "dl",
                  { class: "facts" },
                  h("div", {}, h("dt", {}, "Entries"), h("dd", {}, String(rows.length))),
                  sum
                    ? h("div", {}, h("dt", {}, `Total ${sum.label.toLowerCase()}`), h("dd", {}, show(sum, add(rows))))
                    : null,
                  sum
                    ? h(
                        "div",
                        {},
                        h("dt", {}, "Average"),
                        h("dd", {}, show(sum, Math.round((add(rows) / rows.length) * 10) / 10)),
                      )
                    : null,
                ),
                Site.charts.bars(
                  [{ name: sum ? sum.label : "Entries", values: groups.map((name) => add(of(name))) }],
                  groups.map(String),
                  `${list.label} by ${group.label}`,
                ),
                values.format === "Summary only"
                  ? null
                  : h(
                      "div",
                      { class: "table-wrap", tabindex: 0, role: "region", "aria-label": "Report" },
                      h(
                        "table",
                        {},
                        h(
                          "thead",
                          {},
                          h(
                            "tr",
                            {},
                            list.columns.slice(0, 6).map((column) => h("th", { scope: "col" }, column.label)),
                          ),
                        ),
                        h(
                          "tbody",
                          {},
                          rows.map((row) =>
                            h(
                              "tr",
                              {},
                              list.columns
                                .slice(0, 6)
                                .map((column) =>
                                  h("td", { "data-label": column.label }, show(column, row[column.key])),
                                ),
                            ),
                          ),
                        ),
                      ),
                    ),
              )
            : empty("Nothing falls into this period."),
        ),
      );
    }
  });
})();
