// 2048: slide, merge, win, revive. Arrow keys or buttons.
(function () {
  const { h, button, toast, recall, keep, collection, today } = Site;

  Site.widget("tiles", (root, options) => {
    let seed = 11;
    let game = recall("tiles", null);
    const board = h("div", { class: "tiles-board", role: "img", tabindex: 0 });
    const status = h("p", { class: "status", role: "status" });
    const scores = h("div", { class: "tiles" });
    const over = h("div", { "aria-live": "assertive" });
    root.append(
      scores,
      h(
        "div",
        { class: "columns columns-wide" },
        h("div", {}, over, board),
        h(
          "article",
          { class: "panel" },
          status,
          h(
            "div",
            { class: "pad" },
            button("Up", () => move("ArrowUp"), "pad-up"),
            button("Left", () => move("ArrowLeft"), "pad-left"),
            button("Right", () => move("ArrowRight"), "pad-right"),
            button("Down", () => move("ArrowDown"), "pad-down"),
          ),
          h(
            "div",
            { class: "actions" },
            button("New Game", () => {
              game = fresh();
              save();
              toast("A new game has begun.");
            }),
            button("Revive", revive, "ghost"),
          ),
          h(
            "p",
            { class: "muted" },
            "Use the arrow keys or the buttons. Equal tiles merge. Reach 2048 to win; if no move is left, revive clears the four smallest tiles.",
          ),
        ),
      ),
    );
    addEventListener("keydown", (event) => {
      if (
        /^Arrow/.test(event.key) &&
        root.offsetParent &&
        !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)
      ) {
        event.preventDefault();
        move(event.key);
      }
    });

    function random() {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    }

    function spawn(cells) {
      const free = cells.map((value, index) => (value ? -1 : index)).filter((index) => index >= 0);
      if (free.length) cells[free[Math.floor(random() * free.length)]] = random() < 0.9 ? 2 : 4;
      return cells;
    }

    function fresh() {
      seed = 11 + recall("tilesGames", 0) * 97;
      keep("tilesGames", recall("tilesGames", 0) + 1);
      return { cells: spawn(spawn(Array(16).fill(0))), score: 0, won: false, over: false };
    }

    const lanes = {
      ArrowLeft: (i, j) => i * 4 + j,
      ArrowRight: (i, j) => i * 4 + 3 - j,
      ArrowUp: (i, j) => j * 4 + i,
      ArrowDown: (i, j) => (3 - j) * 4 + i,
    };

    function slid(cells, key) {
      const next = Array(16).fill(0);
      let gained = 0;
      for (let i = 0; i < 4; i++) {
        const row = [0, 1, 2, 3].map((j) => cells[lanes[key](i, j)]).filter(Boolean);
        for (let k = 0; k + 1 < row.length; k++)
          if (row[k] === row[k + 1]) {
            row[k] *= 2;
            gained += row[k];
            row.splice(k + 1, 1);
          }
        row.forEach((value, j) => {
          next[lanes[key](i, j)] = value;
        });
      }
      return [next, gained];
    }

    const stuck = (cells) =>
      Object.keys(lanes).every((key) => slid(cells, key)[0].every((value, index) => value === cells[index]));

    function move(key) {
      if (game.over) return toast("No move is left. Revive or start a new game.");
      const [next, gained] = slid(game.cells, key);
      if (next.every((value, index) => value === game.cells[index])) return toast("Nothing can move that way.");
      game.cells = spawn(next);
      game.score += gained;
      if (!game.won && game.cells.includes(2048)) {
        game.won = true;
        toast("2048! You win. Keep going if you like.");
      }
      if (stuck(game.cells)) {
        game.over = true;
        record();
        toast("Game over.");
      }
      save();
    }

    function record() {
      const list = options.into && collection(options.into);
      if (list)
        list.add({
          player: "You",
          result: game.won ? "Won" : "Lost",
          level: list.columns[2].options[0],
          score: game.score,
          date: today(),
        });
    }

    function revive() {
      const order = game.cells
        .map((value, index) => [value, index])
        .filter(([value]) => value)
        .sort((a, b) => a[0] - b[0])
        .slice(0, game.over ? 4 : 1);
      order.forEach(([, index]) => {
        game.cells[index] = 0;
      });
      game.over = false;
      save();
      toast("Revived: the smallest tiles were cleared. Play on.");
    }

    function save() {
      keep("tiles", game);
      keep("tilesBest", Math.max(recall("tilesBest", 0), game.score));
      draw();
    }

    function draw() {
      const tile = (label, value) =>
        h(
          "div",
          { class: "tile" },
          h("p", { class: "tile-label" }, label),
          h("p", { class: "tile-value" }, String(value)),
        );
      scores.replaceChildren(
        tile("Score", game.score),
        tile("Best", recall("tilesBest", 0)),
        tile("Largest tile", Math.max(...game.cells)),
      );
      board.setAttribute("aria-label", "Board: " + game.cells.map((value) => value || "empty").join(", "));
      board.replaceChildren(
        ...game.cells.map((value) =>
          h(
            "span",
            { class: "cell-2048 step-" + (value ? Math.min(11, Math.log2(value)) : 0) },
            value ? String(value) : "",
          ),
        ),
      );
      status.textContent = game.over ? "Game over" : game.won ? "You win!" : "Your move";
      over.replaceChildren(
        game.over
          ? h(
              "div",
              { class: "notice" },
              h(
                "div",
                {},
                h("strong", {}, `Game over with ${game.score} points`),
                h("p", {}, "Revive and play on, or start again."),
              ),
              button("Revive", revive),
            )
          : "",
      );
    }

    game ||= fresh();
    draw();
  });
})();
