const A = [
  { t: 'Whale Skeleton Returns', k: 'Exhibitions', d: '12 Jan 2026', s: 'The blue whale is back in the hall.' },
  { t: 'Moth Survey Finds Two Species', k: 'Research', d: '10 Jan 2026', s: 'New to the region.' },
  { t: 'Lantern Night for Families', k: 'Events', d: '9 Jan 2026', s: 'Bring a torch.' },
];
const app = document.getElementById('app');
let saved = JSON.parse(localStorage.getItem('s') || '[]');
let topic = 'All',
  q = '';
const keep = () => localStorage.setItem('s', JSON.stringify(saved));
function card(a) {
  return `<div class="card"><h2>${a.t}</h2><small>${a.d} · ${a.k}</small><p>${a.s}</p><button onclick="read('${a.t}')">Read more</button><button onclick="save('${a.t}')">${saved.includes(a.t) ? 'Remove from saved' : 'Save for later'}</button></div>`;
}
function home() {
  app.innerHTML =
    `<div class="tabs">${['All', 'Exhibitions', 'Research', 'Events'].map((k) => `<button onclick="topic='${k}';home()">${k}</button>`).join('')}<form onsubmit="event.preventDefault();find(this.elements[0].value)"><input name="q" type="search" value="${q}" aria-label="Search articles"><button>Search</button></form></div>` +
    A.filter((a) => (topic === 'All' || a.k === topic) && a.t.toLowerCase().includes(q.toLowerCase()))
      .map(card)
      .join('');
}
function read(t) {
  const a = A.find((a) => a.t === t);
  app.innerHTML = `<div class="card"><h1>${a.t}</h1><p>${a.s}</p><p>${'It took the curators months of careful work. '.repeat(8)}</p><button onclick="home()">Back</button></div>`;
}
let view = 'home';
function find(v) {
  q = v;
  home();
}
function save(t) {
  saved = saved.includes(t) ? saved.filter((x) => x !== t) : [...saved, t];
  keep();
  view === 'saved' ? list() : home();
}
function list() {
  view = 'saved';
  app.innerHTML =
    '<h1>Saved articles</h1>' +
    (A.filter((a) => saved.includes(a.t))
      .map(card)
      .join('') || '<p>Nothing saved yet.</p>');
}
document.getElementById('home').onclick = () => {
  view = 'home';
  home();
};
document.getElementById('saved').onclick = list;
home();
