// Conversations: choose one, write, get an answer.
(function () {
  const { h, button, toast, recall, keep, form } = Site;

  Site.widget("chat", (root, options) => {
    const people = options.people;
    const state = { with: people[0] };
    const threads = h("nav", { class: "threads", "aria-label": "Conversations" });
    const pane = h("article", { class: "panel conversation" });
    root.append(h("div", { class: "chat" }, threads, pane));

    const of = (name) => recall("chat:" + name, [{ from: name, text: options.hello }]);

    function say(name, message) {
      keep("chat:" + name, [...of(name), message]);
      if (name === state.with) render();
    }

    function answer(text) {
      const known = Object.values(Site.data.sections).find((section) =>
        section.label
          .toLowerCase()
          .split(" ")
          .some((word) => word.length > 3 && text.toLowerCase().includes(word.slice(0, -1))),
      );
      if (known) return `You find that under “${known.label}”. ${known.lead}`;
      if (/price|cost|fee|pay/i.test(text))
        return "Prices stand next to each entry. You pay at the end, and you get a receipt.";
      if (/when|time|date|hour|open/i.test(text))
        return "We are here Monday to Friday from nine to six. Dates stand next to each entry.";
      if (/hello|hi\b|good/i.test(text)) return "Hello! What can I do for you?";
      return "Thank you for your message. I have noted it and will come back to you today.";
    }

    function render() {
      threads.replaceChildren(
        ...people.map((name) =>
          button(
            [h("span", { class: "avatar", "aria-hidden": "true" }, name[0]), h("span", {}, name)],
            () => {
              state.with = name;
              render();
              pane.querySelector("input").focus();
            },
            "thread-button",
            { "aria-pressed": String(name === state.with) },
          ),
        ),
      );
      const ask = (text) => {
        say(state.with, { from: "You", text });
        toast(`Message sent to ${state.with}.`);
        const to = state.with;
        setTimeout(() => {
          say(to, { from: to, text: answer(text) });
        }, 700);
      };
      const log = h(
        "div",
        { class: "log", role: "log", tabindex: 0, "aria-label": `Messages with ${state.with}` },
        of(state.with).map((one) =>
          h(
            "p",
            { class: one.from === "You" ? "bubble bubble-mine" : "bubble" },
            h("strong", { class: "visually-hidden" }, one.from + ": "),
            one.text,
          ),
        ),
      );
      pane.replaceChildren(
        h("h3", {}, state.with),
        log,
        h(
          "div",
          { class: "chips" },
          options.starters.map((text) => button(text, () => ask(text), "chip")),
        ),
        form({
          fields: [{ key: "text", label: "Your message", required: true }],
          submit: "Send",
          onsubmit: ({ text }) => ask(text),
        }),
      );
      log.scrollTop = log.scrollHeight;
    }

    render();
  });
})();
