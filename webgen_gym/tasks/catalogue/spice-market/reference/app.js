const SPICES = [
  { name: 'Tellicherry Pepper', note: 'Large berries, with cedar and citrus.', tint: '#4a3b35', prices: { 40: 480, 120: 1120 } },
  { name: 'Rose Harissa', note: 'Smoky chillies softened by petals.', tint: '#b5303a', prices: { 75: 680, 180: 1440 } },
  { name: 'Wild Sumac', note: 'Tart and red, for onions and yoghurt.', tint: '#7f2346', prices: { 50: 360, 250: 1500 } },
  { name: 'Smoked Paprika', note: 'Dried over oak for two weeks.', tint: '#c4511d', prices: { 60: 420, 140: 890 } },
  { name: 'Green Cardamom', note: 'Whole pods from the western hills.', tint: '#71863f', prices: { 30: 710, 90: 1960 } },
  { name: 'Ground Turmeric', note: 'Earthy, bright and slightly bitter.', tint: '#e0a010', prices: { 65: 330, 150: 690 } },
];
const DISCOUNTS = { CLOVE25: 0.25 };
const TAX = 0.2;
const EMPTY = { lines: [], code: '', orders: [] };
const state = JSON.parse(localStorage.getItem('spice-market') || 'null') || EMPTY;
const byId = (id) => document.getElementById(id);
const euros = (cents) => `€${(cents / 100).toFixed(2)}`;

function make(tag, text, className = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

function button(text, action, className = '') {
  const element = make('button', text, className);
  element.addEventListener('click', action);
  return element;
}

function keep() {
  localStorage.setItem('spice-market', JSON.stringify(state));
  render();
}

function add(spice, grams) {
  const known = state.lines.find((line) => line.name === spice.name && line.grams === grams);
  if (known) known.quantity += 1;
  else state.lines.push({ name: spice.name, grams, price: spice.prices[grams], quantity: 1 });
  byId('added').textContent = `${grams} g of ${spice.name} went into the basket.`;
  keep();
}

function sums() {
  const subtotal = state.lines.reduce((sum, line) => sum + line.price * line.quantity, 0);
  const discount = Math.round(subtotal * (DISCOUNTS[state.code] || 0));
  const tax = Math.round((subtotal - discount) * TAX);
  return { subtotal, discount, tax, total: subtotal - discount + tax };
}

function spiceCard(spice) {
  const card = make('article', '', 'card');
  card.style.setProperty('--tint', spice.tint);
  const weights = make('select', '');
  weights.setAttribute('aria-label', `Weight of ${spice.name}`);
  Object.entries(spice.prices).forEach(([grams, price]) => weights.add(new Option(`${grams} g – ${euros(price)}`, grams)));
  const row = make('div', '', 'row');
  row.append(weights, ' ', button('Add to basket', () => add(spice, weights.value)));
  card.append(make('h3', spice.name), make('p', spice.note), row);
  return card;
}

function basketLine(line) {
  const row = make('li', '', 'row');
  const remove = () => {
    state.lines.splice(state.lines.indexOf(line), 1);
    keep();
  };
  row.append(make('b', line.name), ' ', make('span', `${line.quantity} × ${line.grams} g`, 'amount'), ' ');
  row.append(make('span', euros(line.price * line.quantity)), ' ', button('Remove', remove, 'quiet'));
  return row;
}

function orderCard(order) {
  const card = make('article', '', 'card');
  const heading = make('div', '', 'row');
  heading.append(make('h3', `Order ${order.number}`), ' ', make('b', euros(order.total)));
  const contents = make('ul', '');
  contents.append(...order.lines.map((line) => make('li', `${line.quantity} × ${line.grams} g ${line.name}`)));
  card.append(heading, contents);
  return card;
}

function sumRows() {
  const { subtotal, discount, tax, total } = sums();
  const rows = { Subtotal: subtotal, Discount: -discount, 'Tax (20%)': tax, Total: total };
  return Object.entries(rows).flatMap(([label, cents]) => [make('dt', label), make('dd', euros(cents))]);
}

function render() {
  const page = ['basket', 'orders'].find((name) => location.hash === `#${name}`) || 'shop';
  ['shop', 'basket', 'orders'].forEach((name) => (byId(name).hidden = name !== page));
  const count = state.lines.reduce((sum, line) => sum + line.quantity, 0);
  byId('basket-link').textContent = `Basket (${count})`;
  byId('lines').replaceChildren(...state.lines.map(basketLine));
  if (!count) byId('lines').append(make('li', 'Nothing in here yet.'));
  byId('sums').replaceChildren(...sumRows());
  byId('place').disabled = !count;
  byId('history').replaceChildren(...state.orders.map(orderCard));
  if (!state.orders.length) byId('history').append(make('p', 'You have not ordered yet.'));
}

byId('discount').addEventListener('submit', (event) => {
  event.preventDefault();
  const entered = byId('code').value.trim().toUpperCase();
  const known = Object.hasOwn(DISCOUNTS, entered);
  byId('verdict').textContent = known ? '' : 'Unknown code';
  if (known) state.code = entered;
  keep();
});
byId('place').addEventListener('click', () => {
  state.orders.unshift({ number: state.orders.length + 1, lines: state.lines, total: sums().total });
  state.lines = [];
  state.code = '';
  location.hash = '#orders';
  keep();
});
byId('spices').append(...SPICES.map(spiceCard));
window.addEventListener('hashchange', render);
render();
