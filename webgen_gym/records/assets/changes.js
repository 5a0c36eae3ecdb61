// What a turn changed: one unified diff per file.

const OPEN_LINES = 600;

function changesPane(changes) {
  if (changes.problem) return h('p', { class: 'notice' }, changes.problem);
  if (!changes.files.length) return h('p', { class: 'muted' }, 'No file was changed.');
  let left = OPEN_LINES;
  const files = changes.files.map((file) => {
    const open = left > 0;
    left -= file.text.split('\n').length;
    return changedFile(file, open);
  });
  return [
    files,
    changes.more_files
      ? h('p', { class: 'notice' }, `${plural(changes.more_files, 'more file')} left out of this page.`)
      : null,
  ];
}

function changesTitle(changes) {
  if (changes.problem) return 'Changes';
  const sum = (key) => changes.files.reduce((all, file) => all + file[key], 0);
  return [
    'Changes',
    h(
      'span',
      { class: 'hint' },
      changes.files.length
        ? [
            plural(changes.files.length + changes.more_files, 'file'),
            ' ',
            h('span', { class: 'plus' }, `+${sum('added')}`),
            ' ',
            h('span', { class: 'minus' }, `${MINUS}${sum('removed')}`),
          ]
        : 'none',
    ),
  ];
}

function changedFile(file, open) {
  const name = file.old_path ? `${file.old_path} → ${file.path}` : file.path;
  const body = h('div', {});
  const draw = () => {
    if (!body.childNodes.length) body.append(...fileBody(file));
  };
  if (open) draw();
  return h(
    'details',
    { class: 'file', open, ontoggle: draw },
    h(
      'summary',
      {},
      h('span', { class: `tag ${file.status}` }, file.status),
      h('code', {}, name),
      h(
        'span',
        { class: 'counts' },
        h('span', { class: 'plus' }, `+${file.added}`),
        ' ',
        h('span', { class: 'minus' }, `${MINUS}${file.removed}`),
      ),
    ),
    body,
  );
}

function fileBody(file) {
  if (file.binary) return [h('p', { class: 'muted' }, 'A binary file; git shows that it changed, not how.')];
  const note = file.cut
    ? h('p', { class: 'notice' }, `${plural(file.cut, 'line')} of this diff left out of this page; git shows them all.`)
    : null;
  if (!file.text) return [note || h('p', { class: 'muted' }, 'The content is the same.')];
  return [
    h(
      'div',
      { class: 'diff', tabindex: 0, role: 'region', 'aria-label': `Diff of ${file.path}` },
      diffTable(file.text),
    ),
    note,
  ].filter(Boolean);
}

function diffTable(text) {
  let before = 0;
  let after = 0;
  const rows = text.split('\n').map((line) => {
    const hunk = /^@@ -(\d+)(?:,\d+)? \+(\d+)/.exec(line);
    if (hunk) {
      [before, after] = [Number(hunk[1]), Number(hunk[2])];
      return diffRow('hunk', '', '', line);
    }
    if (line.startsWith('+')) return diffRow('add', '', after++, line);
    if (line.startsWith('-')) return diffRow('del', before++, '', line);
    if (line.startsWith('\\')) return diffRow('hunk', '', '', line);
    return diffRow('', before++, after++, line);
  });
  return h('table', {}, h('tbody', {}, rows));
}

function diffRow(kind, before, after, line) {
  return h(
    'tr',
    { class: kind },
    h('td', { class: 'n' }, String(before)),
    h('td', { class: 'n' }, String(after)),
    h('td', { class: 'text' }, line),
  );
}
