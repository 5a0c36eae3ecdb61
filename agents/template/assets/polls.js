// Questions with answers to vote for; results as bars.
(function () {
  const { h, icon, button, form, toast, recall, keep, bar } = Site;

  Site.widget("polls", (root, options) => {
    const composer = h("div", { "aria-live": "polite" });
    const body = h("ul", { class: "grid cards" });
    const polls = () => [
      ...recall("polls", []),
      ...options.polls.map(([question, answers, votes]) => ({ question, answers, votes })),
    ];
    root.append(
      h(
        "div",
        { class: "toolbar" },
        h("p", { class: "muted" }, "Pick one answer for each poll. You can change your vote at any time."),
        button([icon("plus"), "Create a poll"], create),
      ),
      composer,
      body,
    );
    render();

    function render() {
      const mine = recall("ballots", {});
      body.replaceChildren(
        ...polls().map((poll, place) => {
          const voted = mine[poll.question];
          const counts = poll.answers.map((answer, index) => Number(poll.votes[index] || 0) + (voted === answer));
          const total = counts.reduce((sum, count) => sum + count, 0);
          const id = "poll" + place;
          return h(
            "li",
            { class: "card" },
            h(
              "form",
              { class: "card-body", onsubmit: (event) => vote(event, poll) },
              h(
                "fieldset",
                { class: "poll" },
                h("legend", {}, poll.question),
                poll.answers.map((answer, index) =>
                  h(
                    "div",
                    { class: "poll-row" },
                    h(
                      "label",
                      {},
                      h("input", { type: "radio", name: id, value: answer, checked: voted === answer }),
                      " " + answer,
                    ),
                    voted
                      ? h("div", { class: "poll-result" }, bar(total ? Math.round((counts[index] / total) * 100) : 0))
                      : null,
                  ),
                ),
              ),
              h(
                "div",
                { class: "card-foot" },
                h("span", { class: "muted" }, `${total} votes`),
                h(
                  "button",
                  {
                    class: "button small",
                    type: "submit",
                    "aria-label": `${voted ? "Change vote" : "Vote"}: ${poll.question}`,
                  },
                  voted ? "Change vote" : "Vote",
                ),
              ),
            ),
          );
        }),
      );
    }

    function vote(event, poll) {
      event.preventDefault();
      const chosen = event.target.querySelector("input:checked");
      if (!chosen) return toast("Choose an answer first.");
      keep("ballots", { ...recall("ballots", {}), [poll.question]: chosen.value });
      toast(`Your vote for “${chosen.value}” was counted.`);
      render();
    }

    function create() {
      composer.replaceChildren(
        h(
          "article",
          { class: "panel" },
          form({
            heading: "Create a poll",
            submit: "Publish poll",
            oncancel: () => composer.replaceChildren(),
            fields: [
              { key: "question", label: "Question", required: true },
              { key: "answers", label: "Answers, one per line", type: "long", required: true },
            ],
            onsubmit: ({ question, answers }) => {
              const list = answers
                .split("\n")
                .map((text) => text.trim())
                .filter(Boolean);
              if (list.length < 2) return "Give at least two answers.";
              keep("polls", [{ question, answers: list, votes: [] }, ...recall("polls", [])]);
              composer.replaceChildren();
              toast("Your poll is online.");
              render();
            },
          }),
        ),
      );
    }
  });
})();
