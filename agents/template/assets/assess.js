// Statements to rate; a result with a chart, kept and downloadable.
(function () {
  const { h, button, toast, recall, keep, confirmation } = Site;

  Site.widget("assess", (root, options) => {
    const answers = {};
    const out = h("div", { "aria-live": "polite" });
    root.append(
      h(
        "article",
        { class: "panel" },
        h(
          "form",
          { class: "form", novalidate: true, onsubmit: finish },
          h("h3", {}, options.heading),
          options.items.map(([text, trait], index) =>
            h(
              "fieldset",
              { class: "scale" },
              h("legend", {}, `${index + 1}. ${text}`),
              h(
                "div",
                { class: "scale-row" },
                options.scale.map((label, value) =>
                  h(
                    "label",
                    {},
                    h("input", {
                      type: "radio",
                      name: "item" + index,
                      value,
                      onchange: () => {
                        answers[index] = value;
                      },
                    }),
                    " " + label,
                  ),
                ),
              ),
            ),
          ),
          h(
            "div",
            { class: "form-actions" },
            h("button", { type: "submit", class: "button" }, "See the result"),
            button("Fill in sample answers", fill, "ghost"),
          ),
          h("p", { class: "error form-error", role: "alert" }),
        ),
      ),
      out,
    );
    if (recall("result", null)) show(recall("result", null));

    function fill() {
      options.items.forEach((_, index) => {
        answers[index] = (index * 3 + 2) % options.scale.length;
        root.querySelectorAll(`input[name=item${index}]`)[answers[index]].checked = true;
      });
      toast("Sample answers were filled in.");
    }

    function finish(event) {
      event.preventDefault();
      const open = options.items.filter((_, index) => !(index in answers)).length;
      event.target.querySelector("[role=alert]").textContent = open
        ? `${open} question${open > 1 ? "s are" : " is"} still open.`
        : "";
      if (open) return;
      const traits = [...new Set(options.items.map(([, trait]) => trait))];
      const result = traits.map((trait) => {
        const own = options.items
          .map(([, one], index) => (one === trait ? answers[index] : -1))
          .filter((value) => value >= 0);
        return {
          name: trait,
          value: Math.round(
            (own.reduce((sum, value) => sum + value, 0) / own.length / (options.scale.length - 1)) * 100,
          ),
        };
      });
      keep("result", result);
      toast("Your result is ready and was saved.");
      show(result);
      out.scrollIntoView({ block: "start" });
    }

    function show(result) {
      const top = [...result].sort((a, b) => b.value - a.value)[0];
      out.replaceChildren(
        h(
          "article",
          { class: "panel" },
          confirmation(`Strongest: ${top.name} (${top.value} %)`, options.verdict),
          Site.charts.bars(
            [{ name: "Score", values: result.map((one) => one.value) }],
            result.map((one) => one.name),
            "Result by area",
          ),
          h(
            "div",
            { class: "actions" },
            button(
              "Download report",
              () => {
                Site.download("assessment.txt", result.map((one) => `${one.name}: ${one.value} %`).join("\n"));
                toast("The report was downloaded.");
              },
              "small",
            ),
            button(
              "Start again",
              () => {
                keep("result", null);
                Object.keys(answers).forEach((key) => delete answers[key]);
                root.querySelector("form").reset();
                out.replaceChildren();
                toast("All answers were cleared.");
              },
              "ghost small",
            ),
          ),
        ),
      );
    }
  });
})();
