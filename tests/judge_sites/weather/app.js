const HOURS = [6, 6, 5, 5, 7, 9, 11, 12, 11, 10, 8, 7];
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const CITIES = { Bergen: 9, Oslo: 4, Lisbon: 17, Kyoto: 13 };
const at = (id) => document.getElementById(id);
const saved = ['Bergen', 'Lisbon'];
let city = 'Bergen';
let fahrenheit = false;
const degrees = (celsius) => (fahrenheit ? `${Math.round(celsius * 1.8 + 32)}°F` : `${celsius}°C`);

function show() {
  at('chips').innerHTML = saved.map((name) => `<button data-city="${name}">${name}</button>`).join('');
  if (!at('place')) return;
  const base = CITIES[city];
  at('place').textContent = city;
  at('degrees').textContent = degrees(base);
  const points = HOURS.map((value, hour) => [30 + hour * 52, 150 - (value + base - 9) * 7]);
  at('chart').innerHTML = '<path d="M30 150H620" stroke="#9db3d9"/>'
    + `<polyline points="${points.map((point) => point.join()).join(' ')}" fill="none" stroke="#000080" stroke-width="4"/>`
    + points.map(([x, y], hour) => `<circle cx="${x}" cy="${y}" r="5" fill="#000080"/>`
      + `<text x="${x}" y="${y - 12}" font-size="13" text-anchor="middle" fill="#101b3f">${degrees(HOURS[hour] + base - 9)}</text>`
      + `<text x="${x}" y="172" font-size="12" text-anchor="middle" fill="#3d4a72">${hour * 2}:00</text>`).join('');
  at('days').innerHTML = DAYS.map((day, i) => `<div><strong>${day}</strong><br>${degrees(base + (i % 3) - 1)}</div>`).join('');
}

function go(name) {
  const known = Object.keys(CITIES).find((candidate) => candidate.toLowerCase() === name.trim().toLowerCase());
  at('message').textContent = known ? '' : `No forecast for "${name}" yet.`;
  if (known) city = known;
  show();
}

at('find').addEventListener('submit', (event) => { event.preventDefault(); go(at('city').value); });
at('celsius').addEventListener('click', () => units(false));
at('fahrenheit').addEventListener('click', () => units(true));
function units(wanted) {
  fahrenheit = wanted;
  at('celsius').setAttribute('aria-pressed', String(!wanted));
  at('fahrenheit').setAttribute('aria-pressed', String(wanted));
  show();
}
at('chips').addEventListener('click', (event) => { if (event.target.dataset.city) go(event.target.dataset.city); });
at('save').addEventListener('click', () => {
  if (saved.includes(city)) at('message').textContent = `${city} is saved already.`;
  else saved.push(city);
  show();
});
for (const tab of document.querySelectorAll('.tab')) {
  tab.addEventListener('click', () => {
    for (const other of document.querySelectorAll('.tab')) other.classList.toggle('on', other === tab);
    for (const view of document.querySelectorAll('.view')) view.hidden = view.id !== tab.dataset.view;
  });
}
at('notify')?.addEventListener('click', () => { at('notify').textContent = 'Storm notices are on'; });
show();
