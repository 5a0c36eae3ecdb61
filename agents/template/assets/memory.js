// Find the pairs.
(function () {
  const { h, button, toast, recall, keep, collection, today } = Site;

  Site.widget("memory", (root, options) => {
    const SIGNS = ["★", "♥", "♣", "♪", "☀", "✿", "☂", "♞"];
    let game;
    const board = h("div", { class: "memory" });
    const status = h("p", { class: "status", role: "status" });
    root.append(h("div", { class: "toolbar" }, status, button("New Game", begin)), board);
    begin();

    function begin() {
      const round = recall("memoryRounds", 0) + 1;
      keep("memoryRounds", round);
      const cards = [...SIGNS, ...SIGNS]
        .map((sign, index) => ({ sign, order: Site.hash(`${round}:${index * 31}`) }))
        .sort((a, b) => a.order - b.order);
      game = { cards: cards.map(({ sign }) => ({ sign, open: false, found: false })), turns: 0, wait: false };
      draw();
    }

    function press(card) {
      if (game.wait || card.open || card.found) return;
      card.open = true;
      const open = game.cards.filter((one) => one.open && !one.found);
      if (open.length === 2) {
        game.turns += 1;
        if (open[0].sign === open[1].sign)
          open.forEach((one) => {
            one.found = true;
          });
        else {
          game.wait = true;
          setTimeout(() => {
            open.forEach((one) => {
              one.open = false;
            });
            game.wait = false;
            draw();
          }, 800);
        }
        if (game.cards.every((one) => one.found)) finish();
      }
      draw();
    }

    function finish() {
      const list = options.into && collection(options.into);
      if (list)
        list.add({
          player: "You",
          result: "Won",
          level: list.columns[2].options[0],
          score: Math.max(100, 2000 - game.turns * 50),
          date: today(),
        });
      toast(`All pairs found in ${game.turns} turns.`);
    }

    function draw() {
      const found = game.cards.filter((one) => one.found).length / 2;
      status.textContent =
        found === 8 ? `Finished in ${game.turns} turns. Well done!` : `${found} of 8 pairs · ${game.turns} turns`;
      board.replaceChildren(
        ...game.cards.map((card, index) =>
          h(
            "button",
            {
              type: "button",
              class: "memory-card" + (card.open || card.found ? " is-open" : "") + (card.found ? " is-found" : ""),
              "aria-label":
                card.open || card.found ? `Card ${index + 1}: ${card.sign}` : `Card ${index + 1}, face down`,
              onclick: () => press(card),
            },
            card.open || card.found ? card.sign : "",
          ),
        ),
      );
    }
  });
})();
