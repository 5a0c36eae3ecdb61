// A wheel of fortune: spin, win, see what was won.
(function () {
  const { h, button, toast, recall, keep, collection, day, today, empty } = Site;

  Site.widget("wheel", (root, options) => {
    const prizes = options.prizes;
    const part = 360 / prizes.length;
    let angle = 0;
    let busy = false;
    const point = (degree, radius) => {
      const rad = ((degree - 90) * Math.PI) / 180;
      return `${(120 + radius * Math.cos(rad)).toFixed(1)} ${(120 + radius * Math.sin(rad)).toFixed(1)}`;
    };
    const slices = prizes
      .map(
        (prize, index) =>
          `<path class="slice slice-${index % 4}" d="M120 120L${point(index * part, 112)}A112 112 0 0 1 ${point((index + 1) * part, 112)}Z"/><text class="slice-text slice-text-${index % 4}" transform="rotate(${(index + 0.5) * part} 120 120)" x="120" y="30" text-anchor="middle">${prize.split(/[:,]/)[0].slice(0, 14).replace(/[<&]/g, "")}</text>`,
      )
      .join("");
    const disc = h("div", {
      class: "wheel-disc",
      html: `<svg viewBox="0 0 240 240" role="img" aria-label="Wheel with ${prizes.length} fields">${slices}<circle class="hub" cx="120" cy="120" r="20"/></svg>`,
    });
    const status = h("p", { class: "status", role: "status" }, "Spin the wheel to win a prize.");
    const list = h("div", {});
    const spinner = button("Spin the wheel", spin, "large");
    root.append(
      h(
        "div",
        { class: "columns" },
        h("div", { class: "wheel" }, h("span", { class: "wheel-pin", "aria-hidden": "true" }), disc, spinner, status),
        h(
          "article",
          { class: "panel" },
          h("h3", {}, "Prizes"),
          h(
            "ul",
            { class: "prize-list" },
            prizes.map((prize, index) => h("li", {}, h("span", { class: `dot slice-dot-${index % 4}` }), prize)),
          ),
          list,
        ),
      ),
    );
    draw();

    function spin() {
      if (busy) return;
      busy = true;
      const count = recall("spins", 0) + 1;
      keep("spins", count);
      const index = (Math.abs(Site.hash("spin" + count * 7919)) + count * 3) % prizes.length;
      angle += 1440 + (360 - (angle % 360)) - (index + 0.5) * part;
      disc.style.transform = `rotate(${angle}deg)`;
      status.textContent = "The wheel is spinning …";
      spinner.textContent = "Spinning …";
      setTimeout(() => {
        busy = false;
        spinner.textContent = "Spin again";
        status.textContent = `You won: ${prizes[index]}`;
        keep("won", [{ prize: prizes[index], date: today() }, ...recall("won", [])]);
        const into = options.into && collection(options.into);
        if (into) into.add({ player: "You", result: prizes[index], level: "", score: 0, date: today() });
        toast(`You won: ${prizes[index]}`);
        draw();
      }, 1400);
    }

    function draw() {
      const won = recall("won", []);
      list.replaceChildren(
        h("h3", {}, `Your winnings (${won.length})`),
        won.length
          ? h(
              "ul",
              { class: "stack" },
              won
                .slice(0, 6)
                .map((one) =>
                  h(
                    "li",
                    { class: "line" },
                    h("span", { class: "line-main" }, one.prize),
                    h("span", { class: "muted" }, day(one.date)),
                  ),
                ),
            )
          : empty("Nothing won yet. Give it a spin."),
      );
    }
  });
})();
