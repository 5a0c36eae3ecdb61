// Figures at a glance: tiles, two charts to set, a share chart. Panels can change places.
(function () {
  const { h, icon, button, toast, recall, keep, collection } = Site;
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  Site.widget("dashboard", (root, options, section) => {
    const { bars, lines, donut, figures, course } = Site.charts;
    const { metrics, places } = options;
    const state = recall("dash", { metric: 0, range: "12", one: 0, two: -1, form: "lines", swapped: false });
    let pulse = 0;
    const tiles = h("div", { class: "tiles" });
    const stage = h("div", { class: "dash" });
    root.append(tiles, stage);
    render();
    if (options.live)
      setInterval(() => {
        pulse += 1;
        drawTiles();
      }, 5000);

    function set(change) {
      Object.assign(state, change);
      keep("dash", state);
      render();
    }

    function drawTiles() {
      tiles.replaceChildren(
        ...metrics.map(([label, value, unit], index) => {
          const now = pulse ? course(label + pulse, Number(value), 1, 0.5)[0] : Number(value);
          const change = ((Math.abs(Site.hash(label)) % 90) / 10 - 2).toFixed(1);
          return h(
            "div",
            { class: "tile" },
            h("p", { class: "tile-label" }, label),
            h(
              "p",
              { class: "tile-value" },
              now.toLocaleString("en-US"),
              unit ? h("span", { class: "unit" }, " " + unit) : null,
            ),
            h("p", { class: "tile-note" }, `${change >= 0 ? "▲" : "▼"} ${Math.abs(change)} % in 30 days`),
          );
        }),
        options.live
          ? h(
              "p",
              { class: "live", role: "status" },
              h("span", { class: "pulse", "aria-hidden": "true" }),
              pulse ? `Updated ${pulse} time${pulse > 1 ? "s" : ""}` : "Live, updates every 5 seconds",
              button(
                "Refresh now",
                () => {
                  pulse += 1;
                  drawTiles();
                  toast("Figures were refreshed.");
                },
                "ghost small",
              ),
            )
          : "",
      );
    }

    function labels() {
      const days = Number(state.range.slice(0, -1));
      return state.range.endsWith("d")
        ? Array.from({ length: days }, (_, i) => `Day ${i + 1}`)
        : MONTHS.slice(12 - Number(state.range));
    }

    function series() {
      const [label, value] = metrics[state.metric];
      const one = (index) => ({
        name: places[index],
        values: course(places[index] + label, Number(value), labels().length),
      });
      return state.two >= 0 && state.two !== state.one ? [one(state.one), one(state.two)] : [one(state.one)];
    }

    function choose(label, value, choices, change) {
      const id = `${section.id}-${label.toLowerCase().replace(/\W+/g, "-")}`;
      return h(
        "div",
        { class: "tool" },
        h("label", { for: id }, label),
        h(
          "select",
          { id, onchange: (event) => change(event.target.value) },
          choices.map(([key, text]) => h("option", { value: key, selected: String(key) === String(value) }, text)),
        ),
      );
    }

    function render() {
      drawTiles();
      const numbered = places.map((place, index) => [index, place]);
      const draw = state.form === "bars" ? bars : lines;
      const [label] = metrics[state.metric];
      const main = h(
        "article",
        { class: "panel wide", "aria-label": "Trend" },
        h("div", { class: "panel-head" }, h("h3", {}, `${label}: trend`)),
        h(
          "div",
          { class: "tools" },
          choose(
            "Metric",
            state.metric,
            metrics.map(([text], index) => [index, text]),
            (value) => set({ metric: Number(value) }),
          ),
          choose(
            "Period",
            state.range,
            options.days
              ? [
                  ["7d", "Last 7 days"],
                  ["14d", "Last 14 days"],
                  ["30d", "Last 30 days"],
                  ["12", "Last 12 months"],
                ]
              : [
                  ["3", "Last 3 months"],
                  ["6", "Last 6 months"],
                  ["12", "Last 12 months"],
                  ["30d", "Last 30 days"],
                ],
            (value) => set({ range: value }),
          ),
          choose("Show", state.one, numbered, (value) => set({ one: Number(value) })),
          choose("Compare with", state.two, [[-1, "Nothing"], ...numbered], (value) => set({ two: Number(value) })),
          choose(
            "Chart",
            state.form,
            [
              ["lines", "Lines"],
              ["bars", "Bars"],
            ],
            (value) => set({ form: value }),
          ),
        ),
        draw(series(), labels(), `${label}, ${state.range}`),
        figures(series(), labels()),
      );
      const now = (place) => course(place + label, Number(metrics[state.metric][1]), 1)[0];
      const ranking = h(
        "article",
        { class: "panel", "aria-label": "Ranking" },
        h("div", { class: "panel-head" }, h("h3", {}, `${label}: ranking`)),
        bars(
          [{ name: label, values: places.slice(0, 6).map(now) }],
          places.slice(0, 6).map((place) => place.split(" ")[0]),
          `${label}, ranking`,
          true,
        ),
      );
      const shares = h(
        "article",
        { class: "panel", "aria-label": "Shares" },
        h("div", { class: "panel-head" }, h("h3", {}, `${label} by ${options.by || "group"}`)),
        donut(
          places.slice(0, 6).map((place) => ({ name: place, value: now(place) })),
          `${label} by group`,
        ),
        button(
          [icon("swap"), "Swap panels"],
          () => {
            set({ swapped: !state.swapped });
            toast("Layout saved.");
          },
          "ghost small",
        ),
      );
      stage.replaceChildren(...(state.swapped ? [shares, ranking, main] : [main, shares, ranking]));
    }
  });
})();
