// Two sides, turn by turn: a match told play by play, or a fight with chosen moves.
(function () {
  const { h, button, toast, recall, keep, collection, today, money } = Site;

  Site.widget("battle", (root, options) => {
    const isMatch = options.mode === "match";
    const sides = options.sides;
    let game = null;
    const log = h("ol", { class: "moves", role: "log", "aria-label": "Play by play" });
    const board = h("div", { class: "tiles" });
    const status = h(
      "p",
      { class: "status", role: "status" },
      isMatch ? "Choose teams and a strategy, then start." : "Choose an opponent, then start.",
    );
    const pick = (label, choices, at) => {
      const id = "battle-" + label.toLowerCase().replace(/\W/g, "-");
      const select = h(
        "select",
        { id, onchange: () => toast(`${label}: ${select.value}`) },
        choices.map((one, index) => h("option", { selected: index === at }, one)),
      );
      return [select, h("div", { class: "tool" }, h("label", { for: id }, label), select)];
    };
    const [one, oneTool] = pick(isMatch ? "Home team" : "Your character", sides, 0);
    const [two, twoTool] = pick(isMatch ? "Visitors" : "Opponent", sides, 1);
    const [attack, attackTool] = pick("Attack", ["Balanced", "Aggressive", "Patient"], 0);
    const [defence, defenceTool] = pick("Defense", ["Standard", "Shifted", "Deep"], 0);
    const budget = h("input", {
      type: "range",
      id: "battle-budget",
      min: 0,
      max: 100,
      value: recall("training", 40),
      onchange: () => {
        keep("training", Number(budget.value));
        drawBudget();
        toast(`Training budget: ${budget.value} %.`);
      },
    });
    const budgetNote = h("p", { class: "muted" });
    root.append(
      h(
        "article",
        { class: "panel" },
        h("div", { class: "tools" }, oneTool, twoTool, attackTool, defenceTool),
        isMatch
          ? h("div", { class: "tool" }, h("label", { for: budget.id }, "Training budget"), budget, budgetNote)
          : "",
        h(
          "div",
          { class: "actions" },
          button(isMatch ? "Simulate game" : "Start battle", begin),
          isMatch
            ? button("Next play", () => step("play"), "ghost")
            : ["Strike", "Guard", "Special"].map((move) => button(move, () => step(move), "ghost")),
        ),
      ),
      status,
      board,
      h("article", { class: "panel" }, h("h3", {}, "Play by play"), log),
    );

    function drawBudget() {
      budgetNote.textContent = `${budget.value} % of ${money(500000)}: ${money(5000 * budget.value)} for training, ${money(5000 * (100 - budget.value))} stays in the budget.`;
    }

    const chance = (text) => Math.abs(Site.hash(text + recall("rounds", 0))) % 100;

    function begin() {
      if (game) clearInterval(game.timer);
      keep("rounds", recall("rounds", 0) + 1);
      game = { a: isMatch ? 0 : 100, b: isMatch ? 0 : 100, turn: 0, done: false };
      log.replaceChildren();
      toast(`${one.value} against ${two.value}: it begins.`);
      if (isMatch) game.timer = setInterval(() => step("play"), 600);
      draw();
    }

    function step(move) {
      if (!game || game.done) return toast("Start first.");
      game.turn += 1;
      if (isMatch) match();
      else fight(move);
      draw();
    }

    function match() {
      const home = game.turn % 2;
      const edge =
        (attack.value === "Aggressive" ? 8 : attack.value === "Patient" ? 3 : 5) +
        Number(budget.value) / 12 -
        (defence.value === "Deep" && !home ? 6 : defence.value === "Shifted" && !home ? 3 : 0);
      const roll = chance("m" + game.turn) + edge;
      const runs = roll > 96 ? 2 : roll > 78 ? 1 : 0;
      if (home) game.a += runs;
      else game.b += runs;
      const what =
        runs === 2
          ? "a home run with one on base"
          : runs === 1
            ? "a run after a clean double"
            : ["a ground out", "a strikeout", "a fly ball to left", "a walk, then a double play"][
                chance("w" + game.turn) % 4
              ];
      log.prepend(
        h(
          "li",
          {},
          `Inning ${Math.ceil(game.turn / 2)}, ${home ? one.value : two.value}: ${what}. ${game.a} to ${game.b}.`,
        ),
      );
      if (game.turn >= 18)
        finish(
          game.a === game.b
            ? "A draw"
            : `${game.a > game.b ? one.value : two.value} win ${Math.max(game.a, game.b)} to ${Math.min(game.a, game.b)}`,
        );
    }

    function fight(move) {
      const hit = { Strike: 14, Guard: 5, Special: 24 }[move] + (chance("a" + game.turn) % 8);
      const missed = move === "Special" && chance("s" + game.turn) < 35;
      const back = Math.max(
        2,
        (attack.value === "Aggressive" ? 14 : 10) + (chance("b" + game.turn) % 8) - (move === "Guard" ? 10 : 0),
      );
      if (!missed) game.b = Math.max(0, game.b - hit);
      if (game.b) game.a = Math.max(0, game.a - back);
      log.prepend(
        h(
          "li",
          {},
          `${one.value}: ${move.toLowerCase()} ${missed ? "misses" : `takes ${hit}`}. ${two.value} answers with ${back}.`,
        ),
      );
      if (!game.a || !game.b) finish(game.b ? `${two.value} wins` : `${one.value} wins`);
    }

    function finish(text) {
      game.done = true;
      clearInterval(game.timer);
      const list = options.into && collection(options.into);
      if (list)
        list.add({
          player: "You",
          result: text,
          level: list.columns[2].options[0],
          score: 100 * game.a,
          date: today(),
        });
      toast(text + ".");
      status.textContent = text + ".";
    }

    function draw() {
      const tile = (name, value) =>
        h(
          "div",
          { class: "tile" },
          h("p", { class: "tile-label" }, name),
          h("p", { class: "tile-value" }, String(value)),
          isMatch ? null : Site.bar(value),
        );
      board.replaceChildren(
        tile(one.value, game ? game.a : isMatch ? 0 : 100),
        tile(two.value, game ? game.b : isMatch ? 0 : 100),
        tile(isMatch ? "Inning" : "Turn", game ? (isMatch ? Math.ceil(game.turn / 2) : game.turn) : 0),
      );
      if (game && !game.done) status.textContent = isMatch ? "The game is on." : "Your turn: strike, guard or special.";
    }

    drawBudget();
    draw();
  });
})();
