const lines = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
];
let cells,
  turn,
  over,
  wins = { X: 0, O: 0 };
const $ = (i) => document.getElementById(i);
function won() {
  return lines.some((l) => l.every((i) => cells[i] === turn));
}
function draw() {
  $('board').innerHTML = '';
  cells.forEach((c, i) => {
    const b = document.createElement('button');
    b.textContent = c;
    b.setAttribute('aria-label', `Square ${i + 1}${c ? ', ' + c : ''}`);
    b.onclick = () => play(i);
    $('board').append(b);
  });
  $('x').textContent = wins.X;
  $('o').textContent = wins.O;
}
function play(i) {
  if (over || cells[i]) return;
  cells[i] = turn;
  if (won()) {
    over = true;
    wins[turn]++;
    $('status').textContent = turn + ' wins';
  } else if (cells.every(Boolean)) {
    over = true;
    $('status').textContent = 'Draw';
  } else {
    turn = turn === 'X' ? 'O' : 'X';
    $('status').textContent = `${turn}'s turn`;
  }
  draw();
}
function start() {
  cells = Array(9).fill('');
  turn = 'X';
  over = false;
  $('status').textContent = "X's turn";
  draw();
}
$('new').onclick = start;
start();
