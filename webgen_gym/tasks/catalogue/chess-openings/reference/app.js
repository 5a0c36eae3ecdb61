const QUESTIONS = [
  {
    text: 'Which opening begins with 1. c4?',
    options: ['Bird Opening', 'English Opening', 'Reti Opening'],
    right: 'English Opening',
    position: 'rnbqkbnr/pppppppp/8/8/2P5/8/PP1PPPPP/RNBQKBNR',
  },
  {
    text: 'Which opening answers 1. e4 with c5?',
    options: ['French Defence', 'Pirc Defence', 'Sicilian Defence'],
    right: 'Sicilian Defence',
    position: 'rnbqkbnr/pp1ppppp/8/2p5/4P3/8/PPPP1PPP/RNBQKBNR',
  },
  {
    text: 'Which opening answers 1. d4 with f5?',
    options: ['Dutch Defence', 'Slav Defence', 'Benoni Defence'],
    right: 'Dutch Defence',
    position: 'rnbqkbnr/ppppp1pp/8/5p2/3P4/8/PPP1PPPP/RNBQKBNR',
  },
];
const FIGURES = { k: '♚', q: '♛', r: '♜', b: '♝', n: '♞', p: '♟' };
const byId = (id) => document.getElementById(id);
let attempt = JSON.parse(localStorage.getItem('attempt')) || { at: 0, choices: [] };
let best = Number(localStorage.getItem('best') || 0);

function drawBoard(position) {
  const squares = position.replaceAll('/', '').replace(/\d/g, (count) => ' '.repeat(count));
  const cells = [...squares].map((letter, index) => {
    const cell = document.createElement('span');
    const isDark = (index + Math.floor(index / 8)) % 2 === 1;
    cell.className = `${isDark ? 'dark' : 'light'} ${letter === letter.toUpperCase() ? 'white' : 'black'}`;
    cell.textContent = FIGURES[letter.toLowerCase()] || '';
    return cell;
  });
  byId('board').replaceChildren(...cells);
}

function drawQuestion(question) {
  byId('progress').textContent = `Question ${attempt.at + 1} of ${QUESTIONS.length}`;
  byId('question').textContent = question.text;
  byId('previous').disabled = attempt.at === 0;
  byId('options').innerHTML = question.options
    .map((option) => {
      const checked = attempt.choices[attempt.at] === option ? 'checked' : '';
      return `<label><input type="radio" name="option" value="${option}" ${checked} /> ${option}</label>`;
    })
    .join('');
  drawBoard(question.position);
}

function drawResult() {
  drawBoard(QUESTIONS.at(-1).position);
  const mistakes = QUESTIONS.filter((question, index) => attempt.choices[index] !== question.right);
  byId('score').textContent = `${QUESTIONS.length - mistakes.length} of ${QUESTIONS.length}`;
  const rows = mistakes.map((question) => `<li>${question.text} <b>${question.right}</b></li>`);
  byId('review').innerHTML = rows.length ? `<h3>To look at again</h3><ul>${rows.join('')}</ul>` : '<p>No mistakes!</p>';
}

function draw() {
  const isOver = attempt.at === QUESTIONS.length;
  byId('quiz').hidden = isOver;
  byId('result').hidden = !isOver;
  byId('refusal').textContent = '';
  byId('best').textContent = best ? `Best score: ${best} of ${QUESTIONS.length}` : 'No score yet';
  if (isOver) drawResult();
  else drawQuestion(QUESTIONS[attempt.at]);
}

function go(steps) {
  attempt.at += steps;
  if (attempt.at === QUESTIONS.length) keepBest();
  localStorage.setItem('attempt', JSON.stringify(attempt));
  draw();
}

function keepBest() {
  const right = QUESTIONS.filter((question, index) => attempt.choices[index] === question.right).length;
  best = Math.max(best, right);
  localStorage.setItem('best', best);
}

byId('previous').addEventListener('click', () => go(-1));
byId('quiz').addEventListener('submit', (event) => {
  event.preventDefault();
  const chosen = document.querySelector('[name=option]:checked');
  byId('refusal').textContent = chosen ? '' : 'Choose an option first.';
  if (!chosen) return;
  attempt.choices[attempt.at] = chosen.value;
  go(1);
});
byId('again').addEventListener('click', () => {
  attempt = { at: 0, choices: [] };
  go(0);
});

draw();
