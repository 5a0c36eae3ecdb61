// Pictures and files: choose, see, like, remove.
(function () {
  const { h, art, button, form, toast, recall, keep, empty } = Site;

  Site.widget("upload", (root) => {
    const body = h("div", {});
    root.append(
      h(
        "article",
        { class: "panel" },
        form({
          heading: "Upload",
          submit: "Upload",
          fields: [
            { key: "title", label: "Title", required: true },
            { key: "file", label: "File or picture (optional: a sample is drawn without one)", type: "file" },
          ],
          onsubmit: ({ title, file }, element) => {
            const done = (picture, size) => {
              keep("uploads", [{ title, picture, size, votes: 0 }, ...recall("uploads", [])]);
              keep("points", recall("points", 0) + 20);
              element.reset();
              toast(`“${title}” was uploaded. You earned 20 points.`);
              render();
            };
            const chosen = file && file[0];
            if (!chosen) return done("", "sample");
            const reader = new FileReader();
            reader.onload = () =>
              done(
                /^image/.test(chosen.type) && chosen.size < 4e5 ? reader.result : "",
                `${Math.ceil(chosen.size / 1024)} kB`,
              );
            reader.readAsDataURL(chosen);
          },
        }),
      ),
      body,
    );
    render();

    function render() {
      const files = [
        ...recall("uploads", []),
        { title: "Evening at the lake", size: "sample", votes: 12, fixed: true },
        { title: "Market morning", size: "sample", votes: 7, fixed: true },
        { title: "First snow", size: "sample", votes: 21, fixed: true },
      ];
      const voted = recall("picture-votes", []);
      body.replaceChildren(
        files.length
          ? h(
              "ul",
              { class: "grid cards" },
              files.map((one) => {
                const isOn = voted.includes(one.title);
                return h(
                  "li",
                  { class: "card" },
                  one.picture
                    ? h("img", { class: "picture", src: one.picture, alt: one.title })
                    : art(one.title, "image"),
                  h(
                    "div",
                    { class: "card-body" },
                    h("h3", {}, one.title),
                    h("p", { class: "muted" }, `${one.size} · ${one.votes + isOn} votes`),
                    h(
                      "div",
                      { class: "actions" },
                      button(
                        isOn ? "Voted" : "Vote",
                        () => {
                          keep(
                            "picture-votes",
                            isOn ? voted.filter((title) => title !== one.title) : [...voted, one.title],
                          );
                          render();
                        },
                        isOn ? "small" : "ghost small",
                        { "aria-pressed": String(isOn), "aria-label": `Vote for ${one.title}` },
                      ),
                      one.fixed
                        ? null
                        : button(
                            "Remove",
                            () => {
                              keep(
                                "uploads",
                                recall("uploads", []).filter((other) => other.title !== one.title),
                              );
                              toast(`“${one.title}” was removed.`);
                              render();
                            },
                            "ghost small",
                            { "aria-label": `Remove ${one.title}` },
                          ),
                    ),
                  ),
                );
              }),
            )
          : empty("Nothing uploaded yet."),
      );
    }
  });
})();
