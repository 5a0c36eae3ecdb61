const SEND_MILLISECONDS = 10_000;
const FOLDERS = ['Inbox', 'Starred', 'Drafts', 'Sent', 'Archived'];
const SAMPLES = [
  { id: 1, who: 'Bruno Keller', subject: 'Cello strings', text: 'The gut strings came in. Shall I hold a set?' },
  { id: 2, who: 'Ada Lindqvist', subject: 'Bridge repair', text: 'The bridge leans, and the concert is on Friday.' },
  { id: 3, who: 'Sam Okoro', subject: 'Rosin sample', text: 'A dark cake and a light one, both from this winter.' },
].map((sample) => ({ ...sample, folder: 'Inbox', starred: false }));
const byId = (id) => document.getElementById(id);
let messages = JSON.parse(localStorage.getItem('messages')) || SAMPLES;
let folder = 'Inbox';
let draft = null;
let leaving = null;
let sendTimer = 0;

function element(tag, text, className = '') {
  return Object.assign(document.createElement(tag), { textContent: text, className });
}

function pressable(text, className, act) {
  const button = element('button', text, className);
  button.addEventListener('click', act);
  return button;
}

function isIn(message, name) {
  return name === 'Starred' ? message.starred : message.folder === name;
}

function shownMessages() {
  const wanted = byId('search').value.trim().toLowerCase();
  if (!wanted) return messages.filter((message) => isIn(message, folder));
  return messages.filter((message) => `${message.who} ${message.subject}`.toLowerCase().includes(wanted));
}

function row(message) {
  const made = element('div', '', 'row');
  const star = pressable(message.starred ? '★' : '☆', 'icon', () => change(message, { starred: !message.starred }));
  star.setAttribute('aria-label', message.starred ? 'Remove star' : 'Star');
  const subject = pressable(message.subject || '(no subject)', 'subject', () => open(message));
  const letter = element('div', '');
  letter.append(subject, element('p', message.text, 'snippet'));
  made.append(star, element('span', message.who || '(nobody yet)', 'who'), letter);
  if (message.folder === 'Inbox') {
    made.append(pressable('Archive', 'quiet', () => change(message, { folder: 'Archived' })));
  }
  return made;
}

function folderButton(name) {
  const count = messages.filter((message) => isIn(message, name)).length;
  const button = pressable(`${name} (${count})`, 'folder', () => {
    folder = name;
    byId('search').value = '';
    byId('reader').hidden = true;
    draw();
  });
  button.setAttribute('aria-current', String(name === folder));
  return button;
}

function draw() {
  const shown = shownMessages();
  byId('folders').replaceChildren(...FOLDERS.map(folderButton));
  byId('heading').textContent = byId('search').value.trim() ? 'Found in all folders' : folder;
  byId('list').replaceChildren(...shown.map(row));
  byId('empty').textContent = shown.length ? '' : 'No messages here.';
  byId('toast').hidden = !leaving;
}

function keep() {
  localStorage.setItem('messages', JSON.stringify(messages));
  draw();
}

function change(message, changes) {
  Object.assign(message, changes);
  keep();
}

function open(message) {
  if (message.folder === 'Drafts') {
    compose(message);
    return;
  }
  byId('read-subject').textContent = message.subject;
  byId('read-who').textContent = message.who;
  byId('read-text').textContent = message.text;
  byId('reader').hidden = false;
}

function compose(message) {
  draft = message;
  byId('to').value = message?.who || '';
  byId('subject').value = message?.subject || '';
  byId('text').value = message?.text || '';
  byId('refusal').textContent = '';
  byId('composer').showModal();
}

function store(target) {
  const id = draft ? draft.id : Math.max(...messages.map((message) => message.id)) + 1;
  const written = { who: byId('to').value.trim(), subject: byId('subject').value, text: byId('text').value };
  const message = { id, ...written, folder: target, starred: false };
  messages = [message, ...messages.filter((other) => other.id !== id)];
  byId('composer').close();
  return message;
}

function deliver() {
  if (leaving) leaving.folder = 'Sent';
  leaving = null;
  keep();
}

byId('letter').addEventListener('submit', (event) => {
  event.preventDefault();
  const isRefused = !byId('to').value.includes('@');
  byId('refusal').textContent = isRefused ? 'The recipient needs an address with an @.' : '';
  if (isRefused) return;
  clearTimeout(sendTimer);
  deliver();
  leaving = store('Outbox');
  sendTimer = setTimeout(deliver, SEND_MILLISECONDS);
  keep();
});
byId('undo').addEventListener('click', () => {
  clearTimeout(sendTimer);
  leaving.folder = 'Drafts';
  leaving = null;
  keep();
});
byId('close').addEventListener('click', () => {
  const isWritten = byId('to').value || byId('subject').value || byId('text').value;
  if (isWritten) store('Drafts');
  else byId('composer').close();
  keep();
});
byId('compose').addEventListener('click', () => compose(null));
byId('search').addEventListener('input', draw);

// What was leaving when the page was left has gone.
for (const message of messages) if (message.folder === 'Outbox') message.folder = 'Sent';
const newest = messages.find((message) => message.folder === 'Inbox');
if (newest) open(newest);
draw();
