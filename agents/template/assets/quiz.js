// Questions about the entries of the site, one at a time, with a score.
(function () {
  const { h, button, toast, collection, recall, keep } = Site;

  Site.widget("quiz", (root, options, section) => {
    const questions = options.questions || [];
    const state = { at: -1, right: 0, answered: null };
    root.append(h("article", { class: "panel quiz", "aria-live": "polite" }));
    const panel = root.firstChild;
    render();

    function render() {
      if (state.at < 0)
        return panel.replaceChildren(
          h("h3", {}, `${questions.length} questions`),
          h("p", { class: "muted" }, `Best score so far: ${recall("best", 0)} of ${questions.length}.`),
          button("Start", () => {
            Object.assign(state, { at: 0, right: 0, answered: null });
            render();
          }),
        );
      if (state.at >= questions.length) return finish();
      const [text, right, ...others] = questions[state.at];
      const choices = [right, ...others].sort((a, b) => Site.hash(a + state.at) - Site.hash(b + state.at));
      panel.replaceChildren(
        h("p", { class: "muted" }, `Question ${state.at + 1} of ${questions.length} · score ${state.right}`),
        h("h3", {}, text),
        h(
          "div",
          { class: "choices" },
          choices.map((choice) =>
            button(
              choice,
              () => answer(choice, right),
              "ghost choice" +
                (state.answered && choice === right ? " is-right" : state.answered === choice ? " is-wrong" : ""),
            ),
          ),
        ),
        state.answered
          ? h(
              "div",
              { class: "form-actions" },
              h("p", { role: "status" }, state.answered === right ? "Correct!" : `Not quite. The answer is ${right}.`),
              button("Next", () => {
                state.at += 1;
                state.answered = null;
                render();
              }),
            )
          : "",
      );
    }

    function answer(choice, right) {
      if (state.answered) return;
      state.answered = choice;
      if (choice === right) state.right += 1;
      render();
    }

    function finish() {
      keep("best", Math.max(recall("best", 0), state.right));
      keep("points", recall("points", 0) + state.right * 5);
      toast(`Done: ${state.right} of ${questions.length} correct.`);
      panel.replaceChildren(
        h("h3", {}, `${state.right} of ${questions.length} correct`),
        h("p", {}, state.right > questions.length / 2 ? "Well done!" : "Good start, try again."),
        button("Play again", () => {
          Object.assign(state, { at: 0, right: 0, answered: null });
          render();
        }),
      );
    }
  });
})();
