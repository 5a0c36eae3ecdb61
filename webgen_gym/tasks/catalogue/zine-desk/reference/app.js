const FIRST_ARTICLES = [
  { published: true, versions: [{ title: 'Paper Boats', text: 'Fold twice, float once.' }] },
  { published: false, versions: [{ title: 'Static Season', text: 'Hiss before the rain.' }] },
];
const articles = JSON.parse(localStorage.getItem('articles') || 'null') || FIRST_ARTICLES;
const byId = (id) => document.getElementById(id);
const newest = (article) => article.versions.at(-1);
let edited = null;
let examined = null;

function make(tag, text, className = '') {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
}

function button(text, action) {
  const element = make('button', text, 'quiet');
  element.type = 'button';
  element.addEventListener('click', () => {
    action();
    keep();
  });
  return element;
}

function keep() {
  localStorage.setItem('articles', JSON.stringify(articles));
  render();
}

function story(article) {
  const element = make('article', '', 'sheet');
  element.append(make('h2', newest(article).title), make('p', newest(article).text));
  return element;
}

function deskRow(article) {
  const row = make('li', '');
  const actions = make('div', '', 'actions');
  actions.append(
    button('Edit', () => edit(article)),
    button(article.published ? 'Unpublish' : 'Publish', () => (article.published = !article.published)),
    button('History', () => (examined = article)),
  );
  const status = article.published ? make('span', 'Published', 'status on') : make('span', 'Draft', 'status');
  row.append(make('b', newest(article).title), ' ', status, actions);
  return row;
}

function historySheet(article) {
  const sheet = make('section', '', 'sheet');
  sheet.append(make('h2', `History of ${newest(article).title}`));
  article.versions.forEach((version, index) => {
    const row = make('div', '', 'version');
    row.append(make('b', `Version ${index + 1}`), ' ', make('span', version.text), ' ');
    row.append(button('Restore', () => article.versions.push({ ...version })));
    sheet.append(row);
  });
  return sheet;
}

function edit(article) {
  edited = article;
  const { title, text } = article ? newest(article) : { title: '', text: '' };
  byId('heading').textContent = article ? `Edit ${title}` : 'New article';
  byId('title').value = title;
  byId('text').value = text;
  byId('problem').textContent = '';
  countWords();
}

function countWords() {
  const count = byId('text').value.split(/\s+/).filter(Boolean).length;
  byId('words').textContent = count === 1 ? '1 word' : `${count} words`;
}

function save(version) {
  if (edited) edited.versions.push(version);
  else articles.push({ published: false, versions: [version] });
  edit(null);
  keep();
}

function render() {
  const onDesk = location.hash === '#desk';
  byId('desk').hidden = !onDesk;
  byId('read').hidden = onDesk;
  byId('published').replaceChildren(...articles.filter((article) => article.published).map(story));
  if (!byId('published').children.length) byId('published').append(make('p', 'Nothing is published yet.'));
  byId('articles').replaceChildren(...articles.map(deskRow));
  byId('history').replaceChildren(...(examined ? [historySheet(examined)] : []));
}

byId('editor').addEventListener('submit', (event) => {
  event.preventDefault();
  const version = { title: byId('title').value.trim(), text: byId('text').value.trim() };
  byId('problem').textContent = version.title ? '' : 'Please give a title.';
  if (version.title) save(version);
});
byId('create').addEventListener('click', () => {
  edit(null);
  byId('title').focus();
});
byId('text').addEventListener('input', countWords);
window.addEventListener('hashchange', render);
render();
