// Work through a course: lessons, progress, a task to hand in.
(function () {
  const { h, button, form, toast, collection, recall, keep, bar, on, empty } = Site;

  Site.widget("learn", (root, options, section) => {
    const list = collection(section.of);
    const state = { course: null, lesson: 0 };
    const slot = h("div", { "aria-live": "polite" });
    root.append(slot);
    on("activity:" + list.id, render);

    const mine = () => {
      const names = recall("activity:" + list.id, []).map((one) => one.name);
      return list.rows().filter((row, index) => index < 2 || names.includes(row[list.title]));
    };
    const LESSONS = [
      "Welcome and goals",
      "Core ideas with examples",
      "Guided practice",
      "Common mistakes",
      "Your own project",
    ];

    function render() {
      const course = mine().find((row) => row.id === state.course);
      slot.replaceChildren(course ? room(course) : overview());
    }

    function overview() {
      const rows = mine();
      return rows.length
        ? h(
            "ul",
            { class: "grid cards" },
            rows.map((row) => {
              const done = recall("lessons:" + row.id, []);
              return h(
                "li",
                { class: "card" },
                Site.art(row[list.title], list.icon),
                h(
                  "div",
                  { class: "card-body" },
                  h("h3", {}, row[list.title]),
                  bar(Math.round((done.length / LESSONS.length) * 100)),
                  h(
                    "div",
                    { class: "card-foot" },
                    button(
                      done.length ? "Continue" : "Start learning",
                      () => {
                        state.course = row.id;
                        state.lesson = Math.min(done.length, LESSONS.length - 1);
                        render();
                      },
                      "small",
                      { "aria-label": `Learn ${row[list.title]}` },
                    ),
                  ),
                ),
              );
            }),
          )
        : empty("Enroll in a course first.");
    }

    function room(course) {
      const done = recall("lessons:" + course.id, []);
      const lesson = LESSONS[state.lesson];
      return h(
        "div",
        { class: "columns" },
        h(
          "article",
          { class: "panel" },
          h(
            "div",
            { class: "panel-head" },
            h("h3", {}, course[list.title]),
            button(
              "All my courses",
              () => {
                state.course = null;
                render();
              },
              "ghost small",
            ),
          ),
          bar(Math.round((done.length / LESSONS.length) * 100)),
          h(
            "ol",
            { class: "lessons" },
            LESSONS.map((text, index) =>
              h(
                "li",
                {},
                button(
                  `${done.includes(index) ? "✓ " : ""}${text}`,
                  () => {
                    state.lesson = index;
                    render();
                    toast(`Lesson ${index + 1}: ${text}.`);
                  },
                  "ghost small",
                  { "aria-pressed": String(index === state.lesson) },
                ),
              ),
            ),
          ),
        ),
        h(
          "article",
          { class: "panel" },
          h("h3", {}, lesson),
          Site.art(lesson, "play"),
          h(
            "p",
            { class: "prose" },
            `${course.about || ""} In this lesson you read two pages, watch six minutes, and try one exercise of your own.`,
          ),
          button(done.includes(state.lesson) ? "Completed" : "Mark as complete", () => {
            keep("lessons:" + course.id, [...new Set([...done, state.lesson])]);
            toast(`Lesson complete: ${lesson}.`);
            state.lesson = Math.min(LESSONS.length - 1, state.lesson + 1);
            render();
          }),
          form({
            heading: "Hand in the exercise",
            submit: "Submit assignment",
            fields: [{ key: "text", label: "Your answer", type: "long", required: true }],
            onsubmit: () => {
              keep("handed", [...recall("handed", []), { course: course[list.title], lesson, date: Site.today() }]);
              toast("Your assignment was submitted.");
              render();
            },
          }),
          handed(course),
        ),
      );
    }

    function handed(course) {
      const done = recall("handed", []).filter((one) => one.course === course[list.title]);
      return h(
        "section",
        {},
        h("h4", {}, `Submissions (${done.length})`),
        done.length
          ? h(
              "ul",
              {},
              done.map((one) => h("li", {}, `${one.lesson}: submitted, grade follows`)),
            )
          : empty("Nothing handed in yet."),
      );
    }

    render();
  });
})();
