// Preferences that take effect at once and stay.
(function () {
  const { h, form, toast, recall, keep, confirmation } = Site;

  Site.widget("settings", (root) => {
    const out = h("div", { "aria-live": "polite" });
    root.append(
      h(
        "article",
        { class: "panel" },
        form({
          heading: "Preferences",
          submit: "Save settings",
          values: recall("settings", { updates: true }),
          fields: [
            { key: "size", label: "Text size", options: ["Standard", "Large"] },
            { key: "density", label: "Layout", options: ["Comfortable", "Compact"] },
            { key: "frequency", label: "How often", options: ["Every hour", "Every day", "Every week"] },
            { key: "language", label: "Language", options: ["English", "German", "Portuguese"] },
            { key: "updates", label: "Send me updates by email", type: "check" },
            { key: "sms", label: "Send me a text message when it is urgent", type: "check" },
          ],
          onsubmit: (values) => {
            keep("settings", values);
            apply();
            out.replaceChildren(
              confirmation(
                "Settings saved.",
                `Updates ${values.frequency.toLowerCase()}, ${values.size.toLowerCase()} text, ${values.density.toLowerCase()} layout.`,
              ),
            );
            toast("Settings saved.");
          },
        }),
      ),
      out,
    );
    apply();
  });

  function apply() {
    const chosen = recall("settings", {});
    document.documentElement.classList.toggle("text-large", chosen.size === "Large");
    document.documentElement.classList.toggle("is-compact", chosen.density === "Compact");
  }
})();
