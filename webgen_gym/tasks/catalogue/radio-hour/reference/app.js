const TRACKS = [
  { title: 'Harbour Lights', artist: 'The Lantern Keys', seconds: 120, hue: 210 },
  { title: 'Copper Rain', artist: 'Ida Vestergard', seconds: 180, hue: 24 },
  { title: 'Night Ferry', artist: 'Low Tide Trio', seconds: 90, hue: 260 },
  { title: 'Salt Road', artist: 'Merrin & Sons', seconds: 150, hue: 150 },
];
const stored = (key, otherwise) => JSON.parse(localStorage.getItem(key) || JSON.stringify(otherwise));
const order = stored('order', TRACKS.map((track) => track.title));
const favourites = new Set(stored('favourites', []));
const queue = [];
const trackOf = (title) => TRACKS.find((track) => track.title === title);
const byId = (id) => document.getElementById(id);
const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
let onlyFavourites = false;
let current = '';
let elapsed = 0;
let paused = false;

function trackItem(title, position) {
  const { artist, seconds, hue } = trackOf(title);
  return `<li data-title="${title}">
    <span class="cover" style="--hue: ${hue}" aria-hidden="true">♪</span>
    <span class="name"><b>${title}</b><small>${artist} · ${clock(seconds)}</small></span>
    <button class="play">Play</button>
    <button class="enqueue light">Queue</button>
    <button class="favourite light" aria-label="Favourite" aria-pressed="${favourites.has(title)}">★</button>
    <button class="up light" aria-label="Move up" ${position ? '' : 'disabled'}>↑</button>
    <button class="down light" aria-label="Move down" ${position < order.length - 1 ? '' : 'disabled'}>↓</button>
  </li>`;
}

function render() {
  const shown = order.filter((title) => !onlyFavourites || favourites.has(title));
  byId('tracks').innerHTML =
    shown.map((title) => trackItem(title, order.indexOf(title))).join('') || '<li>No favourites yet</li>';
  byId('queue').innerHTML = queue.map((title) => `<li>${title}</li>`).join('') || '<li>The queue is empty</li>';
  byId('total').textContent = clock(queue.reduce((sum, title) => sum + trackOf(title).seconds, 0));
  byId('all').setAttribute('aria-pressed', !onlyFavourites);
  byId('starred').setAttribute('aria-pressed', onlyFavourites);
  localStorage.setItem('order', JSON.stringify(order));
  localStorage.setItem('favourites', JSON.stringify([...favourites]));
}

function renderPlayer() {
  const percent = current ? Math.round((100 * elapsed) / trackOf(current).seconds) : 0;
  byId('title').textContent = current ? `Now playing: ${current}` : 'Nothing is playing';
  byId('bar').value = percent;
  byId('percent').textContent = `${percent}%`;
  byId('clock').textContent = clock(elapsed);
  byId('pause').textContent = paused ? 'Resume' : 'Pause';
}

function play(title) {
  current = title;
  elapsed = 0;
  paused = false;
  renderPlayer();
}

function goOn() {
  play(queue.length ? queue.shift() : order[(order.indexOf(current) + 1) % order.length]);
  render();
}

function enqueue(title) {
  const refused = queue.includes(title);
  if (!refused) queue.push(title);
  byId('notice').textContent = refused ? 'That track is in the queue already.' : '';
}

function move(title, step) {
  const from = order.indexOf(title);
  order.splice(from, 1);
  order.splice(from + step, 0, title);
}

const ACTIONS = {
  play,
  enqueue,
  favourite: (title) => favourites.delete(title) || favourites.add(title),
  up: (title) => move(title, -1),
  down: (title) => move(title, 1),
};
byId('tracks').addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  ACTIONS[button.classList[0]](button.closest('li').dataset.title);
  render();
});
function show(starred) {
  onlyFavourites = starred;
  render();
}
byId('all').addEventListener('click', () => show(false));
byId('starred').addEventListener('click', () => show(true));
byId('pause').addEventListener('click', () => {
  paused = !paused;
  renderPlayer();
});
setInterval(() => {
  if (!current || paused) return;
  elapsed += 1;
  if (elapsed >= trackOf(current).seconds) goOn();
  renderPlayer();
}, 1000);
render();
