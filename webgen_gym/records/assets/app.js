// Where one is, and the keys that lead elsewhere. The address after '#' says it all, so a link to a turn can be kept.

const data = JSON.parse(byId('overview').textContent);
data.scale = rewardScale(data.rollouts);
const here = { index: -1, place: 0 };

function addressOf(name, place) {
  return `#rollout=${encodeURIComponent(name)}&turn=${place}`;
}

function wanted() {
  const words = new URLSearchParams(location.hash.slice(1));
  const index = words.has('rollout') ? data.rollouts.findIndex((rollout) => rollout.name === words.get('rollout')) : -1;
  const last = index < 0 ? 0 : Math.max(data.rollouts[index].turns.length - 1, 0);
  return { index, place: Math.min(Math.max(Number.parseInt(words.get('turn'), 10) || 0, 0), last) };
}

function go(index, place) {
  location.hash = index < 0 ? '' : addressOf(data.rollouts[index].name, place);
}

async function show() {
  const { index, place } = wanted();
  const stays = index === here.index && byId('turn') !== null;
  Object.assign(here, { index, place });
  if (index < 0) {
    byId('main').replaceChildren(...flat(overviewPage(data)));
    document.title = `${data.name} · webgen-gym report`;
  } else if (stays) {
    byId('turn').replaceChildren(...flat(turnPage(data, data.rollouts[index], await turnsOf(index), place)));
  } else {
    const page = await rolloutPage(data, index, place, (picked) => go(index, picked));
    if (here.index !== index) return;
    byId('main').replaceChildren(...flat(page));
    window.scrollTo(0, 0);
  }
  drawBar();
  if (index >= 0) arrive(index, place);
}

function arrive(index, place) {
  const rollout = data.rollouts[index];
  document.title = `${rollout.task || rollout.name} · ${data.name}`;
  markTurn(place);
  const turn = rollout.turns[place];
  if (turn) say(`${turnName(turn)}, ${outcomeLabel(turn.outcome)}, reward ${number(turn.reward)}`);
}

const flat = (nodes) => [nodes].flat(Infinity).filter(Boolean);

// -------------------------------------------------------------- the bar at the top

function drawBar() {
  const inside = here.index >= 0;
  const crumbs = h(
    'nav',
    { 'aria-label': 'Where you are' },
    inside ? h('a', { href: '#' }, data.name) : h('span', { 'aria-current': 'page' }, data.name),
    inside
      ? [
          h('span', { class: 'muted', 'aria-hidden': true }, ' / '),
          h('span', { 'aria-current': 'page' }, data.rollouts[here.index].task || data.rollouts[here.index].name),
        ]
      : null,
  );
  byId('bar').replaceChildren(
    h('span', { class: 'brand' }, 'webgen-gym'),
    crumbs,
    h(
      'div',
      { class: 'moves' },
      inside ? moves() : null,
      h('button', { type: 'button', class: 'small', onclick: help }, 'Keys ', h('kbd', {}, '?')),
    ),
  );
}

function moves() {
  const rollout = data.rollouts[here.index];
  const chosen = rollout.chosen ? rollout.chosen.place : -1;
  const button = (label, key, act, able) =>
    h(
      'button',
      { type: 'button', class: 'small', disabled: !able, title: label, 'aria-label': label, onclick: act },
      h('kbd', {}, key),
    );
  const [before, after] = neighbours();
  return [
    h(
      'span',
      { class: 'group' },
      h('span', { class: 'muted' }, 'Rollout'),
      button('Previous rollout', '↑', () => moveRollout(-1), before !== null),
      button('Next rollout', '↓', () => moveRollout(1), after !== null),
    ),
    h(
      'span',
      { class: 'group' },
      h('span', { class: 'muted' }, 'Turn'),
      button('Previous turn', '←', () => moveTurn(-1), here.place > 0),
      button('Next turn', '→', () => moveTurn(1), here.place < rollout.turns.length - 1),
      button('Chosen turn', '★', () => go(here.index, chosen), chosen >= 0 && chosen !== here.place),
    ),
  ];
}

// -------------------------------------------------------------- moving

// The rollouts before and after this one, in the order of the list.
function neighbours() {
  const order = listed(data).map(({ index }) => index);
  const all = order.includes(here.index) ? order : data.rollouts.map((_, index) => index);
  const at = all.indexOf(here.index);
  return [all[at - 1] ?? null, all[at + 1] ?? null];
}

function moveTurn(by) {
  const place = here.place + by;
  if (here.index >= 0 && place >= 0 && place < data.rollouts[here.index].turns.length) go(here.index, place);
}

function moveRollout(by) {
  const index = neighbours()[by < 0 ? 0 : 1];
  if (index === null) return;
  const { chosen } = data.rollouts[index];
  go(index, chosen && chosen.place >= 0 ? chosen.place : 0);
}

function moveRow(by) {
  const links = [...document.querySelectorAll('.rollout-row a')];
  const at = links.indexOf(document.activeElement);
  links[at < 0 ? 0 : Math.min(Math.max(at + by, 0), links.length - 1)]?.focus();
}

function pressTab(name) {
  document.querySelector(`[data-tab="${name}"]`)?.click();
}

const TABS = ['changes', 'reply', 'feedback', 'log', 'ids'];

function act(key) {
  const inside = here.index >= 0;
  const moves = {
    ArrowLeft: () => moveTurn(-1),
    ArrowRight: () => moveTurn(1),
    ArrowUp: () => (inside ? moveRollout(-1) : moveRow(-1)),
    ArrowDown: () => (inside ? moveRollout(1) : moveRow(1)),
    Escape: () => inside && go(-1),
    '/': () => byId('search')?.focus(),
    '?': help,
    c: () =>
      inside && data.rollouts[here.index].chosen?.place >= 0 && go(here.index, data.rollouts[here.index].chosen.place),
    z: () => byId('zoom')?.click(),
  };
  TABS.forEach((name, place) => {
    moves[String(place + 1)] = () => inside && pressTab(name);
  });
  if (!Object.hasOwn(moves, key)) return false;
  moves[key]();
  return true;
}

// Keys stay with whoever needs them: fields, an open dialog, and a block of code that is being scrolled.
function taken(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return true;
  if (event.target.closest('input, select, textarea')) return true;
  return event.key.startsWith('Arrow') && event.target.closest('.code, .diff') !== null;
}

function help() {
  const keys = [
    ['← →', 'turns'],
    ['↑ ↓', 'rollouts, in the order of the list'],
    ['c', 'the chosen turn'],
    ['1 – 5', 'changes, reply, feedback, build log, time and ids'],
    ['z', 'screenshot in full size'],
    ['/', 'search'],
    ['Esc', 'back to the list'],
  ];
  const dialog = h(
    'dialog',
    { class: 'help', 'aria-label': 'Keys', onclose: () => dialog.remove() },
    h('h2', {}, 'Keys'),
    h(
      'dl',
      { class: 'facts' },
      keys.map(([key, what]) => h('div', {}, h('dt', {}, h('kbd', {}, key)), h('dd', {}, what))),
    ),
    h('button', { type: 'button', class: 'small', onclick: () => dialog.close() }, 'Close'),
  );
  document.body.append(dialog);
  dialog.showModal();
}

document.addEventListener('keydown', (event) => {
  if (!taken(event) && act(event.key)) event.preventDefault();
});
window.addEventListener('hashchange', show);
let resizing = 0;
window.addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(() => {
    if (here.index < 0) return;
    here.index = -2;
    show();
  }, 200);
});
if (typeof DecompressionStream === 'undefined') {
  byId('main').append(
    h(
      'p',
      { class: 'notice' },
      'This browser is too old for this page: it has no DecompressionStream. Chrome 80, Firefox 113 and Safari 16.4 have it.',
    ),
  );
} else show();
