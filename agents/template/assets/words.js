// Word games over one list of words: cards, jumbles, meanings, blanks, a small crossword.
(function () {
  const { h, button, form, toast, recall, keep, collection, on } = Site;

  Site.widget("words", (root, options, section) => {
    const list = collection(section.of);
    let words = read();
    on("rows:" + list.id, () => {
      words = read();
      render();
    });
    const state = { at: 0, open: false, right: 0, note: "" };
    const panel = h("article", { class: "panel quiz", "aria-live": "polite" });
    root.append(panel);

    function read() {
      return [...list.rows()].sort((a, b) => Boolean(a.mine) - Boolean(b.mine)).map((row) => [row.word, row.meaning]);
    }

    function step(by) {
      Object.assign(state, { at: (state.at + by + words.length) % words.length, open: false, note: "" });
      render();
    }

    function check(text, right) {
      const good = text.trim().toLowerCase() === right.toLowerCase();
      if (good) {
        state.right += 1;
        keep("points", recall("points", 0) + 5);
        keep("played", { ...recall("played", {}), [options.mode]: state.right });
      }
      state.note = good ? "Correct!" : `Not quite: it is “${right}”.`;
      toast(state.note);
      render();
    }

    const typed = (label, right) => {
      const input = h("input", { type: "text", id: options.mode + "-answer", autocomplete: "off", maxlength: 24 });
      return h(
        "form",
        {
          class: "tools",
          onsubmit: (event) => {
            event.preventDefault();
            check(input.value, right);
          },
        },
        h("div", { class: "tool" }, h("label", { for: input.id }, label), input),
        h("button", { class: "button", type: "submit" }, "Check"),
      );
    };
    const jumble = (word) =>
      [...word]
        .sort((a, b) => Site.hash(a + word) - Site.hash(b + word))
        .join(" ")
        .toUpperCase();

    const MODES = {
      flashcards: (word, meaning) => [
        h(
          "button",
          {
            type: "button",
            class: "flip" + (state.open ? " is-open" : ""),
            onclick: () => {
              state.open = !state.open;
              render();
            },
          },
          state.open ? meaning : word,
          h("span", { class: "muted" }, state.open ? "Meaning" : "Press to see the meaning"),
        ),
        button(
          "Flip card",
          () => {
            state.open = !state.open;
            render();
          },
          "small",
        ),
      ],
      typing: (word, meaning) => [h("h3", {}, `What does “${word}” mean?`), typed("Meaning", meaning)],
      unjumble: (word, meaning) => [
        h("p", { class: "jumble" }, jumble(word)),
        h("p", { class: "muted" }, `Hint: ${meaning}`),
        typed("Your word", word),
      ],
      synonyms: (word, meaning) => [
        h("h3", {}, `What does “${word}” mean?`),
        h(
          "div",
          { class: "choices" },
          [0, 2, 5]
            .map((offset) => words[(state.at + offset) % words.length][1])
            .sort()
            .map((choice) => button(choice, () => check(choice, meaning), "ghost choice")),
        ),
      ],
      blanks: (word, meaning) => [
        h("p", { class: "prose" }, `Somebody who fits “${meaning}” is called ${"_".repeat(word.length)}.`),
        typed("Missing word", word),
      ],
      crossword: (word, meaning) => [
        h("p", { class: "prose" }, `${state.at + 1} across: ${meaning}`),
        h(
          "p",
          { class: "boxes", "aria-label": `${word.length} letters` },
          [...word].map((letter, index) => h("span", {}, index === 0 || state.note ? letter.toUpperCase() : "")),
        ),
        typed(`Word with ${word.length} letters`, word),
      ],
    };

    function render() {
      const [word, meaning] = words[state.at];
      panel.replaceChildren(
        h("p", { class: "muted" }, `${state.at + 1} of ${words.length} · ${state.right} correct`),
        ...MODES[options.mode](word, meaning),
        h("p", { role: "status" }, state.note),
        h(
          "div",
          { class: "actions" },
          button("Previous", () => step(-1), "ghost small"),
          button("Next", () => step(1), "small"),
        ),
        options.mode === "flashcards" ? add() : "",
      );
    }

    function add() {
      return form({
        heading: "Add a card",
        submit: "Add card",
        fields: [
          { key: "word", label: "Word", required: true },
          { key: "meaning", label: "Meaning", required: true },
        ],
        onsubmit: (values) => {
          list.add(values);
          toast(`Card “${values.word}” was added.`);
        },
      });
    }

    render();
  });
})();
