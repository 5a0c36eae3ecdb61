const QUESTIONS = [
  ['What does "la llave" mean?', ['the key', 'the street', 'the rain', 'the bread'], 0],
  ['Which word means "to remember"?', ['olvidar', 'recordar', 'dormir', 'llegar'], 1],
  ['What is "el puente"?', ['the engine', 'the harbour', 'the bridge', 'the spoon'], 2],
];
const at = (id) => document.getElementById(id);
let number = 0;
let points = 0;
let flipped = false;

function show() {
  at('points').textContent = `${points} points`;
  if (!at('question')) return;
  const [text, answers] = QUESTIONS[number];
  at('step').textContent = `Question ${number + 1} of ${QUESTIONS.length}`;
  at('bar').style.width = `${100 * (number + 1) / QUESTIONS.length}%`;
  at('question').textContent = text;
  at('verdict').textContent = '';
  at('answers').innerHTML = answers.map((answer, i) => `<button data-answer="${i}">${answer}</button>`).join('');
}

if (at('question')) {
  at('answers').addEventListener('click', ({ target }) => {
    if (!target.dataset.answer || at('verdict').textContent) return;
    const right = Number(target.dataset.answer) === QUESTIONS[number][2];
    target.classList.add(right ? 'right' : 'wrong');
    at('verdict').textContent = right ? 'Correct! Ten points.' : `Not quite: ${QUESTIONS[number][1][QUESTIONS[number][2]]}.`;
    points += right ? 10 : 0;
    at('points').textContent = `${points} points`;
  });
  at('next').addEventListener('click', () => { number = (number + 1) % QUESTIONS.length; show(); });
}
at('flip').addEventListener('click', () => { flipped = !flipped; at('card').textContent = flipped ? 'the window' : 'la ventana'; });
at('goal').addEventListener('change', () => { at('plan').textContent = `You practise ${at('goal').value.toLowerCase()} lessons a day.`; });
at('challenge').addEventListener('click', () => { at('challenged').textContent = 'Challenge sent to Felix.'; });
show();
