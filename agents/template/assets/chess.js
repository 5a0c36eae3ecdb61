// Chess for one player against a simple opponent, or for two: legal moves, undo, resign, history.
(function () {
  const { h, button, toast, recall, keep, collection, today } = Site;
  const SIGNS = { K: "♚", Q: "♛", R: "♜", B: "♝", N: "♞", P: "♟" };
  const WORTH = { P: 1, N: 3, B: 3, R: 5, Q: 9, K: 99 };
  const LINES = {
    R: [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ],
    B: [
      [1, 1],
      [1, -1],
      [-1, 1],
      [-1, -1],
    ],
  };
  const JUMPS = {
    N: [
      [1, 2],
      [2, 1],
      [-1, 2],
      [-2, 1],
      [1, -2],
      [2, -1],
      [-1, -2],
      [-2, -1],
    ],
    K: [...LINES.R, ...LINES.B],
  };
  const name = (square) => "abcdefgh"[square % 8] + (8 - Math.floor(square / 8));

  const begin = () => {
    const board = Array(64).fill("");
    [..."RNBQKBNR"].forEach((piece, file) => {
      board[file] = "b" + piece;
      board[8 + file] = "bP";
      board[48 + file] = "wP";
      board[56 + file] = "w" + piece;
    });
    return board;
  };

  function reach(board, from) {
    const [side, kind] = board[from];
    const [row, file] = [Math.floor(from / 8), from % 8];
    const at = (r, f) => (r < 0 || f < 0 || r > 7 || f > 7 ? null : r * 8 + f);
    const free = (square) => square !== null && board[square] === "";
    const taken = (square) => square !== null && board[square] !== "" && board[square][0] !== side;
    if (kind === "P") {
      const ahead = side === "w" ? -1 : 1;
      const one = at(row + ahead, file);
      const two = at(row + 2 * ahead, file);
      return [
        ...(free(one) ? [one, ...(row === (side === "w" ? 6 : 1) && free(two) ? [two] : [])] : []),
        ...[-1, 1].map((turn) => at(row + ahead, file + turn)).filter(taken),
      ];
    }
    if (JUMPS[kind])
      return JUMPS[kind].map(([r, f]) => at(row + r, file + f)).filter((square) => free(square) || taken(square));
    return (kind === "Q" ? [...LINES.R, ...LINES.B] : LINES[kind]).flatMap(([r, f]) => {
      const found = [];
      for (let n = 1; n < 8; n++) {
        const square = at(row + r * n, file + f * n);
        if (free(square)) found.push(square);
        else {
          if (taken(square)) found.push(square);
          break;
        }
      }
      return found;
    });
  }

  const after = (board, from, to) => {
    const next = [...board];
    next[to] = board[from];
    next[from] = "";
    if (next[to][1] === "P" && (to < 8 || to > 55)) next[to] = next[to][0] + "Q";
    return next;
  };
  const attacked = (board, side) => {
    const king = board.indexOf(side + "K");
    return board.some((piece, from) => piece && piece[0] !== side && reach(board, from).includes(king));
  };
  const legal = (board, side) =>
    board.flatMap((piece, from) =>
      piece && piece[0] === side
        ? reach(board, from)
            .filter((to) => !attacked(after(board, from, to), side))
            .map((to) => [from, to])
        : [],
    );
  const score = (board) =>
    board.reduce(
      (sum, piece, square) =>
        sum + (piece ? (WORTH[piece[1]] + (3.5 - Math.abs(3.5 - (square % 8))) / 20) * (piece[0] === "b" ? 1 : -1) : 0),
      0,
    );

  Site.widget("chess", (root, options) => {
    let game = recall("chess", null) || {
      past: [begin()],
      moves: [],
      over: "",
      level: "Easy",
      theme: "Classic",
      rival: "Computer",
    };
    let chosen = null;
    const board = h("div", { class: "chess", role: "grid", "aria-label": "Chess board" });
    const status = h("p", { class: "status", role: "status" });
    const moves = h("ol", { class: "moves" });
    const select = (label, key, choices, then) => {
      const id = "chess-" + key;
      return h(
        "div",
        { class: "tool" },
        h("label", { for: id }, label),
        h(
          "select",
          {
            id,
            onchange: (event) => {
              game[key] = event.target.value;
              save();
              draw();
              toast(`${label}: ${game[key]}`);
              then && then();
            },
          },
          choices.map((one) => h("option", { value: one, selected: one === game[key] }, one)),
        ),
      );
    };
    root.append(
      h(
        "div",
        { class: "columns columns-wide" },
        h("div", {}, status, board),
        h(
          "article",
          { class: "panel" },
          h(
            "div",
            { class: "actions" },
            button("New Game", fresh),
            button("Join Game", join, "ghost"),
            button("Undo", undo, "ghost"),
            button("Resign", resign, "ghost"),
          ),
          h(
            "div",
            { class: "tools" },
            select("Theme", "theme", ["Classic", "Forest", "Night"]),
            select("Difficulty", "level", ["Easy", "Medium", "Hard"]),
          ),
          h("h3", {}, "Moves"),
          moves,
        ),
      ),
    );

    const now = () => game.past[game.past.length - 1];
    const turn = () => (game.past.length % 2 ? "w" : "b");

    function save() {
      keep("chess", game);
    }

    function fresh() {
      game = { ...game, past: [begin()], moves: [], over: "", rival: "Computer" };
      chosen = null;
      save();
      draw();
      toast("A new game has begun. White moves first.");
    }

    function join() {
      const opening = [
        [52, 36],
        [12, 28],
        [62, 45],
      ];
      game = { ...game, past: [begin()], moves: [], over: "", rival: "Amira" };
      opening.forEach(([from, to]) => play(from, to));
      if (turn() === "b") reply();
      draw();
      toast("You joined Amira's game. It is your move.");
    }

    function play(from, to) {
      const piece = now()[from];
      const took = now()[to];
      game.past.push(after(now(), from, to));
      game.moves.push(`${SIGNS[piece[1]]} ${name(from)}${took ? " x " : " – "}${name(to)}`);
      const left = legal(now(), turn()).length;
      if (!left)
        finish(
          attacked(now(), turn()) ? `Checkmate, ${turn() === "b" ? "you win" : game.rival + " wins"}` : "Stalemate",
        );
      save();
    }

    function finish(text) {
      game.over = text;
      const list = options.into && collection(options.into);
      if (list)
        list.add({ player: "You", result: text, level: game.level, score: game.moves.length * 10, date: today() });
      toast(text + ".");
    }

    function reply() {
      const ranked = legal(now(), "b")
        .map(([from, to]) => {
          const next = after(now(), from, to);
          const worst =
            game.level === "Easy"
              ? 0
              : Math.max(
                  0,
                  ...legal(next, "w")
                    .slice(0, 60)
                    .map(([a, b]) => score(next) - score(after(next, a, b))),
                );
          return [score(next) - worst * (game.level === "Hard" ? 1 : 0.6), from, to];
        })
        .sort((a, b) => b[0] - a[0]);
      if (ranked.length) play(ranked[0][1], ranked[0][2]);
    }

    function press(square) {
      if (game.over) return toast("The game is over. Start a new one.");
      if (chosen !== null && legal(now(), "w").some(([from, to]) => from === chosen && to === square)) {
        play(chosen, square);
        chosen = null;
        if (!game.over) reply();
      } else if (now()[square][0] === "w") chosen = square === chosen ? null : square;
      else {
        chosen = null;
        toast("Choose one of your white pieces, then a marked square.");
      }
      draw();
    }

    function undo() {
      if (game.past.length < 3) return toast("There is no move to undo.");
      game.past.splice(-2);
      game.moves.splice(-2);
      game.over = "";
      save();
      draw();
      toast("The last move was taken back.");
    }

    function resign() {
      if (game.over) return toast("The game is already over.");
      finish("You resigned");
      save();
      draw();
    }

    function draw() {
      const targets =
        chosen === null
          ? []
          : legal(now(), "w")
              .filter(([from]) => from === chosen)
              .map(([, to]) => to);
      status.textContent =
        game.over ||
        `${turn() === "w" ? "Your move (white)" : game.rival + " is thinking"}${attacked(now(), turn()) ? " – check!" : ""} · playing ${game.rival}, ${game.level.toLowerCase()}`;
      board.className = "chess theme-" + game.theme.toLowerCase();
      board.replaceChildren(
        ...Array.from({ length: 8 }, (_, row) =>
          h(
            "div",
            { role: "row", class: "chess-row" },
            Array.from({ length: 8 }, (_, file) => {
              const square = row * 8 + file;
              const piece = now()[square];
              return h(
                "button",
                {
                  type: "button",
                  role: "gridcell",
                  class: `square ${(row + file) % 2 ? "dark" : "light"} ${piece ? "side-" + piece[0] : ""} ${square === chosen ? "is-chosen" : ""} ${targets.includes(square) ? "is-target" : ""}`,
                  "aria-label": name(square) + (piece ? `, ${piece[0] === "w" ? "white" : "black"} ${piece[1]}` : ""),
                  onclick: () => press(square),
                },
                piece ? SIGNS[piece[1]] : "",
              );
            }),
          ),
        ),
      );
      moves.replaceChildren(...game.moves.map((text) => h("li", {}, text)));
    }

    draw();
  });
})();
