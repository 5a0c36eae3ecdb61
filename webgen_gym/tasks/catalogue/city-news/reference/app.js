const STORIES = [
  { title: 'Ferry Timetable Changes', section: 'Transport', day: 12, text: 'The first boat leaves at half past five.' },
  { title: 'Choir Fills the Mill', section: 'Culture', day: 11, text: 'Two hundred voices, one organ, no empty seat.' },
  { title: 'New Street Lamps', section: 'Council', day: 10, text: 'Warm light for forty streets this year.' },
  { title: 'Tram Bridge Reopens', section: 'Transport', day: 9, text: 'Line 4 crosses the river again.' },
  { title: 'Lantern Museum Expands', section: 'Culture', day: 8, text: 'A wing on what lit the harbour of old.' },
  { title: 'Bicycle Lane Doubles', section: 'Transport', day: 7, text: 'Tannery Row gives one to each way.' },
  { title: 'Budget Hearing Tonight', section: 'Council', day: 6, text: 'Schools and roads are on the table at seven.' },
];
const STORIES_PER_PAGE = 3;
const LARGE_PERCENT = 125;
const FIRST_VOTES = { Yes: 3, No: 1 };
const byId = (id) => document.getElementById(id);
const kept = { vote: '', isLarge: false, bookmarks: [], ...JSON.parse(localStorage.getItem('courier')) };
const shown = { section: 'All', page: 0, onlyBookmarks: false };

function element(tag, text, className = '') {
  return Object.assign(document.createElement(tag), { textContent: text, className });
}

function foundStories() {
  const wanted = byId('search').value.trim().toLowerCase();
  return STORIES.filter(
    (story) =>
      (shown.section === 'All' || story.section === shown.section) &&
      (!shown.onlyBookmarks || kept.bookmarks.includes(story.title)) &&
      `${story.title} ${story.text}`.toLowerCase().includes(wanted),
  );
}

function storyCard(story) {
  const card = element('article', '', 'box');
  const isMarked = kept.bookmarks.includes(story.title);
  const mark = element('button', isMarked ? 'Remove bookmark' : 'Bookmark', 'quiet');
  mark.addEventListener('click', () => {
    if (isMarked) kept.bookmarks = kept.bookmarks.filter((title) => title !== story.title);
    else kept.bookmarks.push(story.title);
    keep();
  });
  card.append(element('p', `${story.section} · ${story.day} March`, 'meta'));
  card.append(element('h2', story.title), element('p', story.text), mark);
  return card;
}

function drawStories() {
  const found = foundStories();
  const first = shown.page * STORIES_PER_PAGE;
  byId('stories').replaceChildren(...found.slice(first, first + STORIES_PER_PAGE).map(storyCard));
  byId('empty').textContent = found.length ? '' : 'No stories found.';
  byId('newer').disabled = shown.page === 0;
  byId('older').disabled = first + STORIES_PER_PAGE >= found.length;
}

function drawSections() {
  const buttons = ['All', ...new Set(STORIES.map((story) => story.section))].map((section) => {
    const button = element('button', section);
    button.setAttribute('aria-pressed', String(section === shown.section && !shown.onlyBookmarks));
    button.addEventListener('click', () => show({ section, onlyBookmarks: false }));
    return button;
  });
  byId('sections').replaceChildren(...buttons);
  byId('bookmarks').textContent = `Reading list (${kept.bookmarks.length})`;
  byId('bookmarks').setAttribute('aria-pressed', String(shown.onlyBookmarks));
}

function drawPoll() {
  const votes = { ...FIRST_VOTES };
  if (kept.vote) votes[kept.vote] += 1;
  const all = votes.Yes + votes.No;
  const rows = Object.keys(votes).map((answer) => {
    const share = Math.round((100 * votes[answer]) / all);
    const row = element('div', '', 'answer');
    const button = element('button', answer);
    button.disabled = Boolean(kept.vote);
    button.addEventListener('click', () => {
      kept.vote = answer;
      keep();
    });
    const bar = element('span', '', 'bar');
    bar.style.setProperty('--share', `${share}%`);
    row.append(button, bar, element('b', `${share}%`));
    return row;
  });
  byId('poll').replaceChildren(...rows);
  byId('thanks').textContent = kept.vote ? 'Thank you for your vote.' : '';
}

function drawSize() {
  document.documentElement.style.fontSize = kept.isLarge ? `${LARGE_PERCENT}%` : '';
}

function draw() {
  drawSections();
  drawStories();
  drawPoll();
  drawSize();
}

function keep() {
  localStorage.setItem('courier', JSON.stringify(kept));
  draw();
}

function show(change) {
  Object.assign(shown, { page: 0 }, change);
  draw();
}

function resize(isLarge) {
  kept.isLarge = isLarge;
  keep();
}

byId('older').addEventListener('click', () => show({ page: shown.page + 1 }));
byId('newer').addEventListener('click', () => show({ page: shown.page - 1 }));
byId('bookmarks').addEventListener('click', () => show({ section: 'All', onlyBookmarks: true }));
byId('search').addEventListener('input', () => show({}));
byId('normal').addEventListener('click', () => resize(false));
byId('larger').addEventListener('click', () => resize(true));
draw();
