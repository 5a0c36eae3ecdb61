const WORKS = [
  { title: 'Smoke Decanter', year: 2024, size: 27.94, hue: 265, shape: 'M52 10h16v30l22 28c14 22 2 42-30 42S16 90 30 68l22-28Z' },
  { title: 'Frost Lantern', year: 2023, size: 45.72, hue: 195, shape: 'M40 12h40l14 84-34 14-34-14Z' },
  { title: 'Ember Vase', year: 2021, size: 30.48, hue: 12, shape: 'M44 10h32c-6 22 26 40 14 72-6 18-12 28-30 28s-24-10-30-28c-12-32 20-50 14-72Z' },
  { title: 'Tidal Bowl', year: 2021, size: 38.1, hue: 165, shape: 'M8 46h104c0 40-22 62-52 62S8 86 8 46Z' },
];
const CM_PER_INCH = 2.54;
const SHORTEST_MESSAGE = 20;
const byId = (id) => document.getElementById(id);
let year = 'All';
let openIndex = 0;

function drawing(work) {
  return `<svg viewBox="0 0 120 120" role="img" aria-label="${work.title}, drawn">
    <defs><linearGradient id="glow${work.hue}" x1="0" y1="0" x2="1" y2="1">
      <stop offset="0" stop-color="hsl(${work.hue} 80% 86%)"/><stop offset="1" stop-color="hsl(${work.hue} 55% 42%)"/>
    </linearGradient></defs>
    <ellipse cx="60" cy="112" rx="44" ry="5" fill="#0002"/><path d="${work.shape}" fill="url(#glow${work.hue})"/>
  </svg>`;
}

function sizeOf(work) {
  return byId('inches').checked ? `${(work.size / CM_PER_INCH).toFixed(1)} in` : `${work.size} cm`;
}

function shownWorks() {
  return WORKS.filter((work) => year === 'All' || work.year === year);
}

function render() {
  byId('gallery').innerHTML = shownWorks()
    .map(
      (work, index) => `<button class="work" data-index="${index}" aria-label="Open ${work.title}">
        ${drawing(work)}<b>${work.title}</b><span>${work.year} · ${sizeOf(work)}</span></button>`,
    )
    .join('');
  for (const button of byId('years').children) button.setAttribute('aria-pressed', button.textContent === String(year));
}

function enlarge(index) {
  const works = shownWorks();
  openIndex = (index + works.length) % works.length;
  const work = works[openIndex];
  byId('large').innerHTML = `${drawing(work)}<h2>${work.title}</h2><p>${work.year} · ${sizeOf(work)}</p>`;
  byId('place').textContent = `${openIndex + 1} of ${works.length}`;
  if (!byId('lightbox').open) byId('lightbox').showModal();
}

function problemWith(email, message) {
  if (!/^\S+@\S+\.\S+$/.test(email)) return 'This is no email address.';
  if (message.trim().length < SHORTEST_MESSAGE) return `Please write ${SHORTEST_MESSAGE} characters at least.`;
  return '';
}

byId('gallery').addEventListener('click', (event) => {
  const card = event.target.closest('.work');
  if (card) enlarge(Number(card.dataset.index));
});
byId('next').addEventListener('click', () => enlarge(openIndex + 1));
byId('previous').addEventListener('click', () => enlarge(openIndex - 1));
byId('close').addEventListener('click', () => byId('lightbox').close());
byId('inches').addEventListener('change', () => {
  localStorage.setItem('inches', byId('inches').checked ? 'yes' : '');
  render();
});
byId('letter').addEventListener('submit', (event) => {
  event.preventDefault();
  const problem = problemWith(byId('email').value, byId('message').value);
  byId('answer').textContent = problem || `Thank you, ${byId('sender').value}! Oona answers within a week.`;
  if (!problem) byId('letter').reset();
});
for (const choice of ['All', ...new Set(WORKS.map((work) => work.year))]) {
  const button = document.createElement('button');
  button.textContent = choice;
  button.addEventListener('click', () => {
    year = choice;
    render();
  });
  byId('years').append(button);
}
byId('inches').checked = localStorage.getItem('inches') === 'yes';
render();
