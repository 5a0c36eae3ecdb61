const DAYS = ['2025-05-03', '2025-05-10', '2025-05-17'];
const PRODUCTS = [
  { name: 'Plum Jam', colour: '#7b1fa2', sold: [12, 18, 9] },
  { name: 'Rye Loaf', colour: '#c98a1b', sold: [30, 25, 41] },
  { name: 'Goat Cheese', colour: '#2f8f83', sold: [7, 15, 22] },
];
const CHART_HEIGHT = 190;
const HIGHEST = Math.max(...PRODUCTS.flatMap((product) => product.sold));
const byId = (id) => document.getElementById(id);
let view = localStorage.getItem('view') || 'chart';
let range = { from: DAYS[0], to: DAYS.at(-1) };

const inRange = () => DAYS.map((day, index) => ({ day, index })).filter(({ day }) => day >= range.from && day <= range.to);
const totalOf = (product) => inRange().reduce((sum, { index }) => sum + product.sold[index], 0);

function figures() {
  const all = { name: 'Total sold', colour: 'purple', total: PRODUCTS.reduce((sum, product) => sum + totalOf(product), 0) };
  return [all, ...PRODUCTS.map((product) => ({ ...product, total: totalOf(product) }))]
    .map(({ name, colour, total }) => `<div class="card" style="--mark: ${colour}"><span>${name}</span><b>${total}</b></div>`)
    .join('');
}

function bar(product, index, left) {
  const height = (product.sold[index] / HIGHEST) * CHART_HEIGHT;
  const top = CHART_HEIGHT + 20 - height;
  return `<rect x="${left}" y="${top}" width="62" height="${height}" rx="5" fill="${product.colour}"/>
    <text x="${left + 31}" y="${top - 6}">${product.sold[index]}</text>`;
}

function chart() {
  const groups = inRange().map(({ day, index }, place) => {
    const left = 40 + place * 290;
    const bars = PRODUCTS.map((product, number) => bar(product, index, left + number * 72)).join('');
    return `${bars}<text x="${left + 103}" y="${CHART_HEIGHT + 44}">${day}</text>`;
  });
  return `<svg viewBox="0 0 900 250" role="img" aria-label="Bar chart of sales">
    <path d="M20 ${CHART_HEIGHT + 20}H880" stroke="#b9a9bd"/>${groups.join('')}</svg>`;
}

function table() {
  const days = inRange();
  const rows = PRODUCTS.map((product) => {
    const cells = days.map(({ index }) => `<td>${product.sold[index]}</td>`).join('');
    const average = days.length ? totalOf(product) / days.length : 0;
    return `<tr><th scope="row">${product.name}</th>${cells}<td>${average.toFixed(2)}</td></tr>`;
  });
  const heads = days.map(({ day }) => `<th>${day}</th>`).join('');
  return `<table><thead><tr><th>Product</th>${heads}<th>Average</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function render() {
  byId('figures').innerHTML = figures();
  byId('data').innerHTML = view === 'table' ? table() : chart();
  byId('csv').textContent = '';
  byId('difference').textContent = '';
  for (const button of document.querySelectorAll('[data-view]')) {
    button.setAttribute('aria-pressed', button.dataset.view === view);
  }
}

function compare(first, second) {
  if (first === second) return 'Please choose two different products.';
  const [one, other] = [first, second].map((name) => totalOf(PRODUCTS.find((product) => product.name === name)));
  return `${one >= other ? first : second} leads, the difference is ${Math.abs(one - other)}.`;
}

function csv() {
  const lines = inRange().flatMap(({ day, index }) => PRODUCTS.map(({ name, sold }) => `${day},${name},${sold[index]}`));
  return ['date,product,sold', ...lines].join('\n');
}

byId('range').addEventListener('input', () => {
  const chosen = { from: byId('from').value, to: byId('to').value };
  const wrong = chosen.to < chosen.from;
  byId('problem').textContent = wrong ? 'The range ends before it begins' : '';
  if (wrong) return;
  range = chosen;
  render();
});
for (const button of document.querySelectorAll('[data-view]')) {
  button.addEventListener('click', () => {
    view = button.dataset.view;
    localStorage.setItem('view', view);
    render();
  });
}
byId('comparison').addEventListener('submit', (event) => {
  event.preventDefault();
  byId('difference').textContent = compare(byId('first').value, byId('second').value);
});
byId('export').addEventListener('click', () => (byId('csv').textContent = csv()));
for (const select of [byId('first'), byId('second')]) {
  select.innerHTML = PRODUCTS.map((product) => `<option>${product.name}</option>`).join('');
}
byId('second').selectedIndex = 1;
render();
