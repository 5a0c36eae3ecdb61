// How the records of a list look, and what one can do with each.
(function () {
  const { h, button, art, show, cell, toast, recall, keep, empty } = Site;

  Site.recordViews = (page) => {
    const { list, options, keeps, opensBooking, render } = page;

    page.views = {
      cards: (rows) => h("ul", { class: "grid cards" }, rows.map(card)),
      rows: (rows) => h("ul", { class: "stack" }, rows.map(line)),
      table: (rows) => table(rows),
      board: (rows) => board(rows),
    };

    function card(row) {
      const [title, ...rest] = list.columns;
      const price = rest.find((column) => column.type === "money");
      const group = rest.find((column) => column.key === list.group);
      const long = rest.find((column) => column.type === "long");
      const meta = rest
        .filter((column) => column !== price && column !== group && column !== long && column.type !== "rating")
        .slice(0, 3);
      const rating = rest.find((column) => column.type === "rating");
      return h(
        "li",
        { class: "card", id: row.id },
        list.art ? art(row[title.key], list.icon) : null,
        h(
          "div",
          { class: "card-body" },
          h(
            "div",
            { class: "card-top" },
            group ? h("span", { class: "badge" }, show(group, row[group.key])) : null,
            rating && row[rating.key] ? cell(rating, row[rating.key]) : null,
          ),
          h("h3", {}, opener(row)),
          meta.length
            ? h(
                "dl",
                { class: "meta" },
                meta.map((column) =>
                  h("div", {}, h("dt", {}, column.label), h("dd", {}, cell(column, row[column.key]))),
                ),
              )
            : null,
          long ? h("p", { class: "clip" }, row[long.key]) : null,
          h(
            "div",
            { class: "card-foot" },
            price
              ? h("strong", { class: "price" }, row[price.key] === 0 ? "On request" : show(price, row[price.key]))
              : null,
            actions(row),
          ),
        ),
      );
    }

    const opener = (row) =>
      options.full
        ? h("button", { type: "button", class: "opener", onclick: () => page.turn(row) }, String(row[list.title]))
        : String(row[list.title]);

    function line(row) {
      const [title, ...rest] = list.columns;
      const status = rest.find((column) => column.key === "status");
      const done = /done|read|complete/i.test(row.status || "");
      const shown = rest.filter((column) => column !== status && column.type !== "long");
      const tick = status
        ? h("input", {
            type: "checkbox",
            checked: done,
            "aria-label": `Mark ${row[title.key]} as ${done ? "open" : "done"}`,
            onchange: () => mark(row, done),
          })
        : null;
      return h(
        "li",
        { class: "line" + (done ? " is-done" : ""), id: row.id },
        tick,
        h(
          "div",
          { class: "line-main" },
          h("h3", {}, opener(row)),
          h(
            "p",
            { class: "muted" },
            shown.map((column, index) => [index ? " · " : "", show(column, row[column.key])]),
          ),
        ),
        status ? cell(status, row.status) : null,
        h("div", { class: "line-actions" }, actions(row)),
      );
    }

    function mark(row, done) {
      const options_ = list.columns.find((column) => column.key === "status").options;
      const next = done ? options_[0] : options_.find((option) => /done|read|complete/i.test(option)) || "Done";
      list.change(row.id, { status: next });
      toast(`${row[list.title]}: ${next}`);
    }

    function table(rows) {
      const shown = list.columns.filter((column) => column.type !== "long" || list.columns.length < 6).slice(0, 6);
      return h(
        "div",
        { class: "table-wrap", tabindex: 0, role: "region", "aria-label": list.plural },
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              shown.map((column) => h("th", { scope: "col" }, column.label)),
              h("th", { scope: "col" }, "Actions"),
            ),
          ),
          h(
            "tbody",
            {},
            rows.map((row) =>
              h(
                "tr",
                { id: row.id, class: low(row) ? "is-low" : "" },
                shown.map((column, index) =>
                  h(
                    index ? "td" : "th",
                    {
                      "data-label": column.label,
                      scope: index ? undefined : "row",
                      class: /date|number|money|phone/.test(column.type) ? "is-short" : undefined,
                    },
                    index ? cell(column, row[column.key]) : opener(row),
                  ),
                ),
                h("td", { class: "row-actions" }, actions(row)),
              ),
            ),
          ),
        ),
      );
    }

    const low = (row) => "quantity" in row && "reorder" in row && row.quantity < row.reorder;

    function board(rows) {
      const column = list.columns.find((one) => one.key === list.group);
      return h(
        "div",
        { class: "board" },
        column.options.map((option, index) => {
          const here = rows.filter((row) => row[column.key] === option);
          const next = column.options[index + 1];
          return h(
            "section",
            { class: "lane", "aria-label": option },
            h("h3", {}, `${option} (${here.length})`),
            here.length
              ? h(
                  "ul",
                  { class: "stack" },
                  here.map((row) =>
                    h(
                      "li",
                      { class: "card card-body", id: row.id },
                      h("h4", {}, opener(row)),
                      h(
                        "div",
                        { class: "card-foot" },
                        next
                          ? button(
                              `Move to ${next}`,
                              () => {
                                list.change(row.id, { [column.key]: next });
                                toast(`${row[list.title]} moved to ${next}.`);
                              },
                              "small",
                            )
                          : null,
                        actions(row),
                      ),
                    ),
                  ),
                )
              : empty("Nothing here."),
          );
        }),
      );
    }

    // -------------------------------------------------------------- what one can do

    function actions(row) {
      const name = row[list.title];
      const made = [];
      if (options.act) made.push(act(row));
      if (options.save && keeps() === "Save" && options.act !== "Save") made.push(toggle(row, "Save"));
      if (options.full)
        made.push(button("Details", () => page.turn(row), "ghost small", { "aria-label": `Details of ${name}` }));
      if (options.full && (options.edit || row.mine))
        made.push(button("Edit", () => page.edit(row), "ghost small", { "aria-label": `Edit ${name}` }));
      if (options.edit || row.mine)
        made.push(
          button(
            "Delete",
            () => {
              list.remove(row.id);
              page.close();
              toast(`${name} was deleted.`);
            },
            "ghost small",
            { "aria-label": `Delete ${name}` },
          ),
        );
      return h("div", { class: "actions" }, made);
    }

    function act(row) {
      const name = row[list.title];
      if (/^(Save|Like|Follow)$/.test(options.act)) return toggle(row, options.act);
      if (opensBooking())
        return button(
          "Book",
          () => {
            keep("wish", name);
            location.hash = "bookings";
            toast(`Choose a date for ${name}.`);
          },
          "small",
          { "aria-label": `Book: ${name}` },
        );
      if (/^Add to/.test(options.act))
        return button(options.act, () => buy(row), "small", { "aria-label": `${options.act}: ${name}` });
      if (options.act === "Download")
        return button(
          "Download PDF",
          () => {
            Site.download(`${name}.pdf`, Site.pdf(name, String(row.about || name)), "application/pdf");
            toast(`${name} was downloaded.`);
          },
          "small",
          { "aria-label": `Download PDF of ${name}` },
        );
      return button(options.act, () => page.ask(row), "small", { "aria-label": `${options.act}: ${name}` });
    }

    function toggle(row, word) {
      const name = `${word.toLowerCase()}:${list.id}`;
      const before = recall(name, []);
      const isOn = before.includes(row.id);
      return button(
        isOn ? `${word}d` : word,
        () => {
          keep(name, isOn ? before.filter((id) => id !== row.id) : [...before, row.id]);
          toast(isOn ? `Removed: ${row[list.title]}` : `${word}d: ${row[list.title]}`);
          render();
        },
        isOn ? "small" : "ghost small",
        { "aria-pressed": String(isOn), "aria-label": `${isOn ? `${word}d` : word}: ${row[list.title]}` },
      );
    }

    function buy(row) {
      const price = list.columns.find((column) => column.type === "money");
      const cart = recall("cart", []);
      const known = cart.find((item) => item.id === row.id);
      keep(
        "cart",
        known
          ? cart.map((item) => (item === known ? { ...item, count: item.count + 1 } : item))
          : [...cart, { id: row.id, name: row[list.title], price: Number(row[price?.key] || 0), count: 1 }],
      );
      toast(`${row[list.title]} is in your cart.`);
    }

    page.act = act;
  };
})();
