const items = [
  ['Rye Sourdough', 'bread', 5.2],
  ['Seeded Loaf', 'bread', 4.8],
  ['Cardamom Bun', 'pastry', 3.1],
  ['Plum Tart', 'pastry', 4.4],
];
function show(k) {
  document.getElementById('list').innerHTML = items
    .filter((i) => !k || i[1] === k)
    .map((i) => `<div class="card"><b>${i[0]}</b> €${i[2].toFixed(2)}</div>`)
    .join('');
}
document.querySelectorAll('[data-k]').forEach((b) => (b.onclick = () => show(b.dataset.k)));
show('');
document.getElementById('f').onsubmit = (e) => {
  e.preventDefault();
  const n = new FormData(e.target).get('name');
  setTimeout(() => {
    document.getElementById('thanks').textContent = `Thank you, ${n}! We will answer soon.`;
    e.target.reset();
  }, 800);
};
