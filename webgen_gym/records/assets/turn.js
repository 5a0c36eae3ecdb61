// One turn: what was shown, what it was worth and why, what was said and done.

const shownTab = { name: 'changes' };

function turnPage(data, rollout, turns, place) {
  const turn = turns[place];
  return [
    turnHead(data, rollout, turns, place),
    h(
      'div',
      { class: 'turn-grid' },
      h('div', { class: 'seen' }, screenshot(turn, turns, place), lookCard(turn.look)),
      h('div', { class: 'judged' }, faultsCard(turn), verdicts(turns, place), buildCard(turn.build)),
      turnTabs(data, turn),
    ),
    turn.dropped
      ? h('p', { class: 'muted' }, `${plural(turn.dropped, 'entry', 'entries')} of long lists left out of this page.`)
      : null,
  ];
}

function turnHead(data, rollout, turns, place) {
  const turn = turns[place];
  const parts = Object.entries(turn.reward_parts || {}).filter(([, value]) => value);
  const sum = parts.map(([name, value], index) => [
    index ? (value < 0 ? ` ${MINUS} ` : ' + ') : value < 0 ? MINUS : '',
    h('span', { class: `part ${partClass(name, data.parts.indexOf(name))}` }, number(Math.abs(value))),
    ` ${name}`,
  ]);
  const chosen = rollout.chosen && rollout.chosen.place === place;
  return h(
    'header',
    { class: 'turn-head' },
    h('h2', { id: 'turn-title' }, turnName(turn)),
    chip(turn.outcome),
    chosen ? h('span', { class: 'chip chosen-chip' }, rollout.chosen.recorded ? '★ chosen' : '★ best so far') : null,
    turn.outcome === 'started'
      ? null
      : h('p', { class: 'sum' }, 'Reward ', h('b', {}, number(turn.reward)), parts.length ? [' = ', sum] : null),
    h('p', { class: 'flags muted' }, flags(rollout, turns, place)),
  );
}

function flags(rollout, turns, place) {
  const turn = turns[place];
  const link = (at) => h('a', { href: addressOf(rollout.name, at) }, `turn ${turns[at].number}`);
  const told = [];
  if (turn.parent >= 0 && turn.parent !== place - 1) told.push(['went back, played from ', link(turn.parent)]);
  if (turn.origin) told.push(`played from a snapshot of ${turn.origin}`);
  if (turn.error) told.push('counts as an error');
  const credited = turns.findIndex((other) => other.number === turn.credit_to && other.outcome !== 'void');
  if (turn.credit_to > 0 && credited >= 0 && turn.credit_to !== turn.number)
    told.push(['functionality is credited to ', link(credited)]);
  if (turn.terminated) told.push('ended the episode');
  if (turn.truncated)
    told.push(turn.outcome === 'void' ? 'ended the episode: void' : 'ended the episode: out of budget');
  return told.map((part, index) => [index ? ' · ' : '', part]);
}

// -------------------------------------------------------------- what was shown

function screenshot(turn, turns, place) {
  const { shot } = turn;
  const url = shotUrl(shot.name);
  if (!url) {
    return h(
      'figure',
      { class: 'screenshot' },
      h(
        'div',
        { class: 'blank', role: 'note' },
        h('b', {}, shot.name ? 'No screenshot here' : 'Nothing was shown'),
        h('p', {}, shot.why || 'The screenshot is missing.'),
      ),
    );
  }
  const alt = `Screenshot of turn ${turn.number}`;
  const older = shot.place >= 0 && shot.place !== place && !turn.look;
  return h(
    'figure',
    { class: 'screenshot' },
    h(
      'button',
      {
        type: 'button',
        id: 'zoom',
        'aria-label': 'Show the screenshot in its full size',
        title: 'Full size (z)',
        onclick: () => enlarge(url, alt),
      },
      h('img', { src: url, alt }),
    ),
    h(
      'figcaption',
      { class: 'muted' },
      older ? `Nothing new was looked at; this is what turn ${turns[shot.place].number} showed.` : lookLine(turn.look),
    ),
  );
}

function lookLine(look) {
  if (!look) return '';
  const parts = [
    look.title ? `“${look.title}”` : 'no title',
    look.url,
    look.status ? `HTTP ${look.status}` : null,
    look.settled === false ? 'still moving when the picture was taken' : null,
    look.problem || null,
  ];
  return parts.filter(Boolean).join(' · ');
}

function enlarge(url, alt) {
  const dialog = h(
    'dialog',
    { class: 'large', 'aria-label': alt, onclick: () => dialog.close(), onclose: () => dialog.remove() },
    h('img', { src: url, alt }),
  );
  document.body.append(dialog);
  dialog.showModal();
}

// -------------------------------------------------------------- what it was worth

function verdicts(turns, place) {
  const turn = turns[place];
  if (turn.outcome === 'started') return null;
  const [appearance, functionality] = turn.scores || [];
  return [
    verdictCard('a', 'Appearance', turn.appearance, {
      value: appearance,
      change: turn.look ? change(turns, place, 'appearance') : null,
    }),
    verdictCard('f', 'Functionality', turn.functionality, {
      value: functionality,
      change: change(turns, place, 'functionality'),
    }),
  ];
}

// How the score differs from the last one on the way here.
function change(turns, place, side) {
  const now = turns[place][side]?.value;
  let at = turns[place].parent;
  while (at >= 0 && !isNumber(turns[at][side]?.value)) at = turns[at].parent;
  return at >= 0 && isNumber(now) ? { by: now - turns[at][side].value, since: turns[at].number } : null;
}

const WRONG = {
  malformed: 'The reply could not be used',
  refused: 'The reply was refused',
  void: 'The turn does not count',
};

// What was wrong with the reply: its faults, else the first thing that the model was told.
function faultsCard({ outcome, faults, feedback }) {
  if (!Object.hasOwn(WRONG, outcome)) return null;
  const told = (feedback.text || '').split('\n\n')[0];
  return h(
    'section',
    { class: 'card faults' },
    h('header', {}, h('h3', {}, WRONG[outcome])),
    (faults || []).length
      ? h(
          'ul',
          { class: 'lines' },
          faults.map(({ code: name, message }) =>
            h('li', {}, h('span', { class: 'tag bad' }, name), h('span', {}, message)),
          ),
        )
      : h('p', {}, told),
  );
}

function buildCard(build) {
  if (!build) return null;
  return h(
    'section',
    { class: 'card' },
    h(
      'header',
      {},
      h('h3', {}, 'Build'),
      h('span', { class: `tag ${build.ok ? 'good' : 'bad'}` }, build.ok ? 'up' : `failed at ${build.stage}`),
    ),
    h('p', {}, build.message),
    build.kind ? h('p', { class: 'muted' }, `Kind of project: ${build.kind}`) : null,
  );
}

// -------------------------------------------------------------- what was said and done

function turnTabs(data, turn) {
  const tabs = {
    changes: { title: changesTitle(turn.changes), draw: () => changesPane(turn.changes) },
    reply: {
      title: ['Reply', hint(turn.reply)],
      draw: () => textPane(turn.reply, 'The model’s reply, as it came', 'The reply is empty.'),
    },
    feedback: {
      title: 'Feedback',
      draw: () => textPane(turn.feedback, 'What the model was told', 'Nothing was told.'),
    },
    log: {
      title: 'Build log',
      draw: () => textPane({ text: turn.build?.log || '', cut: 0 }, 'Build log', 'The log is empty.'),
    },
    ids: { title: 'Time and ids', draw: () => idsPane(data, turn) },
  };
  const body = h('div', { class: 'tab-body', id: 'tab-body' });
  const buttons = Object.entries(tabs).map(([name, { title }]) =>
    h('button', { type: 'button', class: 'tab', 'data-tab': name, onclick: () => show(name) }, title),
  );
  function show(name) {
    shownTab.name = name;
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset.tab === name));
    body.replaceChildren(...[tabs[name].draw()].flat(Infinity).filter(Boolean));
  }
  show(shownTab.name);
  return h(
    'section',
    { class: 'tabs', 'aria-label': 'Details of the turn' },
    h('div', { class: 'tab-bar' }, buttons),
    body,
  );
}

const hint = ({ text, cut }) => (text ? h('span', { class: 'hint' }, characters({ length: text.length + cut })) : null);

function textPane({ text, cut, problem }, label, empty) {
  if (problem) return h('p', { class: 'notice' }, problem);
  if (!text) return h('p', { class: 'muted' }, empty);
  return [
    h('div', { class: 'pane-head' }, h('span', { class: 'muted' }, label), copyButton(text)),
    codeBlock(text, label),
    cut ? h('p', { class: 'notice' }, `${plural(cut, 'more character')} left out of this page.`) : null,
  ];
}

function idsPane(data, turn) {
  const command = turn.snapshot ? `git -C ${data.repo} show ${turn.snapshot}` : '';
  return h(
    'div',
    { class: 'two' },
    h('section', {}, h('h4', {}, 'Time per stage'), stageBars(turn.timings || {})),
    h(
      'section',
      {},
      h('h4', {}, 'Ids'),
      facts([
        ['snapshot', code(turn.snapshot)],
        ['files (git tree)', code(turn.state_hash)],
        ['screenshot (blob)', code(turn.shot.name)],
      ]),
      command
        ? [
            h(
              'div',
              { class: 'pane-head' },
              h('span', { class: 'muted' }, 'In the folder that holds the run:'),
              copyButton(command),
            ),
            codeBlock(command, 'git command'),
          ]
        : h('p', { class: 'muted' }, 'A void turn has no snapshot.'),
    ),
  );
}

const code = (text) => (text ? h('code', { class: 'id' }, text) : '');
