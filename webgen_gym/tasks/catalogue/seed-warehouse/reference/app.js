const OPENING_STOCK = [
  { name: 'Amber Wheat', supplier: 'Harrow Farm', sacks: 120, price: 18.5, level: 50 },
  { name: 'Ruby Radish', supplier: 'Tolland Seeds', sacks: 24, price: 42, level: 70 },
  { name: 'Dusk Lupin', supplier: 'Harrow Farm', sacks: 75, price: 9.2, level: 20 },
];
const kept = JSON.parse(localStorage.getItem('warehouse') || 'null');
const articles = kept ? kept.articles : OPENING_STOCK;
const movements = kept ? kept.movements : [];
const byId = (id) => document.getElementById(id);
const euros = (amount) => `€${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;

function textElement(tag, text, className = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

function articleRow(article) {
  const row = document.createElement('tr');
  const cells = [article.name, article.supplier, article.sacks, euros(article.price), euros(article.sacks * article.price)];
  row.append(...cells.map((cell) => textElement('td', cell)));
  return row;
}

function movementItem(movement) {
  const item = textElement('li', `${movement.article}: ${movement.reason} `, movement.direction);
  item.append(textElement('b', `${movement.direction === 'in' ? '+' : '−'}${movement.quantity}`));
  return item;
}

function render() {
  const supplier = byId('supplier').value;
  const shown = articles.filter((article) => !supplier || article.supplier === supplier);
  const short = articles.filter((article) => article.sacks < article.level);
  byId('value').textContent = euros(shown.reduce((sum, article) => sum + article.sacks * article.price, 0));
  byId('count').textContent = shown.length;
  byId('articles').replaceChildren(...shown.map(articleRow));
  byId('warnings').replaceChildren(
    ...short.map((article) => textElement('p', `${article.name}: ${article.level - article.sacks} sacks missing`)),
  );
  if (!short.length) byId('warnings').append(textElement('p', 'All articles are above their level.'));
  byId('movements').replaceChildren(...movements.map(movementItem));
  if (!movements.length) byId('movements').append(textElement('p', 'Nothing has been booked yet.', 'empty'));
  byId('undo').disabled = !movements.length;
}

function keep() {
  localStorage.setItem('warehouse', JSON.stringify({ articles, movements }));
  render();
}

function shift(movement, sign) {
  const article = articles.find((candidate) => candidate.name === movement.article);
  article.sacks += sign * (movement.direction === 'in' ? movement.quantity : -movement.quantity);
}

function problemWith(movement) {
  const article = articles.find((candidate) => candidate.name === movement.article);
  if (!(movement.quantity >= 1)) return 'The quantity must be one sack at least.';
  if (!movement.reason) return 'Please give a reason.';
  if (movement.direction === 'out' && movement.quantity > article.sacks) return `Only ${article.sacks} sacks are there.`;
  return '';
}

byId('booking').addEventListener('submit', (event) => {
  event.preventDefault();
  const movement = {
    article: byId('article').value,
    direction: byId('direction').value,
    quantity: Number(byId('quantity').value),
    reason: byId('reason').value.trim(),
  };
  byId('problem').textContent = problemWith(movement);
  if (byId('problem').textContent) return;
  shift(movement, 1);
  movements.unshift(movement);
  byId('quantity').value = '';
  byId('reason').value = '';
  keep();
});
byId('undo').addEventListener('click', () => {
  shift(movements.shift(), -1);
  keep();
});
byId('supplier').addEventListener('change', render);
byId('article').append(...articles.map((article) => textElement('option', article.name)));
render();
