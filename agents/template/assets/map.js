// A drawn map with a pin for each entry.
(function () {
  const { h, hash, collection, show, button } = Site;

  Site.widget("map", (root, options, section) => {
    const list = collection(section.of);
    const out = h("div", { "aria-live": "polite" });
    const places = list
      .rows()
      .map((row, index) => ({
        row,
        x: 12 + (index % 3) * 32 + (Math.abs(hash(row.id)) % 14),
        y: 16 + Math.floor(index / 3) * 30 + (Math.abs(hash(row.id + "y")) % 12),
      }));
    root.append(
      h(
        "div",
        { class: "map" },
        h("div", {
          class: "map-land",
          html: `<svg viewBox="0 0 640 360" preserveAspectRatio="none" aria-hidden="true"><path class="m1" d="M0 250C120 200 160 300 300 260S520 180 640 230V360H0Z"/><path class="m2" d="M0 60C160 20 240 110 360 90S560 20 640 60"/><path class="m2" d="M150 0C190 120 110 210 190 360"/><path class="m2" d="M470 0C430 140 520 220 480 360"/><rect class="m3" x="250" y="130" width="90" height="60" rx="10"/></svg>`,
        }),
        places.map(({ row, x, y }) =>
          button(row[list.title].slice(0, 22), () => open(row), "pin", { style: `left:${x}%;top:${y}%` }),
        ),
      ),
      out,
    );
    open(places[0].row);

    function open(row) {
      out.replaceChildren(
        h(
          "article",
          { class: "panel" },
          h("h3", {}, row[list.title]),
          h(
            "dl",
            { class: "facts" },
            list.columns
              .slice(1, 6)
              .map((column) => h("div", {}, h("dt", {}, column.label), h("dd", {}, show(column, row[column.key])))),
          ),
        ),
      );
    }
  });
})();
