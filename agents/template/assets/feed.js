// Posts that people write, vote for, answer and follow.
(function () {
  const { h, icon, button, art, collection, day, toast, form, recall, keep, on, empty } = Site;

  Site.widget("feed", (root, options, section) => {
    const list = collection(section.of);
    const state = { query: "", group: "", sort: "new", mine: false, open: {} };
    const word = /post|topic|discussion|question/.test(list.singular) ? "Reply" : "Comment";
    const composer = h("div", { class: "panel-slot", "aria-live": "polite" });
    const body = h("div", {});
    const count = h("p", { class: "count", role: "status" });
    const groups = (list.columns.find((column) => column.key === list.group) || { options: [] }).options;
    const search = h("input", {
      type: "search",
      id: section.id + "-q",
      placeholder: "Search …",
      oninput: (event) => {
        state.query = event.target.value;
        render();
      },
    });
    const sort = h(
      "select",
      {
        id: section.id + "-sort",
        onchange: (event) => {
          state.sort = event.target.value;
          render();
        },
      },
      h("option", { value: "new" }, "Newest first"),
      h("option", { value: "top" }, "Most votes first"),
    );
    const chips = h("div", { class: "chips", role: "group", "aria-label": "Topics" });
    root.append(
      h(
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
          h("div", { class: "tool" }, h("label", { for: search.id }, `Search ${list.plural}`), search),
          options.full ? h("div", { class: "tool" }, h("label", { for: sort.id }, "Sort by"), sort) : null,
        ),
        options.create ? button([icon("plus"), `${options.create} ${list.singular}`], compose) : null,
      ),
      chips,
      composer,
      count,
      body,
    );
    on("rows:" + list.id, render);
    on("query:" + section.id, () => {
      state.query = search.value = Site.query || "";
      render();
    });

    function drawChips() {
      const chip = (text, pressed, onclick) => button(text, onclick, "chip", { "aria-pressed": String(pressed) });
      chips.replaceChildren(
        chip("All", !state.group && !state.mine, () => {
          const was = !state.group && !state.mine;
          Object.assign(state, { group: "", mine: false, query: "" });
          search.value = "";
          render();
          if (was) toast(`All ${list.plural} are shown.`);
        }),
        ...groups.map((group) =>
          chip(group, state.group === group, () => {
            state.group = state.group === group ? "" : group;
            state.mine = false;
            render();
          }),
        ),
        chip(`My ${list.plural}`, state.mine, () => {
          state.mine = !state.mine;
          state.group = "";
          render();
        }),
        state.group && options.full ? follow(state.group) : "",
      );
    }

    function follow(group) {
      const kept = recall("follow", []);
      const isOn = kept.includes(group);
      return button(
        isOn ? `Following ${group}` : `Follow ${group}`,
        () => {
          keep("follow", isOn ? kept.filter((one) => one !== group) : [...kept, group]);
          toast(
            isOn ? `You no longer follow ${group}.` : `You follow ${group}. New ${list.plural} will be announced here.`,
          );
          render();
        },
        "ghost small",
        { "aria-pressed": String(isOn) },
      );
    }

    function chosen() {
      const words = state.query.toLowerCase().split(/\s+/).filter(Boolean);
      const rows = list
        .rows()
        .filter(
          (row) =>
            words.every((word) => `${row.title} ${row.about} ${row.author}`.toLowerCase().includes(word)) &&
            (!state.group || row[list.group] === state.group) &&
            (!state.mine || row.mine),
        );
      const votes = (row) => Number(row.votes || 0) + recall("votes", []).includes(row.id);
      return state.sort === "top" ? rows.sort((a, b) => votes(b) - votes(a)) : rows;
    }

    function render() {
      drawChips();
      const rows = chosen();
      count.textContent = `${rows.length} ${rows.length === 1 ? list.singular : list.plural}`;
      body.replaceChildren(
        rows.length
          ? h("ul", { class: "stack feed" }, rows.map(post))
          : empty(`Nothing here yet. Be the first to write.`),
      );
    }

    function post(row) {
      const voted = recall("votes", []).includes(row.id);
      const answers = recall(
        "answers:" + row.id,
        row.mine ? [] : [{ author: "Priya Nair", text: "Thank you for sharing this.", date: row.date }],
      );
      const vote = columnLabel("votes");
      return h(
        "li",
        { class: "card post", id: row.id },
        row.picture
          ? h("img", { src: row.picture, alt: "Picture: " + row.title, class: "picture" })
          : options.pictures
            ? art(row.title, list.icon)
            : null,
        h(
          "div",
          { class: "card-body" },
          h(
            "div",
            { class: "card-top" },
            h("span", { class: "avatar", "aria-hidden": "true" }, (row.author || "A")[0]),
            h("span", { class: "muted" }, `${row.author || "Anonymous"} · ${day(row.date)}`),
            groups.length ? h("span", { class: "badge" }, row[list.group] || groups[0]) : null,
          ),
          h(
            "h3",
            {},
            h(
              "button",
              {
                type: "button",
                class: "opener",
                onclick: () => {
                  state.open[row.id] = !state.open[row.id];
                  render();
                },
              },
              row.title || row.about,
            ),
          ),
          row.title ? h("p", { class: "prose" }, row.about) : null,
          h(
            "div",
            { class: "actions" },
            button(
              [icon("up"), `${vote} ${Number(row.votes || 0) + voted}`],
              () => {
                keep(
                  "votes",
                  voted ? recall("votes", []).filter((id) => id !== row.id) : [...recall("votes", []), row.id],
                );
                render();
              },
              voted ? "small" : "ghost small",
              {
                "aria-pressed": String(voted),
                "aria-label": `${vote} for ${row.title}, now ${Number(row.votes || 0) + voted}`,
              },
            ),
            button(
              [icon("chat"), `${word} ${answers.length}`],
              () => {
                state.open[row.id] = !state.open[row.id];
                render();
              },
              "ghost small",
              {
                "aria-expanded": String(Boolean(state.open[row.id])),
                "aria-label": `${word} on ${row.title}, ${answers.length}`,
              },
            ),
            row.mine ? button("Edit", () => compose(row), "ghost small", { "aria-label": `Edit ${row.title}` }) : null,
            row.mine
              ? button(
                  "Delete",
                  () => {
                    list.remove(row.id);
                    toast(`${row.title} was deleted.`);
                  },
                  "ghost small",
                  { "aria-label": `Delete ${row.title}` },
                )
              : null,
          ),
          state.open[row.id] ? thread(row, answers) : null,
        ),
      );
    }

    const columnLabel = (key) => (list.columns.find((column) => column.key === key) || { label: "Votes" }).label;

    function thread(row, answers) {
      return h(
        "section",
        { class: "thread", "aria-label": `Comments on ${row.title}` },
        answers.map((one) =>
          h(
            "blockquote",
            { class: "quote" },
            h("p", {}, one.text),
            h("footer", {}, `${one.author} · ${day(one.date)}`),
          ),
        ),
        form({
          fields: [
            {
              key: "name",
              label: "Your name",
              required: !options.anonymous,
              hint: options.anonymous ? "Anonymous" : undefined,
            },
            { key: "text", label: word === "Reply" ? "Your reply" : "Your comment", type: "long", required: true },
          ],
          submit: `Post ${word.toLowerCase()}`,
          values: Site.user() || {},
          onsubmit: (values) => {
            keep("answers:" + row.id, [
              ...answers,
              { author: values.name || "Anonymous", text: values.text, date: Site.today() },
            ]);
            toast(`Your ${word.toLowerCase()} is online.`);
            render();
          },
        }),
      );
    }

    function compose(row) {
      const old = row && row.id ? row : null;
      const fields = [
        ...(options.max ? [] : [{ key: "title", label: "Title", required: true }]),
        ...(groups.length ? [{ key: list.group, label: "Category", options: groups }] : []),
        {
          key: "author",
          label: "Your name",
          required: !options.anonymous,
          hint: options.anonymous ? "Leave empty to stay anonymous" : undefined,
        },
        { key: "about", label: columnLabel("about"), type: "long", required: true, max: options.max },
        ...(options.pictures ? [{ key: "file", label: "Picture", type: "file", accept: "image/*" }] : []),
      ];
      composer.replaceChildren(
        h(
          "article",
          { class: "panel" },
          form({
            heading: old ? `Edit ${list.singular}` : `${options.create} ${list.singular}`,
            fields,
            submit: old ? "Save changes" : options.create === "New" ? "Post" : options.create,
            values: old || { author: Site.user()?.name },
            oncancel: () => composer.replaceChildren(),
            onsubmit: ({ file, ...values }) => {
              const done = (picture) => {
                const record = {
                  title: values.about.slice(0, 70),
                  ...values,
                  author: values.author || "Anonymous",
                  ...(picture ? { picture } : {}),
                };
                if (old) list.change(old.id, record);
                else {
                  list.add({ ...record, date: Site.today(), votes: 0 });
                  announce(record);
                }
                composer.replaceChildren();
                toast(`Your ${list.singular} is online.`);
              };
              if (file && file[0]) {
                const reader = new FileReader();
                reader.onload = () => done(reader.result);
                reader.readAsDataURL(file[0]);
              } else done("");
            },
          }),
        ),
      );
      composer.querySelector("input, textarea").focus();
    }

    function announce(record) {
      if (recall("follow", []).includes(record[list.group])) Site.emit("activity");
      keep("points", recall("points", 0) + 10);
    }

    render();
  });
})();
