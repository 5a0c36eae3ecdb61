const PADDING = 100;

// The page of one rollout: what was asked for, its turns, and the turn that is looked at.

async function rolloutPage(data, index, place, onPick) {
  const rollout = data.rollouts[index];
  const turns = await turnsOf(index);
  const title = rollout.task || rollout.name || 'unnamed';
  const head = h(
    'section',
    { class: 'rollout-head', 'aria-label': 'Rollout' },
    h('h1', {}, title),
    h('p', { class: 'muted meta' }, metaLine(rollout, title)),
    rollout.instruction ? h('p', { class: 'asked', title: rollout.instruction }, rollout.instruction) : null,
    asked(rollout),
  );
  if (!turns.length) return [head, h('p', { class: 'notice' }, 'No turn of this rollout was recorded.')];
  const view = { names: data.parts, scale: data.scale, onPick, width: byId('main').clientWidth - PADDING };
  const strip = h(
    'section',
    { class: 'strip', 'aria-label': 'Timeline' },
    stripHead(data, rollout),
    h(
      'div',
      { class: 'scroller' },
      timeline(
        rollout,
        turns.map((turn) => turn.shot.name),
        view,
      ),
    ),
  );
  return [
    head,
    strip,
    h('article', { id: 'turn', 'aria-labelledby': 'turn-title' }, turnPage(data, rollout, turns, place)),
  ];
}

function metaLine(rollout, title) {
  const { chosen } = rollout;
  const parts = [
    rollout.name !== title ? rollout.name : null,
    rollout.category || null,
    rollout.agent ? `played by ${rollout.agent}` : null,
    rollout.seed !== null && rollout.seed !== undefined ? `seed ${rollout.seed}` : null,
    seconds(rollout.seconds),
    chosenWords(chosen),
    rollout.finished ? null : 'no recorded result yet',
  ];
  return parts.filter(Boolean).join(' · ');
}

function chosenWords(chosen) {
  if (!chosen) return 'no turn was chosen';
  const scores = `appearance ${number(chosen.appearance)}, functionality ${number(chosen.functionality)}`;
  const which = chosen.recorded ? `chosen: turn ${chosen.number}` : `best so far: turn ${chosen.number}`;
  return `${which} (${scores})${chosen.place < 0 ? ', which is not among the recorded turns' : ''}`;
}

function asked(rollout) {
  const long = rollout.instruction.length > 260;
  if (!long && !rollout.tests.length) return null;
  return h(
    'details',
    { class: 'task' },
    h(
      'summary',
      {},
      rollout.tests.length
        ? `The task in full, and its ${plural(rollout.tests.length, 'UI test')}`
        : 'The task in full',
    ),
    h('p', { class: 'whole' }, rollout.instruction),
    rollout.tests.length
      ? h(
          'ol',
          {},
          rollout.tests.map(({ task, expected }) => h('li', {}, task, h('span', { class: 'muted' }, ` → ${expected}`))),
        )
      : null,
  );
}

function stripHead(data, rollout) {
  const used = data.parts.filter((_, place) => place < 3 || rollout.turns.some((turn) => turn.parts[place]));
  return h(
    'div',
    { class: 'strip-head' },
    h('h2', {}, 'Reward per turn'),
    h(
      'ul',
      { class: 'legend' },
      used.map((name) =>
        h('li', {}, h('span', { class: `swatch ${partClass(name, data.parts.indexOf(name))}` }), name),
      ),
    ),
    h('span', { class: 'muted' }, '★ chosen, solid line: the way to it, dashed: going back'),
  );
}

function markTurn(place) {
  for (const node of document.querySelectorAll('.timeline [data-place]')) {
    const here = Number(node.dataset.place) === place;
    node.classList.toggle('here', here);
    if (node.tagName === 'BUTTON') node.setAttribute('aria-current', here ? 'true' : 'false');
  }
  document.querySelector('.column.here')?.scrollIntoView({ block: 'nearest', inline: 'center' });
}
