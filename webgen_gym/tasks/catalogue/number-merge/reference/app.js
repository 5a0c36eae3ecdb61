const SIZE = 3;
const GOAL = 16;
const FIRST_BOARD = [2, 2, 0, 0, 0, 0, 0, 0, 0];
const ALONG = [0, 1, 2];
const LINES = {
  ArrowLeft: ALONG.map((row) => ALONG.map((column) => row * SIZE + column)),
  ArrowRight: ALONG.map((row) => ALONG.map((column) => row * SIZE + SIZE - 1 - column)),
  ArrowUp: ALONG.map((column) => ALONG.map((row) => row * SIZE + column)),
  ArrowDown: ALONG.map((column) => ALONG.map((row) => (SIZE - 1 - row) * SIZE + column)),
};
const byId = (id) => document.getElementById(id);
let best = Number(localStorage.getItem('best') || 0);
let past = [];
let game = { board: FIRST_BOARD, score: 0, moves: 0 };

function mergedLine(numbers) {
  const left = numbers.filter(Boolean);
  const merged = [];
  let score = 0;
  while (left.length) {
    const number = left.shift();
    if (number === left[0]) {
      merged.push(number + left.shift());
      score += 2 * number;
    } else {
      merged.push(number);
    }
  }
  return { numbers: [...merged, ...Array(SIZE - merged.length).fill(0)], score };
}

function pushed(board, way) {
  const next = [...board];
  let score = 0;
  for (const line of LINES[way]) {
    const merged = mergedLine(line.map((square) => board[square]));
    line.forEach((square, place) => {
      next[square] = merged.numbers[place];
    });
    score += merged.score;
  }
  return { board: next, score };
}

function isChanged(before, after) {
  return before.some((number, square) => number !== after[square]);
}

function isStuck(board) {
  return Object.keys(LINES).every((way) => !isChanged(board, pushed(board, way).board));
}

function message() {
  if (game.board.includes(GOAL)) return 'You win!';
  return isStuck(game.board) ? 'Game over' : 'Your move';
}

function draw() {
  const tiles = game.board.map((number) => {
    const tile = document.createElement('span');
    tile.textContent = number || '';
    tile.className = `tile value-${number}`;
    return tile;
  });
  byId('board').replaceChildren(...tiles);
  byId('board').setAttribute('aria-label', `Squares: ${game.board.join(', ')}`);
  byId('score').textContent = `Score: ${game.score}`;
  byId('moves').textContent = `Moves: ${game.moves}`;
  byId('best').textContent = `Best: ${best}`;
  byId('message').textContent = message();
  byId('undo').disabled = past.length === 0;
}

function push(way) {
  const after = pushed(game.board, way);
  if (!isChanged(game.board, after.board)) return;
  after.board[after.board.indexOf(0)] = 2;
  past.push(game);
  game = { board: after.board, score: game.score + after.score, moves: game.moves + 1 };
  best = Math.max(best, game.score);
  localStorage.setItem('best', best);
  draw();
}

byId('pad').addEventListener('click', (event) => {
  if (event.target.dataset.way) push(event.target.dataset.way);
});
document.addEventListener('keydown', (event) => {
  if (!LINES[event.key]) return;
  event.preventDefault();
  push(event.key);
});
byId('undo').addEventListener('click', () => {
  game = past.pop();
  draw();
});
byId('new').addEventListener('click', () => {
  past = [];
  game = { board: FIRST_BOARD, score: 0, moves: 0 };
  draw();
});

draw();
