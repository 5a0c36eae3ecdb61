const columns = [
  { name: 'Backlog', limit: Infinity },
  { name: 'In progress', limit: 2 },
  { name: 'Done', limit: Infinity },
];
const firstCards = [
  { title: 'Gift wrapping', points: 5, assignee: 'Maya', due: '2031-03-09', column: 0 },
  { title: 'Stock levels', points: 8, assignee: 'Tomas', due: '2031-03-12', column: 0 },
  { title: 'Size guide', points: 13, assignee: 'Maya', due: '2031-03-03', column: 0 },
  { title: 'Postage rates', points: 20, assignee: 'Tomas', due: '2031-03-20', column: 0 },
];
const cards = JSON.parse(localStorage.getItem('sprint-wall')) ?? firstCards;
const byId = (id) => document.getElementById(id);
const save = () => localStorage.setItem('sprint-wall', JSON.stringify(cards));
const held = (index) => cards.filter((card) => card.column === index).length;
const dayOf = (card) =>
  new Date(`${card.due}T12:00`).toLocaleDateString('en-US', { month: 'long', day: 'numeric' });

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function moveOn(card) {
  const target = columns[card.column + 1];
  if (held(card.column + 1) >= target.limit) {
    byId('message').textContent = `${target.name} is full: finish one of its ${target.limit} cards first.`;
    return;
  }
  card.column += 1;
  byId('message').textContent = '';
  save();
  draw();
}

function cardView(card) {
  const view = element('article', 'card', '');
  const facts = element('p', 'facts', '');
  facts.append(element('span', 'points', `${card.points} points`), element('span', '', card.assignee));
  view.append(element('h3', '', card.title), facts, element('p', 'due', `Due ${dayOf(card)}`));
  if (card.column < columns.length - 1) {
    const next = element('button', '', 'Next');
    next.onclick = () => moveOn(card);
    view.append(next);
  }
  return view;
}

function columnView(column, index) {
  const view = element('section', 'column', '');
  const most = column.limit === Infinity ? '' : ` of ${column.limit}`;
  const heading = element('h2', '', column.name);
  heading.append(element('span', 'held', `${held(index)}${most}`));
  const assignee = byId('assignee-filter').value;
  const shown = cards.filter((card) => card.column === index && (!assignee || card.assignee === assignee));
  view.append(heading, ...shown.map(cardView));
  if (!shown.length) view.append(element('p', 'empty', 'No cards here'));
  return view;
}

function draw() {
  const open = cards.filter((card) => card.column < 2);
  byId('points-left').textContent = open.reduce((sum, card) => sum + card.points, 0);
  byId('wall').replaceChildren(...columns.map(columnView));
}

function complaint(title, points, due) {
  if (!title) return 'Give the card a title.';
  if (!Number.isInteger(points) || points < 1 || points > 40) return 'Points go from 1 to 40.';
  return due ? '' : 'Choose a due date.';
}

function addCard(event) {
  event.preventDefault();
  const title = byId('title').value.trim();
  const points = Number(byId('points').value);
  const due = byId('due').value;
  byId('message').textContent = complaint(title, points, due);
  if (byId('message').textContent) return;
  cards.push({ title, points, assignee: byId('assignee').value, due, column: 0 });
  event.target.reset();
  save();
  draw();
}

byId('card-form').onsubmit = addCard;
byId('assignee-filter').onchange = draw;
byId('new-card').onclick = () => {
  byId('card-form').hidden = !byId('card-form').hidden;
  byId('new-card').setAttribute('aria-expanded', String(!byId('card-form').hidden));
};
byId('sort').onclick = () => {
  cards.sort((one, other) => one.due.localeCompare(other.due));
  save();
  draw();
};
draw();
