// From an input to a result: a summary, a word picture, a list of steps. History is kept.
(function () {
  const { h, button, form, toast, recall, keep, day, empty, hash } = Site;

  Site.widget("studio", (root, options) => {
    const out = h("div", { "aria-live": "polite" });
    const past = h("div", {});
    root.append(
      h(
        "div",
        { class: "columns" },
        h(
          "article",
          { class: "panel" },
          form({
            heading: options.heading,
            submit: "Generate",
            values: { text: options.sample },
            fields: [
              { key: "text", label: "Your text", type: "long", required: true },
              { key: "style", label: "Result", options: ["Word picture", "Summary", "Outline"] },
              { key: "size", label: "Size", options: ["Medium", "Small", "Large"] },
              { key: "file", label: "Or a file", type: "file" },
            ],
            onsubmit: (values) => {
              const made = { text: values.text, style: values.style, size: values.size, date: Site.today() };
              keep("made", [made, ...recall("made", [])].slice(0, 8));
              show(made);
              toast(`${values.style} generated.`);
              history();
            },
          }),
        ),
        h("article", { class: "panel" }, out),
      ),
      past,
    );

    const words = (text) => {
      const counts = {};
      for (const word of text.toLowerCase().match(/[\p{L}\d'-]{4,}/gu) || []) counts[word] = (counts[word] || 0) + 1;
      return Object.entries(counts)
        .sort((a, b) => b[1] - a[1] || b[0].length - a[0].length)
        .slice(0, 18);
    };

    function show(made) {
      out.replaceChildren(
        h("h3", {}, made.style),
        h("div", { class: "result result-" + made.size.toLowerCase() }, RESULTS[made.style](made.text)),
        h(
          "div",
          { class: "actions" },
          button(
            "Download",
            () => {
              Site.download("result.txt", out.innerText);
              toast("The result was downloaded.");
            },
            "small",
          ),
          button(
            "Copy",
            () => {
              navigator.clipboard?.writeText(out.innerText).catch(() => {});
              toast("The result was copied.");
            },
            "ghost small",
          ),
        ),
      );
    }

    const RESULTS = {
      "Word picture": (text) =>
        h(
          "p",
          { class: "cloud" },
          words(text).map(([word, count], index) =>
            h(
              "span",
              {
                style: `font-size:${(2.1 - index * 0.07 + count * 0.1).toFixed(2)}em`,
                class: "cloud-" + (Math.abs(hash(word)) % 3),
              },
              word + " ",
            ),
          ),
        ),
      Summary: (text) => {
        const parts = text.split(/(?<=[.!?])\s+/);
        return h("p", { class: "prose" }, parts.slice(0, Math.max(1, Math.ceil(parts.length / 3))).join(" "));
      },
      Outline: (text) =>
        h(
          "ol",
          {},
          text.split(/(?<=[.!?])\s+/).map((part) => h("li", {}, part.split(" ").slice(0, 8).join(" "))),
        ),
    };

    function history() {
      const made = recall("made", []);
      past.replaceChildren(
        h(
          "section",
          { class: "mine" },
          h("h3", {}, `History (${made.length})`),
          made.length
            ? h(
                "ul",
                { class: "stack" },
                made.map((one) =>
                  h(
                    "li",
                    { class: "line" },
                    h(
                      "div",
                      { class: "line-main" },
                      h("h4", {}, one.text.slice(0, 60)),
                      h("p", { class: "muted" }, `${one.style} · ${day(one.date)}`),
                    ),
                    button("Show", () => show(one), "ghost small", { "aria-label": `Show ${one.text.slice(0, 30)}` }),
                    button(
                      "Delete",
                      () => {
                        keep(
                          "made",
                          recall("made", []).filter((other) => other !== one),
                        );
                        toast("Deleted.");
                        history();
                      },
                      "ghost small",
                      { "aria-label": `Delete ${one.text.slice(0, 30)}` },
                    ),
                  ),
                ),
              )
            : empty("What you generate is listed here."),
        ),
      );
    }

    show({ text: options.sample, style: "Word picture", size: "Medium" });
    history();
  });
})();
