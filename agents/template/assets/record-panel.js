// The panel over a list: one record in full, and the forms that change it or ask for it.
(function () {
  const { h, button, art, cell, toast, form, confirmation, reference, recall, keep } = Site;

  Site.recordPanel = (page) => {
    const { list, options, state, panel, chosen } = page;

    function put(...content) {
      panel.replaceChildren(h("article", { class: "panel" }, ...content));
      panel.scrollIntoView({ block: "nearest" });
    }

    function close() {
      state.open = null;
      panel.replaceChildren();
    }

    const turn = (row) => (state.open === row.id ? close() : open(row.id));

    function open(id) {
      state.open = id;
      detail(list.rows().find((row) => row.id === id));
    }

    function detail(row) {
      if (!row) return close();
      const [title, ...rest] = list.columns;
      const long = rest.filter((column) => column.type === "long");
      const facts = rest.filter((column) => column.type !== "long");
      put(
        h(
          "div",
          { class: "panel-head" },
          h("h3", {}, row[title.key]),
          h(
            "div",
            { class: "actions" },
            button("Previous", () => step(row, -1), "ghost small"),
            button("Next", () => step(row, 1), "ghost small"),
            button("Close", close, "ghost small"),
          ),
        ),
        list.art ? art(row[title.key], list.icon) : null,
        long.map((column) => h("p", { class: "prose" }, row[column.key])),
        h(
          "dl",
          { class: "facts" },
          facts.map((column) => h("div", {}, h("dt", {}, column.label), h("dd", {}, cell(column, row[column.key])))),
        ),
        options.act ? h("div", { class: "form-actions" }, page.act(row)) : null,
        options.reviews ? reviews(row) : notes(row),
      );
    }

    function step(row, by) {
      const rows = chosen();
      open(rows[(rows.findIndex((one) => one.id === row.id) + by + rows.length) % rows.length].id);
    }

    function notes(row) {
      if (!options.notes) return null;
      const kept = recall("notes:" + row.id, []);
      return h(
        "section",
        {},
        h("h4", {}, "Notes"),
        kept.map((note) => h("p", { class: "quote" }, h("strong", {}, Site.day(note.date)), " ", note.text)),
        form({
          fields: [{ key: "text", label: "New note", type: "long", required: true }],
          submit: "Add note",
          onsubmit: (values) => {
            keep("notes:" + row.id, [...kept, { date: Site.today(), text: values.text }]);
            toast("Note added.");
            open(row.id);
          },
        }),
      );
    }

    function reviews(row) {
      const word = options.reviews;
      const rated = word === "Review";
      const kept = recall(
        "reviews:" + row.id,
        rated ? [{ author: "Nora Lindqvist", stars: 5, text: "Better than expected, and friendly help." }] : [],
      );
      const stars = { key: "stars", label: "Rating", options: ["5", "4", "3", "2", "1"] };
      return h(
        "section",
        { class: "reviews" },
        h("h4", {}, `${word}s (${kept.length})`),
        kept.map((one) =>
          h(
            "blockquote",
            { class: "quote" },
            h("p", {}, one.text),
            h(
              "footer",
              {},
              one.stars ? [Site.stars(one.stars), " · "] : "",
              one.author,
              one.date ? ` · ${Site.day(one.date)}` : "",
            ),
          ),
        ),
        form({
          heading: `Write a ${word.toLowerCase()}`,
          fields: [
            { key: "author", label: "Your name", required: true },
            ...(rated ? [stars] : []),
            { key: "text", label: rated ? "Review" : "Comment", type: "long", required: true },
          ],
          submit: `Post ${word.toLowerCase()}`,
          values: { author: Site.user()?.name },
          onsubmit: (values) => {
            keep("reviews:" + row.id, [{ ...values, stars: Number(values.stars) || 0, date: Site.today() }, ...kept]);
            toast(`Thank you for your ${word.toLowerCase()}.`);
            open(row.id);
          },
        }),
      );
    }

    function edit(row) {
      const fields = list.columns.map((column, index) => ({
        ...column,
        required: index === 0 || column.type === "money",
        min: /number|money/.test(column.type) ? 0 : undefined,
      }));
      const verb = row ? "Edit" : options.create;
      state.open = null;
      put(
        form({
          heading: `${verb} ${list.singular}`,
          fields,
          submit: row ? "Save changes" : `${options.create} ${list.singular}`,
          values: row || blank(),
          oncancel: close,
          onsubmit: (values) => {
            if (row) list.change(row.id, values);
            else list.add(values);
            close();
            toast(row ? `${values[list.title]} was updated.` : `${values[list.title]} was added.`);
          },
        }),
      );
      panel.querySelector("input, select, textarea").focus();
    }

    const blank = () =>
      Object.fromEntries(
        list.columns.filter((column) => column.type === "date").map((column) => [column.key, Site.today()]),
      );

    function ask(row) {
      const name = row[list.title];
      state.open = null;
      const fields = Site.data.acts[options.act] || Site.data.acts.Contact;
      put(
        form({
          heading: `${options.act}: ${name}`,
          fields,
          submit:
            options.act === "Contact" || options.act === "Message"
              ? "Send message"
              : `Confirm: ${options.act.toLowerCase()}`,
          values: Site.user() || {},
          oncancel: close,
          onsubmit: (values) => {
            const code = reference(options.act);
            const entry = { act: options.act, name, by: values.name, date: values.date || Site.today(), code };
            keep("activity:" + list.id, [entry, ...recall("activity:" + list.id, [])]);
            Site.emit("activity");
            put(
              confirmation(
                `Thank you, ${values.name}.`,
                `${options.act} for “${name}” is confirmed. Your reference is ${code}.`,
              ),
              button("Close", close, "ghost small"),
            );
            toast(`${options.act}: ${name} – confirmed.`);
          },
        }),
      );
      panel.querySelector("input, select, textarea").focus();
    }

    Object.assign(page, { close, turn, detail, edit, ask });
  };
})();
