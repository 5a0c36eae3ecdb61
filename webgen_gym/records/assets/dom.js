// Building blocks. Text from a run only ever becomes a text node or an attribute value, never markup.

const SVG = 'http://www.w3.org/2000/svg';

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

const h = (tag, attributes, ...children) => filled(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => filled(document.createElementNS(SVG, tag), attributes, children);
const byId = (id) => document.getElementById(id);

const OUTCOMES = {
  started: { label: 'started', glyph: '' },
  shown: { label: 'shown', glyph: '' },
  validated: { label: 'validated', glyph: '✓' },
  finished: { label: 'finished', glyph: '■' },
  backtracked: { label: 'went back', glyph: '↩' },
  malformed: { label: 'malformed', glyph: '!' },
  refused: { label: 'refused', glyph: '!' },
  install_failed: { label: 'install failed', glyph: '×' },
  build_failed: { label: 'build failed', glyph: '×' },
  start_failed: { label: 'start failed', glyph: '×' },
  page_failed: { label: 'page failed', glyph: '×' },
  void: { label: 'void', glyph: '∅' },
};

const outcomeLabel = (outcome) => (Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome].label : outcome || 'unknown');
const outcomeGlyph = (outcome) => (Object.hasOwn(OUTCOMES, outcome) ? OUTCOMES[outcome].glyph : '?');
const outcomeClass = (outcome) => (Object.hasOwn(OUTCOMES, outcome) ? `o-${outcome}` : 'o-unknown');

function chip(outcome, count) {
  const text = outcomeLabel(outcome) + (count > 1 ? ` ×${count}` : '');
  return h('span', { class: `chip ${outcomeClass(outcome)}` }, text);
}

// A void turn stored nothing and has no number of its own.
const turnName = (turn) => (turn.outcome === 'void' ? `Void turn after ${turn.number}` : `Turn ${turn.number ?? '?'}`);

const MINUS = '−';
const isNumber = (value) => typeof value === 'number' && Number.isFinite(value);
const number = (value, digits = 2) => (isNumber(value) ? value.toFixed(digits).replace('-', MINUS) : '–');
const signed = (value) => (value > 0 ? '+' : '') + number(value);
const plural = (count, one, many = one + 's') => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

function seconds(value) {
  if (!isNumber(value)) return '–';
  if (value < 0.9995) return `${Math.round(value * 1000)} ms`;
  if (value < 60) return `${value.toFixed(1)} s`;
  const whole = Math.round(value);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

function characters(text) {
  return text.length < 1000 ? plural(text.length, 'character') : `${(text.length / 1000).toFixed(1)} k characters`;
}

function say(text) {
  byId('said').textContent = text;
}

// -------------------------------------------------------------- screenshots

function shotUrl(name) {
  const held = /^[0-9a-f]+$/.test(name || '') ? byId(`shot-${name}`) : null;
  return held === null ? '' : `data:image/webp;base64,${held.textContent}`;
}

const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      watcher.unobserve(entry.target);
      entry.target.src = shotUrl(entry.target.dataset.shot);
    }
  },
  { rootMargin: '400px' },
);

// A small picture that is decoded only when it comes near the window.
function thumbnail(name, alt) {
  if (!shotUrl(name)) return h('span', { class: 'thumb none', title: 'No screenshot' });
  const image = h('img', { class: 'thumb', alt, decoding: 'async', 'data-shot': name });
  watcher.observe(image);
  return image;
}

// -------------------------------------------------------------- the turns of one rollout

const opened = new Map();

// Unpacked when a rollout is first looked at; the last few are kept.
async function turnsOf(index) {
  if (!opened.has(index)) {
    const packed = Uint8Array.from(atob(byId(`rollout-${index}`).textContent), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    opened.set(index, new Response(stream).json());
    if (opened.size > 8) opened.delete(opened.keys().next().value);
  }
  return opened.get(index);
}

// -------------------------------------------------------------- small parts of the page

function meter(value, most, label) {
  const share = isNumber(value) ? Math.max(0, Math.min(1, value / most)) : 0;
  const bar = h('span', { class: 'meter', role: 'img', 'aria-label': label });
  const fill = h('span', { class: 'fill' });
  fill.style.width = `${share * 100}%`;
  bar.append(fill);
  return bar;
}

function copyButton(text) {
  if (!navigator.clipboard) return null;
  const button = h('button', { type: 'button', class: 'small', onclick: copy }, 'Copy');
  async function copy() {
    await navigator.clipboard.writeText(text).then(
      () => say('Copied'),
      () => say('The browser did not allow copying'),
    );
    button.textContent = 'Copied';
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1500);
  }
  return button;
}

function codeBlock(text, label) {
  return h('pre', { class: 'code', tabindex: 0, role: 'region', 'aria-label': label }, h('code', {}, text));
}

function facts(pairs) {
  return h(
    'dl',
    { class: 'facts' },
    pairs
      .filter(([, value]) => value !== null && value !== '' && value !== undefined)
      .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}
