// Bars, lines and shares as drawn by the browser, with a table for those who do not see them.
(function () {
  const { h, hash } = Site;
  const SVG = (width, height, label, inner) =>
    h("div", {
      class: "chart",
      html: `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label.replace(/["<&]/g, "")}">${inner}</svg>`,
    });
  const short = (value) =>
    Math.abs(value) >= 1e6
      ? (value / 1e6).toFixed(1) + "M"
      : Math.abs(value) >= 1e4
        ? Math.round(value / 1e3) + "k"
        : Number.isInteger(value)
          ? String(value)
          : value.toFixed(1);
  const clean = (text) => String(text).replace(/[<&"]/g, "");

  function axis(top, height, left, width) {
    return [0, 0.25, 0.5, 0.75, 1]
      .map((part) => {
        const y = 16 + height - part * height;
        return `<line class="grid-line" x1="${left}" x2="${left + width}" y1="${y}" y2="${y}"/><text class="tick" x="${left - 6}" y="${y + 4}" text-anchor="end">${short(top * part)}</text>`;
      })
      .join("");
  }

  const nice = (value) => {
    const size = 10 ** Math.floor(Math.log10(value || 1));
    return (Math.ceil(((value || 1) / size) * 2) / 2) * size;
  };

  // series: [{name, values}], labels: [text]
  function bars(series, labels, label, narrow) {
    const [left, width, height] = [44, narrow ? 280 : 580, 200];
    const top = nice(Math.max(...series.flatMap((one) => one.values)));
    const slot = width / labels.length;
    const each = Math.min(34, (slot * 0.7) / series.length);
    const drawn = series
      .map((one, s) =>
        one.values
          .map((value, i) => {
            const tall = Math.max(1, (value / top) * height);
            const x = left + slot * i + (slot - each * series.length) / 2 + each * s;
            return `<rect class="series-${s}" x="${x.toFixed(1)}" y="${(16 + height - tall).toFixed(1)}" width="${(each - 3).toFixed(1)}" height="${tall.toFixed(1)}" rx="3"><title>${clean(one.name)} ${clean(labels[i])}: ${short(value)}</title></rect>`;
          })
          .join(""),
      )
      .join("");
    return h(
      "figure",
      { class: "figure" },
      SVG(width + 60, 246, label, axis(top, height, left, width) + drawn + marks(labels, left, slot)),
      legend(series),
    );
  }

  function lines(series, labels, label) {
    const [left, width, height] = [44, 580, 200];
    const top = nice(Math.max(...series.flatMap((one) => one.values)));
    const slot = width / Math.max(1, labels.length - 1);
    const drawn = series
      .map((one, s) => {
        const points = one.values.map(
          (value, i) => `${(left + slot * i).toFixed(1)},${(16 + height - (value / top) * height).toFixed(1)}`,
        );
        const area =
          series.length === 1
            ? `<polygon class="area" points="${left},${16 + height} ${points.join(" ")} ${left + width},${16 + height}"/>`
            : "";
        return (
          area +
          `<polyline class="line-${s}" points="${points.join(" ")}"/>` +
          points
            .map(
              (point, i) =>
                `<circle class="series-${s}" cx="${point.split(",")[0]}" cy="${point.split(",")[1]}" r="3.5"><title>${clean(one.name)} ${clean(labels[i])}: ${short(one.values[i])}</title></circle>`,
            )
            .join("")
        );
      })
      .join("");
    return h(
      "figure",
      { class: "figure" },
      SVG(640, 246, label, axis(top, height, left, width) + drawn + marks(labels, left - slot / 2, slot)),
      legend(series),
    );
  }

  function marks(labels, left, slot) {
    const step = Math.ceil(labels.length / 12);
    return labels
      .map((text, i) =>
        i % step
          ? ""
          : `<text class="tick" x="${(left + slot * (i + 0.5)).toFixed(1)}" y="238" text-anchor="middle">${clean(text).slice(0, Math.max(4, Math.floor((slot * step) / 7)))}</text>`,
      )
      .join("");
  }

  function donut(parts, label) {
    const total = parts.reduce((sum, part) => sum + part.value, 0) || 1;
    let at = 0;
    const drawn = parts
      .map((part, s) => {
        const share = (part.value / total) * 100;
        const ring = `<circle class="ring ring-${s % 6}" cx="60" cy="60" r="46" pathLength="100" stroke-dasharray="${share.toFixed(2)} ${(100 - share).toFixed(2)}" stroke-dashoffset="${(-at).toFixed(2)}"><title>${clean(part.name)}: ${short(part.value)}</title></circle>`;
        at += share;
        return ring;
      })
      .join("");
    return h(
      "figure",
      { class: "figure figure-donut" },
      SVG(
        120,
        120,
        label,
        `<g transform="rotate(-90 60 60)">${drawn}</g><text class="donut-total" x="60" y="65" text-anchor="middle">${short(total)}</text>`,
      ),
      h(
        "ul",
        { class: "legend legend-list" },
        parts.map((part, s) =>
          h(
            "li",
            {},
            h("span", { class: `dot dot-${s % 6}` }),
            `${part.name} (${Math.round((part.value / total) * 100)} %)`,
          ),
        ),
      ),
    );
  }

  const legend = (series) =>
    series.length < 2
      ? ""
      : h(
          "figcaption",
          { class: "legend" },
          series.map((one, s) => h("span", {}, h("span", { class: `dot dot-${s}` }), one.name)),
        );

  function figures(series, labels) {
    return h(
      "details",
      { class: "details" },
      h("summary", {}, "Show the figures"),
      h(
        "div",
        { class: "table-wrap", tabindex: 0, role: "region", "aria-label": "Figures" },
        h(
          "table",
          {},
          h(
            "thead",
            {},
            h(
              "tr",
              {},
              h("th", { scope: "col" }, "Period"),
              series.map((one) => h("th", { scope: "col" }, one.name)),
            ),
          ),
          h(
            "tbody",
            {},
            labels.map((text, i) =>
              h(
                "tr",
                {},
                h("th", { scope: "row" }, text),
                series.map((one) => h("td", { "data-label": one.name }, short(one.values[i]))),
              ),
            ),
          ),
        ),
      ),
    );
  }

  // A believable course around a base: the same name always gives the same values.
  function course(name, base, count, swing) {
    const seed = Math.abs(hash(name));
    return Array.from({ length: count }, (_, i) => {
      const wave =
        Math.sin((i + (seed % 9)) / 2.1) * 0.09 +
        Math.sin((i * 7 + seed) % 11) * 0.05 +
        (i / count - 0.5) * ((seed % 5) - 1) * 0.06;
      const value = base * (1 + (wave + ((seed % 13) - 6) / 60) * (swing || 1));
      return base > 30 ? Math.round(value) : Math.round(value * 10) / 10;
    });
  }

  Site.charts = { bars, lines, donut, figures, course, short };
})();
