// Plays a list: a clock runs, the picture moves, the next title follows.
(function () {
  const { h, icon, art, button, toast, collection, recall, keep, on, empty } = Site;

  Site.widget("player", (root, options, section) => {
    const list = collection(section.of);
    const state = { at: 0, second: 0, timer: null, query: "" };
    const stage = h("article", { class: "panel player" });
    const tracks = h("div", {});
    const search = h("input", {
      type: "search",
      id: section.id + "-q",
      placeholder: "Search …",
      oninput: (event) => {
        state.query = event.target.value.toLowerCase();
        drawList();
      },
    });
    root.append(
      h(
        "div",
        { class: "columns" },
        stage,
        h(
          "article",
          { class: "panel" },
          h("div", { class: "tool" }, h("label", { for: search.id }, `Search ${list.plural}`), search),
          tracks,
        ),
      ),
    );
    on("rows:" + list.id, drawList);

    const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    const length = (row) =>
      String(row.length || "4:00")
        .split(":")
        .reduce((total, part) => total * 60 + Number(part), 0);
    const row = () => list.rows()[state.at];

    function run(playing) {
      clearInterval(state.timer);
      state.timer = playing
        ? setInterval(() => {
            state.second += 1;
            if (state.second >= length(row())) go(state.at + 1);
            else drawStage();
          }, 1000)
        : null;
      drawStage();
      drawList();
    }

    function go(index) {
      state.at = (index + list.rows().length) % list.rows().length;
      state.second = 0;
      run(true);
      toast(`Playing ${row()[list.title]}.`);
    }

    function stop() {
      toast(state.timer || state.second ? "Stopped." : "Nothing is playing.");
      state.second = 0;
      run(false);
    }

    function drawStage() {
      const now = row();
      if (!now) return stage.replaceChildren(empty("Nothing to play."));
      const total = length(now);
      stage.classList.toggle("is-playing", Boolean(state.timer));
      stage.replaceChildren(
        art(now[list.title], "play"),
        h("p", { class: "muted", role: "status" }, state.timer ? "Now playing" : state.second ? "Paused" : "Ready"),
        h("h3", {}, now[list.title]),
        h("p", { class: "muted" }, now.artist || ""),
        h("input", {
          type: "range",
          min: 0,
          max: total,
          value: state.second,
          "aria-label": "Position",
          onchange: (event) => {
            state.second = Number(event.target.value);
            drawStage();
          },
        }),
        h("p", { class: "clock" }, h("span", {}, clock(state.second)), h("span", {}, clock(total))),
        h(
          "div",
          { class: "actions" },
          button("Previous", () => go(state.at - 1), "ghost small"),
          state.timer ? button("Pause", () => run(false)) : button(state.second ? "Resume" : "Play", () => run(true)),
          button("Stop", stop, "ghost small"),
          button("Next", () => go(state.at + 1), "ghost small"),
        ),
      );
    }

    function drawList() {
      const liked = recall("liked", []);
      const shown = list
        .rows()
        .map((one, index) => [one, index])
        .filter(([one]) => Object.values(one).join(" ").toLowerCase().includes(state.query));
      const line = ([one, index]) =>
        h(
          "li",
          { class: "line" + (index === state.at && state.timer ? " is-now" : "") },
          h(
            "div",
            { class: "line-main" },
            h("h4", {}, one[list.title]),
            h("p", { class: "muted" }, [one.artist, one.length].filter(Boolean).join(" · ")),
          ),
          button("Play", () => go(index), "small", { "aria-label": `Play ${one[list.title]}` }),
          button(
            liked.includes(one.id) ? "Favourite ★" : "Favourite",
            () => {
              keep("liked", liked.includes(one.id) ? liked.filter((id) => id !== one.id) : [...liked, one.id]);
              toast(liked.includes(one.id) ? "Removed from favourites." : "Added to favourites.");
              drawList();
            },
            "ghost small",
            { "aria-pressed": String(liked.includes(one.id)), "aria-label": `Favourite ${one[list.title]}` },
          ),
        );
      const loved = list
        .rows()
        .map((one, index) => [one, index])
        .filter(([one]) => liked.includes(one.id));
      tracks.replaceChildren(
        shown.length ? h("ul", { class: "stack" }, shown.map(line)) : empty("Nothing found."),
        loved.length
          ? h(
              "section",
              {},
              h("h3", {}, `Favourites (${loved.length})`),
              h("p", { class: "muted" }, loved.map(([one]) => one[list.title]).join(", ")),
            )
          : "",
      );
    }

    drawStage();
    drawList();
  });
})();
