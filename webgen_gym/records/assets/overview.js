// The first page: the run in numbers.

function overviewPage(data) {
  const rows = h('tbody', { id: 'rows' });
  const shown = h('p', { class: 'muted count', role: 'status' });
  const heads = h('tr', {});
  const redraw = () => drawRows(data, rows, shown, heads, redraw);
  redraw();
  return [
    h(
      'section',
      { class: 'run-head', 'aria-label': 'Run' },
      h('h1', {}, data.name),
      runLine(data),
      notices(data),
      tiles(data),
    ),
    h('div', { class: 'panels' }, outcomesPanel(data), timePanel(data), configPanel(data)),
    h(
      'section',
      { class: 'rollouts', 'aria-labelledby': 'rollouts-title' },
      h(
        'div',
        { class: 'toolbar' },
        h('h2', { id: 'rollouts-title' }, 'Rollouts'),
        shown,
        sparkLegend(data),
        ...tools(data, redraw),
      ),
      h('div', { class: 'table-frame' }, h('table', { class: 'rollout-table' }, h('thead', {}, heads), rows)),
    ),
    pageNote(data),
  ];
}

function runLine(data) {
  const { created, webgen_gym: version, python } = data.header;
  const { finished, rollouts } = data.totals;
  const agents = [...new Set(data.rollouts.map((rollout) => rollout.agent).filter(Boolean))];
  const parts = [
    agents.length ? `played by ${agents.join(', ')}` : null,
    created ? `begun ${created.replace('T', ' ').replace('+00:00', ' UTC')}` : null,
    version ? `webgen-gym ${version}` : null,
    python ? `Python ${python}` : null,
    finished < rollouts ? `${finished} of ${plural(rollouts, 'rollout')} with a recorded result` : null,
  ];
  return h('p', { class: 'muted' }, parts.filter(Boolean).join(' · '));
}

function notices(data) {
  const { damaged_lines: damaged, store_problem: problem } = data.page;
  return [
    damaged
      ? h(
          'p',
          { class: 'notice' },
          `${plural(damaged, 'line')} of the records could not be read and ${damaged === 1 ? 'is' : 'are'} left out.`,
        )
      : null,
    problem ? h('p', { class: 'notice' }, problem) : null,
  ];
}

function tiles(data) {
  const { totals } = data;
  const tile = (label, value, note, kind) =>
    h(
      'div',
      { class: `tile ${kind || ''}` },
      h('dt', {}, label),
      h('dd', {}, h('span', { class: 'big' }, value), h('span', { class: 'muted' }, note)),
    );
  const score = (name, label) => {
    const { value, of } = totals[name];
    return tile(
      label,
      number(value),
      of ? `of 5, mean of ${plural(of, 'chosen turn')}` : 'no chosen turn was scored',
      `tile-${name}`,
    );
  };
  const spent = Object.values(totals.seconds).reduce((sum, value) => sum + value, 0);
  const share = (count) => (totals.turns ? `${number((100 * count) / totals.turns, 1)} % of turns` : '');
  const count = (outcome) => totals.outcomes[outcome] || 0;
  const empty = totals.rollouts - totals.chosen;
  return h(
    'dl',
    { class: 'tiles' },
    score('appearance', 'Appearance'),
    score('functionality', 'Functionality'),
    tile('Rollouts', String(totals.rollouts), empty ? `${empty} without a chosen turn` : 'each with a chosen turn'),
    tile(
      'Turns',
      totals.turns.toLocaleString('en'),
      `${number(totals.turns / Math.max(totals.rollouts, 1), 1)} per rollout`,
    ),
    tile('Malformed', String(count('malformed')), share(count('malformed')), count('malformed') ? 'bad' : ''),
    tile('Void', String(count('void')), share(count('void')), count('void') ? 'bad' : ''),
    tile('Unscored', String(totals.unscored), share(totals.unscored), totals.unscored ? 'bad' : ''),
    tile('Time', seconds(spent), `${seconds(spent / Math.max(totals.turns, 1))} per turn`),
  );
}

function panel(title, ...content) {
  return h('section', { class: 'panel' }, h('h2', {}, title), content);
}

function outcomesPanel(data) {
  const entries = Object.entries(data.totals.outcomes);
  const bar = h(
    'div',
    { class: 'stack', 'aria-hidden': true },
    entries.map(([outcome, count]) => {
      const part = h('span', { class: outcomeClass(outcome), title: `${outcomeLabel(outcome)}: ${count}` });
      part.style.flexGrow = count;
      return part;
    }),
  );
  const list = h(
    'ul',
    { class: 'legend' },
    entries.map(([outcome, count]) =>
      h(
        'li',
        {},
        h('span', { class: `swatch ${outcomeClass(outcome)}` }),
        outcomeLabel(outcome),
        h('b', {}, String(count)),
      ),
    ),
  );
  return panel(
    'What became of the turns',
    entries.length ? [bar, list] : h('p', { class: 'muted' }, 'No turn was played.'),
  );
}

function timePanel(data) {
  return panel('Time per stage, all turns', stageBars(data.totals.seconds));
}

function stageBars(spent) {
  const entries = Object.entries(spent).sort((one, other) => other[1] - one[1]);
  if (!entries.length) return h('p', { class: 'muted' }, 'No time was recorded.');
  const most = Math.max(...entries.map(([, value]) => value), 1e-9);
  return h(
    'ul',
    { class: 'stages' },
    entries.map(([stage, value]) =>
      h(
        'li',
        {},
        h('span', { class: 'stage-name' }, stage),
        meter(value, most, `${stage}: ${seconds(value)}`),
        h('b', {}, seconds(value)),
      ),
    ),
  );
}

function configPanel(data) {
  const words = (value) =>
    Array.isArray(value) ? value.join(' × ') : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return panel(
    'Configuration',
    facts(Object.entries(data.config).map(([name, value]) => [name.replaceAll('_', ' '), words(value)])),
  );
}

function pageNote(data) {
  const { shots, reduced_to: reduced, left_out: left } = data.page;
  const notes = [
    `${plural(shots, 'screenshot')} on this page`,
    reduced ? `those of chosen turns in full, others reduced to ${reduced} px` : 'in full, as WebP',
    left ? `${left} left out to keep it small` : null,
  ];
  return h(
    'p',
    { class: 'muted page-note' },
    `${notes.filter(Boolean).join('; ')}. Everything is kept in the run folder.`,
  );
}
