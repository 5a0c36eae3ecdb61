// Noughts and crosses for two on one device.
(function () {
  const { h, button, toast, recall, keep } = Site;
  const LINES = [
    [0, 1, 2],
    [3, 4, 5],
    [6, 7, 8],
    [0, 3, 6],
    [1, 4, 7],
    [2, 5, 8],
    [0, 4, 8],
    [2, 4, 6],
  ];

  Site.widget("tictactoe", (root) => {
    let cells = Array(9).fill("");
    const board = h("div", { class: "noughts" });
    const status = h("p", { class: "status", role: "status" });
    const wins = h("div", { class: "tiles" });
    root.append(
      status,
      h(
        "div",
        { class: "columns columns-wide" },
        board,
        h(
          "article",
          { class: "panel" },
          wins,
          h(
            "div",
            { class: "actions" },
            button("New game", () => {
              cells = Array(9).fill("");
              draw();
              toast("New game: X begins.");
            }),
            button(
              "Reset score",
              () => {
                keep("wins", { X: 0, O: 0 });
                draw();
                toast("The score is zero again.");
              },
              "ghost",
            ),
          ),
        ),
      ),
    );

    const winner = () => {
      const line = LINES.find(([a, b, c]) => cells[a] && cells[a] === cells[b] && cells[b] === cells[c]);
      return line ? cells[line[0]] : "";
    };
    const turn = () => (cells.filter(Boolean).length % 2 ? "O" : "X");

    function press(index) {
      if (winner() || cells[index]) return toast(winner() ? "The game is over." : "This square is taken.");
      cells[index] = turn();
      if (winner()) {
        const count = recall("wins", { X: 0, O: 0 });
        keep("wins", { ...count, [winner()]: count[winner()] + 1 });
      }
      draw();
    }

    function draw() {
      status.textContent = winner() ? `${winner()} wins` : cells.every(Boolean) ? "Draw" : `${turn()}'s turn`;
      board.replaceChildren(
        ...cells.map((sign, index) =>
          h(
            "button",
            {
              type: "button",
              class: "nought",
              "aria-label": `Square ${index + 1}${sign ? ": " + sign : ""}`,
              onclick: () => press(index),
            },
            sign,
          ),
        ),
      );
      const count = recall("wins", { X: 0, O: 0 });
      wins.replaceChildren(
        ...["X", "O"].map((side) =>
          h(
            "div",
            { class: "tile" },
            h("p", { class: "tile-label" }, `Player ${side}`),
            h("p", { class: "tile-value" }, String(count[side])),
          ),
        ),
      );
    }

    draw();
  });
})();
