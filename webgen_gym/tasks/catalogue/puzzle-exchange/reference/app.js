const SHORTEST_TITLE = 10;
const FIRST_QUESTIONS = [
  {
    title: 'How do I open a burr puzzle?',
    answers: [
      { text: 'Twist the key piece', votes: 4, voted: false, accepted: false },
      { text: 'Press both ends', votes: 7, voted: false, accepted: false },
    ],
  },
  { title: 'Why does my jigsaw have gaps?', answers: [] },
];
const questions = JSON.parse(localStorage.getItem('questions')) || FIRST_QUESTIONS;
const byId = (id) => document.getElementById(id);
const isSolved = (question) => question.answers.some((answer) => answer.accepted);
let opened = null;

function element(tag, text, className = '') {
  return Object.assign(document.createElement(tag), { textContent: text, className });
}

function pressable(text, className, act) {
  const button = element('button', text, className);
  button.addEventListener('click', act);
  return button;
}

function questionCard(question) {
  const card = element('article', '', 'card question');
  const count = element('p', '', 'count');
  count.append(element('strong', question.answers.length), question.answers.length === 1 ? ' answer' : ' answers');
  const heading = element('h3', '');
  heading.append(pressable(question.title, 'link', () => open(question)));
  card.append(count, heading);
  if (isSolved(question)) card.append(element('span', 'Solved', 'badge'));
  return card;
}

function answerCard(answer) {
  const card = element('article', '', 'card answer');
  const vote = pressable('▲', '', () => {
    answer.voted = !answer.voted;
    answer.votes += answer.voted ? 1 : -1;
    keep();
  });
  vote.setAttribute('aria-label', 'Vote up');
  vote.setAttribute('aria-pressed', String(answer.voted));
  const votes = element('div', '', 'votes');
  votes.append(vote, element('strong', answer.votes));
  card.append(votes, element('p', answer.text));
  if (answer.accepted) card.append(element('span', '✓ Accepted', 'badge'));
  else card.append(pressable('Accept', 'quiet', () => accept(answer)));
  return card;
}

function draw() {
  const onlyUnsolved = byId('shown').value === 'unsolved';
  const shown = questions.filter((question) => !onlyUnsolved || !isSolved(question));
  byId('questions').replaceChildren(...shown.map(questionCard));
  byId('list-view').hidden = Boolean(opened);
  byId('question-view').hidden = !opened;
  if (!opened) return;
  const answers = [...opened.answers].sort((one, other) => other.accepted - one.accepted || other.votes - one.votes);
  byId('question-title').textContent = opened.title;
  byId('answers').replaceChildren(...answers.map(answerCard));
  if (!answers.length) byId('answers').textContent = 'Nobody has answered yet. Do you know?';
}

function keep() {
  localStorage.setItem('questions', JSON.stringify(questions));
  draw();
}

function open(question) {
  opened = question;
  draw();
}

function accept(accepted) {
  for (const answer of opened.answers) answer.accepted = answer === accepted;
  keep();
}

byId('shown').addEventListener('change', draw);
byId('back').addEventListener('click', () => open(null));
byId('ask-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const title = byId('title').value.trim();
  const isShort = title.length < SHORTEST_TITLE;
  byId('refusal').textContent = isShort ? `A title needs ${SHORTEST_TITLE} letters at least.` : '';
  if (isShort) return;
  questions.unshift({ title, answers: [] });
  event.target.reset();
  keep();
});
byId('answer-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = byId('answer').value.trim();
  if (!text) return;
  opened.answers.push({ text, votes: 0, voted: false, accepted: false });
  event.target.reset();
  keep();
});

draw();
