// The list of rollouts: order, search, and one row for each.

const listState = { text: '', outcome: '', sort: 'name', down: false };

const total = (rollout) => {
  const { appearance, functionality } = rollout.chosen || {};
  return isNumber(appearance) || isNumber(functionality) ? (appearance || 0) + (functionality || 0) : null;
};

const SORTS = {
  name: { label: 'Rollout', key: (rollout) => rollout.task + rollout.name },
  total: { label: 'Total', key: total },
  appearance: { label: 'Appearance', key: (rollout) => rollout.chosen?.appearance ?? null },
  functionality: { label: 'Functionality', key: (rollout) => rollout.chosen?.functionality ?? null },
  turns: { label: 'Turns', key: (rollout) => rollout.turns.length },
  seconds: { label: 'Time', key: (rollout) => rollout.seconds },
};

// The rollouts as the list shows them now; the keys ↑ and ↓ follow this order on a rollout's page too.
function listed(data) {
  const words = listState.text.toLowerCase().split(/\s+/).filter(Boolean);
  const { key } = SORTS[listState.sort];
  const order = (one, other) => {
    const [a, b] = [key(one.rollout), key(other.rollout)];
    if (a === null || b === null) return (a === null) - (b === null);
    const sign = typeof a === 'string' ? a.localeCompare(b, 'en', { numeric: true }) : a - b;
    return (listState.down ? -sign : sign) || one.index - other.index;
  };
  return data.rollouts
    .map((rollout, index) => ({ rollout, index }))
    .filter(({ rollout }) => matches(rollout, words))
    .filter(({ rollout }) => !listState.outcome || hasOutcome(rollout, listState.outcome))
    .sort(order);
}

function matches(rollout, words) {
  const text = [rollout.name, rollout.task, rollout.instruction, rollout.category, rollout.agent]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

function hasOutcome(rollout, outcome) {
  if (outcome === 'unscored') return rollout.unscored > 0;
  if (outcome === 'unfinished') return !rollout.finished;
  if (outcome === 'nothing') return rollout.chosen === null;
  return Object.hasOwn(rollout.outcomes, outcome);
}

// -------------------------------------------------------------- the rollouts

function sparkLegend(data) {
  return h(
    'ul',
    { class: 'legend spark-legend muted' },
    data.parts.map((name, place) => h('li', {}, h('span', { class: `swatch ${partClass(name, place)}` }), name)),
    h('li', {}, h('span', { class: 'swatch chosen-mark' }), 'chosen turn'),
  );
}

function tools(data, redraw) {
  const option = (value, label) => h('option', { value, selected: listState.outcome === value }, label);
  const outcomes = Object.keys(data.totals.outcomes).map((outcome) =>
    option(outcome, `with a turn ${outcomeLabel(outcome)}`),
  );
  return [
    h(
      'label',
      { class: 'search' },
      h('span', { class: 'visually-hidden' }, 'Search'),
      h('input', {
        type: 'search',
        id: 'search',
        placeholder: 'Search task, instruction, agent…  ( / )',
        value: listState.text,
        oninput: (event) => {
          listState.text = event.target.value;
          redraw();
        },
      }),
    ),
    h(
      'label',
      {},
      h('span', { class: 'visually-hidden' }, 'Show'),
      h(
        'select',
        {
          onchange: (event) => {
            listState.outcome = event.target.value;
            redraw();
          },
        },
        option('', 'all rollouts'),
        outcomes,
        option('unscored', 'with an unscored turn'),
        option('unfinished', 'without a recorded result'),
        option('nothing', 'without a chosen turn'),
      ),
    ),
  ];
}

function drawRows(data, rows, shown, heads, redraw) {
  const found = listed(data);
  heads.replaceChildren(
    h('th', { scope: 'col' }, h('span', { class: 'visually-hidden' }, 'Chosen turn')),
    ...Object.keys(SORTS)
      .slice(0, 1)
      .map((name) => sortHead(name, redraw)),
    h('th', { scope: 'col' }, 'Reward per turn'),
    ...Object.keys(SORTS)
      .slice(1)
      .map((name) => sortHead(name, redraw)),
  );
  rows.replaceChildren(...found.map(({ rollout }) => rolloutRow(data, rollout)));
  if (!found.length) rows.append(h('tr', {}, h('td', { colspan: 8, class: 'nothing' }, 'No rollout matches.')));
  shown.textContent =
    found.length === data.rollouts.length
      ? plural(found.length, 'rollout')
      : `${found.length} of ${data.rollouts.length}`;
}

function sortHead(name, redraw) {
  const active = listState.sort === name;
  const flip = () => {
    listState.down = active ? !listState.down : name !== 'name';
    listState.sort = name;
    redraw();
    document.querySelector(`[data-sort="${name}"]`)?.focus();
  };
  return h(
    'th',
    {
      scope: 'col',
      class: { name: '', seconds: 'number time' }[name] ?? 'number',
      'aria-sort': active ? (listState.down ? 'descending' : 'ascending') : 'none',
    },
    h(
      'button',
      { type: 'button', class: 'sort', 'data-sort': name, onclick: flip },
      SORTS[name].label,
      h('span', { 'aria-hidden': true }, active ? (listState.down ? ' ↓' : ' ↑') : ''),
    ),
  );
}

function rolloutRow(data, rollout) {
  const address = addressOf(rollout.name, rollout.chosen && rollout.chosen.place >= 0 ? rollout.chosen.place : 0);
  const { chosen } = rollout;
  const score = (value, kind) =>
    h('td', { class: `number ${kind}` }, h('span', {}, number(value)), meter(value, 5, `${number(value)} of 5`));
  const title = rollout.task || rollout.name || 'unnamed';
  return h(
    'tr',
    {
      class: 'rollout-row',
      onclick: (event) => {
        if (!event.target.closest('a')) location.hash = address;
      },
    },
    h('td', { class: 'thumb-cell' }, thumbnail(rollout.shot, '')),
    h(
      'td',
      { class: 'about' },
      h('a', { href: address }, title),
      rollout.name !== title ? h('span', { class: 'muted' }, ` ${rollout.name}`) : null,
      h('p', { class: 'instruction' }, rollout.instruction || 'The instruction is missing.'),
      h(
        'p',
        { class: 'chips' },
        Object.entries(rollout.outcomes).map(([outcome, count]) => chip(outcome, count)),
        rollout.unscored ? h('span', { class: 'chip o-unscored' }, `unscored ×${rollout.unscored}`) : null,
        rollout.finished ? null : h('span', { class: 'chip o-unknown' }, 'no result yet'),
      ),
    ),
    h('td', { class: 'spark-cell' }, sparkline(rollout, data.parts, data.scale)),
    h('td', { class: 'number total' }, number(total(rollout))),
    score(chosen?.appearance, 'a'),
    score(chosen?.functionality, 'f'),
    h('td', { class: 'number' }, String(rollout.turns.filter((turn) => turn.outcome !== 'started').length)),
    h('td', { class: 'number time' }, seconds(rollout.seconds)),
  );
}
