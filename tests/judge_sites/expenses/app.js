const COLOURS = { Food: '#2f4f4f', Rent: '#5f9e8f', Transport: '#d98e4a' };
const at = (id) => document.getElementById(id);
let next = 5;
let budget = 1200;
let expenses = [
  { id: 1, date: '02 Jan', what: 'January rent', category: 'Rent', amount: 640 },
  { id: 2, date: '05 Jan', what: 'Market vegetables', category: 'Food', amount: 38.4 },
  { id: 3, date: '08 Jan', what: 'Train pass', category: 'Transport', amount: 72 },
  { id: 4, date: '11 Jan', what: 'Bakery', category: 'Food', amount: 12.6 },
];
const sum = (rows) => rows.reduce((total, row) => total + row.amount, 0);
const money = (value) => `€${value.toFixed(2)}`;

function show() {
  at('spent').textContent = money(sum(expenses));
  at('left').textContent = money(budget - sum(expenses));
  at('entries').textContent = expenses.length;
  at('budget').textContent = money(budget);
  if (!at('rows')) return;
  const wanted = at('filter').value;
  at('rows').innerHTML = expenses.filter((row) => wanted === 'All' || row.category === wanted)
    .map((row) => `<tr><td>${row.date}</td><td>${row.what}</td><td>${row.category}</td><td>${money(row.amount)}</td>
      <td><button data-id="${row.id}" aria-label="Delete ${row.what}">Delete</button></td></tr>`).join('');
  const most = Math.max(1, ...Object.keys(COLOURS).map((name) => sum(expenses.filter((row) => row.category === name))));
  at('chart').innerHTML = Object.entries(COLOURS).map(([name, colour], i) => {
    const total = sum(expenses.filter((row) => row.category === name));
    const height = 120 * total / most;
    return `<rect x="${30 + i * 92}" y="${145 - height}" width="60" height="${height}" rx="5" fill="${colour}"/>`
      + `<text x="${60 + i * 92}" y="${138 - height}" font-size="12" text-anchor="middle">${money(total)}</text>`
      + `<text x="${60 + i * 92}" y="166" font-size="13" text-anchor="middle">${name}</text>`;
  }).join('');
}

if (at('add')) {
  at('add').addEventListener('submit', (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    expenses.push({ id: next++, date: '15 Jan', what: data.get('what'), category: data.get('category'), amount: Number(data.get('amount')) });
    event.target.reset();
    show();
  });
  at('filter').addEventListener('change', show);
  at('rows').addEventListener('click', (event) => {
    expenses = expenses.filter((row) => String(row.id) !== event.target.dataset.id);
    show();
  });
}
at('less').addEventListener('click', () => { budget -= 50; show(); });
at('more').addEventListener('click', () => { budget += 50; show(); });
at('export').addEventListener('click', () => { at('export').textContent = 'Exported 4 rows'.replace('4', expenses.length); });
show();
