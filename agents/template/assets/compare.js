// Two or three entries side by side, the best value marked.
(function () {
  const { h, collection, show } = Site;

  Site.widget("compare", (root, options, section) => {
    const list = collection(section.of);
    const rows = list.rows();
    const chosen = [0, 1, -1];
    const out = h("div", { "aria-live": "polite" });
    const numeric = list.columns.filter((column) => /number|money|percent|rating/.test(column.type));
    const name = (index) =>
      list.columns.find((column) => column.key === "state")
        ? `${rows[index][list.title]} · ${rows[index].state}`
        : rows[index][list.title];
    root.append(h("div", { class: "tools" }, ["First", "Second", "Third"].map(pick)), out);
    render();

    function pick(text, place) {
      const id = `${section.id}-${place}`;
      return h(
        "div",
        { class: "tool" },
        h("label", { for: id }, `${text} ${list.singular}`),
        h(
          "select",
          {
            id,
            onchange: (event) => {
              chosen[place] = Number(event.target.value);
              render();
            },
          },
          place === 2 ? h("option", { value: -1 }, "None") : null,
          rows.map((row, index) => h("option", { value: index, selected: index === chosen[place] }, name(index))),
        ),
      );
    }

    function render() {
      const here = chosen.filter((index) => index >= 0).map((index) => [name(index), rows[index]]);
      const lower = (column) =>
        (column.type === "money" && !/revenue|income|margin|budget/i.test(column.label)) ||
        /crime|rain|risk/i.test(column.label);
      out.replaceChildren(
        h(
          "div",
          { class: "table-wrap", tabindex: 0, role: "region", "aria-label": "Comparison" },
          h(
            "table",
            {},
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                h("th", { scope: "col" }, "Compared"),
                here.map(([text]) => h("th", { scope: "col" }, text)),
              ),
            ),
            h(
              "tbody",
              {},
              list.columns
                .filter((column) => column.type !== "long" && column.key !== list.title)
                .map((column) => {
                  const values = here.map(([, row]) => row[column.key]);
                  const best = numeric.includes(column) ? (lower(column) ? Math.min : Math.max)(...values) : null;
                  return h(
                    "tr",
                    {},
                    h("th", { scope: "row" }, column.label),
                    here.map(([text, row]) =>
                      h(
                        "td",
                        { "data-label": text, class: best !== null && row[column.key] === best ? "is-best" : "" },
                        show(column, row[column.key]),
                        best !== null && row[column.key] === best
                          ? h("span", { class: "badge badge-good" }, lower(column) ? "Lowest" : "Highest")
                          : null,
                      ),
                    ),
                  );
                }),
            ),
          ),
        ),
        h(
          "div",
          { class: "grid" },
          numeric.slice(0, 4).map((column) =>
            h(
              "article",
              { class: "panel" },
              h("h3", {}, column.label),
              Site.charts.bars(
                [{ name: column.label, values: here.map(([, row]) => Number(row[column.key]) || 0) }],
                here.map(([text]) => text),
                column.label,
                true,
              ),
            ),
          ),
        ),
      );
    }
  });
})();
