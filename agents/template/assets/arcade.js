// Change lanes, collect coins, avoid blocks. Arrow keys or buttons.
(function () {
  const { h, button, toast, recall, keep, collection, today } = Site;

  Site.widget("arcade", (root, options) => {
    const [ROWS, LANES] = [9, 3];
    let game = null;
    let seed = 5;
    const board = h("div", { class: "arcade", role: "img", "aria-label": "Playing field" });
    const status = h("p", { class: "status", role: "status" });
    const level = h(
      "select",
      { id: "arcade-level" },
      ["Easy", "Normal", "Hard"].map((one) => h("option", {}, one)),
    );
    root.append(
      h(
        "div",
        { class: "columns columns-wide" },
        h("div", {}, status, board),
        h(
          "article",
          { class: "panel" },
          h("div", { class: "tool" }, h("label", { for: level.id }, "Level"), level),
          h(
            "div",
            { class: "actions" },
            button("Start game", start),
            button("Pause", pause, "ghost"),
            button("Left", () => steer(-1), "ghost"),
            button("Right", () => steer(1), "ghost"),
          ),
          h("p", { class: "muted" }, "Coins give ten points, every row gives one. A block ends the round."),
          h("p", {}, "Best score: ", h("strong", { id: "arcade-best" }, String(recall("arcadeBest", 0)))),
        ),
      ),
    );
    addEventListener("keydown", (event) => {
      if (root.offsetParent && game && /^Arrow(Left|Right)$/.test(event.key)) steer(event.key === "ArrowLeft" ? -1 : 1);
    });

    function random() {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    }

    function start() {
      stop();
      seed = 5 + recall("arcadeGames", 0) * 31;
      keep("arcadeGames", recall("arcadeGames", 0) + 1);
      game = { lane: 1, score: 0, rows: Array.from({ length: ROWS }, () => ["", "", ""]), tick: 0, on: true };
      game.timer = setInterval(step, { Easy: 420, Normal: 300, Hard: 200 }[level.value]);
      toast("Go!");
      draw();
    }

    const stop = () => game && clearInterval(game.timer);

    function pause() {
      if (!game) return toast("Start a game first.");
      game.on = !game.on;
      stop();
      if (game.on) game.timer = setInterval(step, 300);
      toast(game.on ? "The game goes on." : "Paused.");
      draw();
    }

    function steer(by) {
      if (!game) return toast("Start a game first.");
      game.lane = Math.max(0, Math.min(LANES - 1, game.lane + by));
      draw();
    }

    function step() {
      const row = ["", "", ""];
      game.tick += 1;
      if (game.tick % 2) {
        row[Math.floor(random() * LANES)] = "block";
        const coin = Math.floor(random() * LANES);
        if (!row[coin]) row[coin] = "coin";
      }
      game.rows = [row, ...game.rows.slice(0, ROWS - 1)];
      const here = game.rows[ROWS - 1][game.lane];
      game.score += here === "coin" ? 10 : 1;
      if (here === "block") return finish();
      draw();
    }

    function finish() {
      stop();
      keep("arcadeBest", Math.max(recall("arcadeBest", 0), game.score));
      document.getElementById("arcade-best").textContent = String(recall("arcadeBest", 0));
      const list = options.into && collection(options.into);
      if (list)
        list.add({
          player: "You",
          result: `${game.score} points`,
          level: level.value,
          score: game.score,
          date: today(),
        });
      toast(`Game over with ${game.score} points.`);
      game = { ...game, done: true, on: false };
      draw();
    }

    function draw() {
      status.textContent = !game
        ? "Press “Start game”."
        : game.done
          ? `Game over: ${game.score} points. Start again?`
          : `${game.score} points${game.on ? "" : " (paused)"}`;
      const rows = game
        ? game.rows
        : Array.from({ length: ROWS }, (_, i) => ["", i === 2 ? "block" : "", i === 5 ? "coin" : ""]);
      const lane = game ? game.lane : 1;
      board.replaceChildren(
        ...rows.flatMap((row, y) =>
          row.map((what, x) =>
            h("span", {
              class: "lane-cell " + (what ? "is-" + what : "") + (y === ROWS - 1 && x === lane ? " is-you" : ""),
            }),
          ),
        ),
      );
    }

    draw();
  });
})();
