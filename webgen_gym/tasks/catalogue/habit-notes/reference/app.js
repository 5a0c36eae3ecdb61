const UNDO_MILLISECONDS = 10_000;
const SAMPLES = [
  { id: 1, title: 'Seeds to order', text: 'Broad beans, beetroot, a packet of dill.', tags: ['garden'], pinned: false },
  { id: 2, title: 'Soup of the week', text: 'Leek, potato and a spoon of mustard.', tags: ['cooking'], pinned: false },
  { id: 3, title: 'Library', text: 'Return the atlas.\nAsk for the second volume.', tags: ['books'], pinned: false },
  { id: 4, title: 'Morning habits', text: 'Water, stretch, one page.', tags: ['habits', 'books'], pinned: true },
];
const byId = (id) => document.getElementById(id);
let notes = JSON.parse(localStorage.getItem('notes')) || SAMPLES;
let shownTag = '';
let lastDeleted = null;
let undoTimer = 0;

function isShown(note) {
  const wanted = byId('search').value.trim().toLowerCase();
  const isFound = `${note.title} ${note.text}`.toLowerCase().includes(wanted);
  return isFound && (!shownTag || note.tags.includes(shownTag));
}

function element(tag, text, attributes = {}) {
  const made = Object.assign(document.createElement(tag), { textContent: text });
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function card(note) {
  const made = element('article', '', { class: note.pinned ? 'pinned' : '' });
  const tags = element('p', note.tags.map((tag) => `#${tag}`).join(' '), { class: 'tags' });
  const pin = element('button', note.pinned ? 'Unpin' : 'Pin');
  const remove = element('button', 'Delete', { class: 'quiet' });
  pin.addEventListener('click', () => {
    note.pinned = !note.pinned;
    keep();
  });
  remove.addEventListener('click', () => deleteNote(note));
  made.append(element('h3', note.title), element('p', note.text), tags, pin, remove);
  return made;
}

function drawTags() {
  const tags = [...new Set(notes.flatMap((note) => note.tags))].sort();
  const buttons = tags.map((tag) => {
    const button = element('button', tag, { 'aria-pressed': String(tag === shownTag) });
    button.addEventListener('click', () => {
      shownTag = tag === shownTag ? '' : tag;
      draw();
    });
    return button;
  });
  byId('tag-list').replaceChildren(...buttons);
}

function draw() {
  const shown = notes.filter(isShown).sort((one, other) => other.pinned - one.pinned || other.id - one.id);
  byId('notes').replaceChildren(...shown.map(card));
  byId('empty').textContent = shown.length ? '' : 'Nothing found.';
  drawTags();
}

function keep() {
  localStorage.setItem('notes', JSON.stringify(notes));
  draw();
}

function deleteNote(note) {
  lastDeleted = note;
  notes = notes.filter((other) => other !== note);
  keep();
  byId('toast').hidden = false;
  clearTimeout(undoTimer);
  undoTimer = setTimeout(forgetDeleted, UNDO_MILLISECONDS);
}

function forgetDeleted() {
  lastDeleted = null;
  byId('toast').hidden = true;
}

byId('undo').addEventListener('click', () => {
  notes.push(lastDeleted);
  clearTimeout(undoTimer);
  forgetDeleted();
  keep();
});
byId('search').addEventListener('input', draw);
byId('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  const title = byId('title').value.trim();
  byId('refusal').textContent = title ? '' : 'A note needs a title.';
  if (!title) return;
  const tags = byId('tags').value.split(',').map((tag) => tag.trim().toLowerCase()).filter(Boolean);
  const id = Math.max(0, ...notes.map((note) => note.id)) + 1;
  notes.push({ id, title, text: byId('text').value.trim(), tags, pinned: false });
  event.target.reset();
  keep();
});

draw();
