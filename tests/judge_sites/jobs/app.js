const JOBS = [
  ['Ward nurse, nights', 'Polar Hospital', 'Tromsø', 'Full time', 46],
  ['Crane operator', 'Kirkenes Harbour', 'Kiruna', 'Full time', 52],
  ['Aurora guide', 'Skywatch Tours', 'Rovaniemi', 'Seasonal', 28],
  ['Mathematics teacher', 'Lapland School', 'Rovaniemi', 'Part time', 31],
  ['Observatory technician', 'Esrange', 'Kiruna', 'Full time', 49],
];
const at = (id) => document.getElementById(id);

function show() {
  if (!at('jobs')) return;
  const words = at('query').value.toLowerCase();
  const kinds = Array.from(document.querySelectorAll('[name=kind]:checked'), (box) => box.value);
  const found = JOBS.filter(([title, firm]) => `${title} ${firm}`.toLowerCase().includes(words))
    .filter(([, , place]) => at('place').value === 'Any location' || place === at('place').value)
    .filter(([, , , kind, salary]) => kinds.includes(kind) && salary >= Number(at('salary').value));
  at('floor').textContent = `from €${at('salary').value}k`;
  at('found').textContent = found.length === 1 ? '1 job found' : `${found.length} jobs found`;
  at('jobs').innerHTML = found.map(([title, firm, place, kind, salary]) => `<article><div><h3>${title}</h3>
    <p>${firm} · ${place} · ${kind} · €${salary}k</p></div><button data-title="${title}">Apply</button></article>`).join('');
}

at('find').addEventListener('submit', (event) => { event.preventDefault(); show(); });
if (at('jobs')) {
  at('listings').addEventListener('input', show);
  at('jobs').addEventListener('click', ({ target }) => {
    if (!target.dataset.title) return;
    at('application').querySelector('h2').textContent = `Apply: ${target.dataset.title}`;
    at('apply').showModal();
  });
  at('dismiss').addEventListener('click', () => at('apply').close());
  at('application').addEventListener('submit', (event) => {
    event.preventDefault();
    at('apply').close();
    at('applied').textContent = 'Your application is on its way.';
  });
  show();
}
at('login').addEventListener('click', () => { at('login').textContent = at('login').textContent === 'Log in' ? 'Log out' : 'Log in'; });
at('alert').addEventListener('click', () => { at('alerted').textContent = 'Alert created. Watch your inbox.'; });
