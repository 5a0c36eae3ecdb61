// Why a turn got its scores: verdicts with criteria, findings, checks and suggestions.

function verdictCard(kind, title, verdict, carried) {
  const head = (value, note) =>
    h(
      'header',
      {},
      h('h3', {}, title),
      h(
        'span',
        { class: 'verdict-score' },
        h('b', {}, value),
        note ? h('span', { class: 'muted' }, note) : null,
        delta(carried.change),
      ),
    );
  if (!verdict) {
    const why =
      isNumber(carried.value) && carried.value >= 0
        ? `Not judged in this turn. The verdict on these files stands at ${number(carried.value)}.`
        : 'Not judged in this turn.';
    return h('section', { class: `card verdict ${kind}` }, head('–'), h('p', { class: 'muted' }, why));
  }
  if ('reason' in verdict) {
    return h(
      'section',
      { class: `card verdict ${kind} unscored` },
      head('unscored'),
      h('p', {}, h('b', {}, verdict.reason), verdict.detail ? `: ${verdict.detail}` : ''),
      h('p', { class: 'muted' }, 'No verdict exists. This is not a zero: means skip it and training masks it.'),
    );
  }
  return h(
    'section',
    { class: `card verdict ${kind}` },
    head(number(verdict.value), ' / 5'),
    meter(verdict.value, 5, `${number(verdict.value)} of 5`),
    verdict.summary ? h('p', {}, verdict.summary) : null,
    criteria(verdict),
    checks(verdict.checks || []),
    suggestions(verdict.suggestions || []),
  );
}

function delta(change) {
  if (!change) return null;
  const by = Math.round(change.by * 100) / 100;
  return h(
    'span',
    { class: `delta ${by > 0 ? 'plus' : by < 0 ? 'minus' : 'muted'}` },
    by ? signed(by) : '±0',
    ` since turn ${change.since}`,
  );
}

// Every criterion with its findings, those that cost most first.
function criteria(verdict) {
  const values = verdict.criteria || {};
  const evidence = verdict.evidence || [];
  const names = [...new Set([...Object.keys(values), ...evidence.map((item) => item.criterion)])];
  return names.map((name) => {
    const found = evidence.filter((item) => item.criterion === name).sort((one, other) => one.points - other.points);
    const value = Object.hasOwn(values, name) ? values[name] : null;
    return h(
      'section',
      { class: 'criterion' },
      h(
        'h4',
        {},
        h('span', {}, name.replaceAll('_', ' ') || 'general'),
        isNumber(value) ? [meter(value, 5, `${name}: ${number(value)} of 5`), h('b', {}, number(value))] : null,
      ),
      found.length ? h('ul', { class: 'findings' }, found.map(finding)) : null,
    );
  });
}

function finding({ finding: text, points }) {
  const kind = points < 0 ? 'minus' : points > 0 ? 'plus' : 'zero';
  return h('li', {}, h('span', { class: `points ${kind}` }, points ? signed(points) : '·'), h('span', {}, text));
}

function checks(list) {
  if (!list.length) return null;
  const passed = list.filter((check) => check.passed).length;
  const sorted = [...list].sort((one, other) => one.passed - other.passed);
  return h(
    'section',
    { class: 'criterion' },
    h('h4', {}, h('span', {}, 'checks'), h('b', {}, `${passed} of ${list.length} passed`)),
    h(
      'ul',
      { class: 'checks' },
      sorted.map((check) =>
        h(
          'li',
          { class: check.passed ? 'passed' : 'failed' },
          h(
            'span',
            { class: 'check-mark', role: 'img', 'aria-label': check.passed ? 'passed' : 'failed' },
            check.passed ? '✓' : '✗',
          ),
          h(
            'span',
            {},
            h('b', {}, check.name),
            check.detail ? h('span', { class: 'muted' }, ` — ${check.detail}`) : null,
          ),
        ),
      ),
    ),
  );
}

function suggestions(list) {
  if (!list.length) return null;
  return h(
    'section',
    { class: 'criterion' },
    h('h4', {}, 'suggestions'),
    h(
      'ul',
      { class: 'plain' },
      list.map((text) => h('li', {}, text)),
    ),
  );
}

// -------------------------------------------------------------- what the browser saw besides the picture

function lookCard(look) {
  if (!look) return null;
  const errors = look.page_errors || [];
  const lines = look.console || [];
  const requests = look.requests || [];
  const problems = [
    listing(
      'Page errors',
      errors.map((text) => h('li', {}, h('span', { class: 'tag bad' }, 'error'), h('code', {}, text))),
    ),
    listing('Console', lines.map(consoleLine)),
    listing('Requests', requests.map(requestLine)),
  ].filter(Boolean);
  return h(
    'section',
    { class: 'card look' },
    h('header', {}, h('h3', {}, 'In the browser')),
    problems.length
      ? problems
      : h('p', { class: 'muted' }, 'No page error, no console message, no blocked or failed request.'),
  );
}

function listing(title, items) {
  return items.length
    ? [h('h4', {}, title, h('span', { class: 'muted' }, ` ${items.length}`)), h('ul', { class: 'lines' }, items)]
    : null;
}

function consoleLine({ level, text, count }) {
  const kind = level === 'error' ? 'bad' : level === 'warning' ? 'warn' : '';
  return h(
    'li',
    {},
    h('span', { class: `tag ${kind}` }, level),
    h('code', {}, text),
    count > 1 ? h('b', {}, ` ×${count}`) : null,
  );
}

function requestLine({ url, method, status, blocked, failure }) {
  const what = blocked ? 'blocked' : failure || (status ? `HTTP ${status}` : 'no answer');
  const kind = blocked || failure || status >= 400 || !status ? 'bad' : '';
  return h('li', {}, h('span', { class: `tag ${kind}` }, what), h('code', {}, `${method} ${url}`));
}
