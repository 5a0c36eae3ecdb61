// Forms made of fields: add, order, rename, preview, fill in.
(function () {
  const { h, button, form, toast, recall, keep, empty } = Site;
  const KINDS = {
    Text: {},
    "Long text": { type: "long" },
    Email: { type: "email" },
    Number: { type: "number" },
    Date: { type: "date" },
    Choice: { options: ["First", "Second", "Third"] },
    "Tick box": { type: "check" },
  };

  Site.widget("builder", (root) => {
    let fields = recall("form", [
      { kind: "Text", label: "Full name" },
      { kind: "Email", label: "Email" },
      { kind: "Choice", label: "Which one?" },
    ]);
    const list = h("div", {});
    const preview = h("div", { "aria-live": "polite" });
    root.append(
      h(
        "div",
        { class: "chips", role: "group", "aria-label": "Add a field" },
        Object.keys(KINDS).map((kind) =>
          button(
            `+ ${kind}`,
            () => {
              fields.push({ kind, label: `${kind} ${fields.length + 1}` });
              save(`${kind} field added.`);
            },
            "chip",
          ),
        ),
      ),
      h(
        "div",
        { class: "columns" },
        h("article", { class: "panel" }, h("h3", {}, "Fields"), list),
        h("article", { class: "panel" }, preview),
      ),
    );
    draw();

    function save(text) {
      keep("form", fields);
      draw();
      toast(text);
    }

    function swap(index, by) {
      [fields[index], fields[index + by]] = [fields[index + by], fields[index]];
      save("Order changed.");
    }

    function draw() {
      list.replaceChildren(
        fields.length
          ? h(
              "ol",
              { class: "stack" },
              fields.map((one, index) =>
                h(
                  "li",
                  { class: "line" },
                  h(
                    "div",
                    { class: "tool line-main" },
                    h("label", { for: "b" + index }, `${one.kind} field`),
                    h("input", {
                      id: "b" + index,
                      value: one.label,
                      onchange: (event) => {
                        one.label = event.target.value || one.kind;
                        save("Label changed.");
                      },
                    }),
                  ),
                  index
                    ? button("Up", () => swap(index, -1), "ghost small", { "aria-label": `Move ${one.label} up` })
                    : null,
                  index < fields.length - 1
                    ? button("Down", () => swap(index, 1), "ghost small", { "aria-label": `Move ${one.label} down` })
                    : null,
                  button(
                    "Remove",
                    () => {
                      fields.splice(index, 1);
                      save("Field removed.");
                    },
                    "ghost small",
                    { "aria-label": `Remove ${one.label}` },
                  ),
                ),
              ),
            )
          : empty("Add the first field above."),
      );
      preview.replaceChildren(
        form({
          heading: "Preview",
          submit: "Submit",
          fields: fields.map((one, index) => ({
            key: "k" + index,
            label: one.label,
            required: index === 0,
            ...KINDS[one.kind],
          })),
          onsubmit: () => {
            keep("answers", recall("answers", 0) + 1);
            toast(`Answer ${recall("answers", 0)} was recorded.`);
          },
        }),
        h("p", { class: "muted" }, `${recall("answers", 0)} answers so far.`),
      );
    }
  });
})();
