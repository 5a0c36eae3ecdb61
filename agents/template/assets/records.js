// A list that can be searched, filtered, sorted, opened and kept: cards, rows, a table or a board.
(function () {
  const { h, icon, button, collection, toast, recall, keep, on, empty } = Site;

  Site.widget("records", (root, options, section) => {
    const list = collection(section.of);
    const state = { query: "", filters: {}, min: "", max: "", sort: "", open: null, tab: "all" };
    const tabs = h("div", { class: "chips", role: "group", "aria-label": "Show" });
    const panel = h("div", { class: "panel-slot", "aria-live": "polite" });
    const body = h("div", {});
    const count = h("p", { class: "count", role: "status" });
    const after = h("div", {});
    root.append(toolbar(), tabs, panel, h("div", { class: "list-head" }, count, exporter()), body, after);
    const page = { list, options, state, panel, render, chosen, keeps, opensBooking };
    Site.recordPanel(page);
    Site.recordViews(page);
    on("rows:" + list.id, render);
    on("query:" + section.id, () => {
      state.query = Site.query || "";
      root.querySelector("[type=search]").value = state.query;
      render();
    });
    on("activity:" + list.id, mine);

    // -------------------------------------------------------------- toolbar

    function toolbar() {
      const parts = [searchBox(), ...choosers(), range(), sorter()];
      const create = options.create
        ? button([icon("plus"), `${options.create} ${list.singular}`], () => page.edit(null), "")
        : null;
      return h(
        "div",
        { class: "toolbar" },
        h(
          "form",
          {
            class: "tools",
            role: "search",
            onsubmit: (event) => {
              event.preventDefault();
              render();
            },
          },
          parts,
        ),
        create,
      );
    }

    function searchBox() {
      return labelled(
        `Search ${list.plural}`,
        h("input", {
          type: "search",
          placeholder: "Search …",
          oninput: (event) => {
            state.query = event.target.value;
            render();
          },
        }),
      );
    }

    function choosers() {
      const found = list.columns.filter((column) => column.options.length > 1);
      return found.slice(0, options.full ? 2 : 1).map((column) =>
        labelled(
          column.label,
          h(
            "select",
            {
              onchange: (event) => {
                state.filters[column.key] = event.target.value;
                render();
              },
            },
            h("option", { value: "" }, "All"),
            column.options.map((option) => h("option", { value: option }, option)),
          ),
        ),
      );
    }

    function range() {
      const column = list.columns.find((one) => one.type === "money");
      if (!column || !options.full || list.view !== "cards") return null;
      const bound = (name, text) =>
        labelled(
          `${text} ${column.label.toLowerCase()}`,
          h("input", {
            type: "number",
            min: 0,
            step: "any",
            class: "narrow",
            oninput: (event) => {
              state[name] = event.target.value;
              render();
            },
          }),
        );
      return [bound("min", "Min"), bound("max", "Max")];
    }

    function sorter() {
      if (!options.full) return null;
      const choices = list.columns
        .filter((column) => column.type !== "long")
        .slice(0, 7)
        .flatMap((column) =>
          /number|money|percent|rating/.test(column.type)
            ? [
                [column.key + "+", `${column.label}: low to high`],
                [column.key + "-", `${column.label}: high to low`],
              ]
            : column.type === "date"
              ? [
                  [column.key + "-", `${column.label}: newest`],
                  [column.key + "+", `${column.label}: oldest`],
                ]
              : column.options.length
                ? []
                : [[column.key + "+", `${column.label}: A to Z`]],
        );
      return labelled(
        "Sort by",
        h(
          "select",
          {
            onchange: (event) => {
              state.sort = event.target.value;
              render();
            },
          },
          h("option", { value: "" }, "Standard"),
          choices.map(([value, text]) => h("option", { value }, text)),
        ),
      );
    }

    function labelled(text, input) {
      const id = `${section.id}-${text.toLowerCase().replace(/[^a-z0-9]+/g, "-")}`;
      input.id = id;
      return h("div", { class: "tool" }, h("label", { for: id }, text), input);
    }

    function exporter() {
      if (!options.full || list.view !== "table") return null;
      return button(
        "Download CSV",
        () => {
          Site.download(`${list.id}.csv`, csv());
          toast(`${chosen().length} ${list.plural} saved as CSV.`);
        },
        "ghost small",
      );
    }

    function csv() {
      const quote = (value) => `"${String(value).replaceAll('"', '""')}"`;
      return [
        list.columns.map((column) => quote(column.label)),
        ...chosen().map((row) => list.columns.map((column) => quote(row[column.key] ?? ""))),
      ]
        .map((cells) => cells.join(","))
        .join("\n");
    }

    // -------------------------------------------------------------- tabs: everything, what was saved, what was asked for

    const MINE = {
      Apply: "My applications",
      Book: "My bookings",
      Enroll: "My courses",
      "Request viewing": "My viewings",
    };
    function keeps() {
      return /^(Save|Like|Follow)$/.test(options.act) ? options.act : options.save ? "Save" : "";
    }
    const kept = () => recall(`${keeps().toLowerCase()}:${list.id}`, []);

    function drawTabs() {
      const choices = [["all", `All ${list.plural}`]];
      if (keeps()) choices.push(["kept", `${keeps()}d (${kept().length})`]);
      if (MINE[options.act] && options.full && !opensBooking())
        choices.push(["mine", `${MINE[options.act]} (${recall("activity:" + list.id, []).length})`]);
      tabs.hidden = choices.length < 2;
      tabs.replaceChildren(
        ...choices.map(([name, text]) =>
          button(text, () => (name === state.tab ? clear() : choose(name)), "chip", {
            "aria-pressed": String(state.tab === name),
          }),
        ),
      );
    }

    function choose(name) {
      state.tab = name;
      render();
    }

    // Pressing the tab that is open takes all filters off again.
    function clear() {
      root.querySelector(".tools").reset();
      Object.assign(state, { query: "", filters: {}, min: "", max: "", sort: "" });
      render();
      toast(`${chosen().length} ${list.plural} without a filter.`);
    }

    function opensBooking() {
      return options.act === "Book" && Site.data.sections.bookings;
    }

    // -------------------------------------------------------------- choosing

    function chosen() {
      const words = state.query.toLowerCase().split(/\s+/).filter(Boolean);
      const price = list.columns.find((column) => column.type === "money");
      const rows = list.rows().filter((row) => {
        const text = list.columns
          .map((column) => row[column.key])
          .join(" ")
          .toLowerCase();
        return (
          (state.tab !== "kept" || kept().includes(row.id)) &&
          words.every((word) => text.includes(word)) &&
          Object.entries(state.filters).every(([name, value]) => !value || String(row[name]) === value) &&
          (!price ||
            ((!state.min || row[price.key] >= Number(state.min)) &&
              (!state.max || row[price.key] <= Number(state.max))))
        );
      });
      if (!state.sort) return rows;
      const [name, down] = [state.sort.slice(0, -1), state.sort.endsWith("-")];
      const order = (a, b) =>
        typeof a[name] === "number" && typeof b[name] === "number"
          ? a[name] - b[name]
          : String(a[name]).localeCompare(String(b[name]));
      return rows.sort((a, b) => (down ? order(b, a) : order(a, b)));
    }

    // -------------------------------------------------------------- drawing

    function render() {
      drawTabs();
      mine();
      body.hidden = state.tab === "mine";
      const rows = chosen();
      const all = list.rows();
      count.textContent =
        `${rows.length} of ${all.length} ${all.length === 1 ? list.singular : list.plural}` + totals(rows);
      body.replaceChildren(
        rows.length || list.view === "board"
          ? page.views[list.view](rows)
          : empty(
              all.length ? `No ${list.plural} match. Try fewer words or another filter.` : `No ${list.plural} yet.`,
            ),
      );
      if (state.open) page.detail(list.rows().find((row) => row.id === state.open));
    }

    function totals(rows) {
      const done = list.rows().filter((row) => /^(done|complete|finished)/i.test(row.status || "")).length;
      if (list.columns.some((column) => (column.options || []).some((option) => /^(done|complete)/i.test(option))))
        return list.rows().length ? ` · ${Math.round((done / list.rows().length) * 100)} % done` : "";
      if (
        list.columns.some((column) => column.key === "quantity") &&
        list.columns.some((column) => column.key === "price")
      )
        return ` · total value ${Site.money(rows.reduce((sum, row) => sum + row.quantity * row.price, 0))}`;
      const column = list.view === "table" && list.columns.find((one) => one.type === "money");
      return column
        ? ` · ${column.label.toLowerCase()} total ${Site.money(rows.reduce((sum, row) => sum + Number(row[column.key] || 0), 0))}`
        : "";
    }

    // -------------------------------------------------------------- what the visitor did here

    function mine() {
      const done = recall("activity:" + list.id, []);
      const items = done.map((one) =>
        h(
          "li",
          { class: "line" },
          h(
            "div",
            { class: "line-main" },
            h("h3", {}, one.name),
            h("p", { class: "muted" }, `${one.act} · ${one.by} · ${Site.day(one.date)} · ${one.code}`),
          ),
          h("span", { class: "badge badge-good" }, "Submitted"),
          button(
            "Cancel",
            () => {
              keep(
                "activity:" + list.id,
                done.filter((other) => other !== one),
              );
              toast(`${one.name}: cancelled.`);
              render();
            },
            "ghost small",
            { "aria-label": `Cancel ${one.name}` },
          ),
        ),
      );
      after.replaceChildren(
        ...(done.length
          ? [block(`${MINE[options.act] || "Your requests"} (${done.length})`, items)]
          : state.tab === "mine"
            ? [empty("Nothing here yet.")]
            : []),
      );
    }

    const block = (title, items) =>
      h("section", { class: "mine" }, h("h3", {}, title), h("ul", { class: "stack" }, items));

    render();
  });
})();
