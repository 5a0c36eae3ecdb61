const ALL_TAGS = 'All tags';
const FIRST_STATE = {
  posts: [
    {
      id: 0,
      member: 'Ilka',
      text: 'Orchid in bloom',
      tags: ['flowers', 'windowsill'],
      comments: [
        { member: 'Oskar', text: 'How warm is your room?', replies: [] },
        { member: 'Bruno', text: 'Mine dropped its buds.', replies: [] },
      ],
    },
    { id: 1, member: 'Bruno', text: 'Basil from seed', tags: ['herbs', 'windowsill'], comments: [] },
    { id: 2, member: 'Ilka', text: 'Moss under the fern', tags: ['shade'], comments: [] },
  ],
  followed: [],
  hidden: [],
};
const byId = (id) => document.getElementById(id);
const state = JSON.parse(localStorage.getItem('potting-bench')) ?? FIRST_STATE;
const shown = { tag: ALL_TAGS, circleOnly: false };
let answered = null;
let lastHidden = null;

function element(tag, text, className = '') {
  return Object.assign(document.createElement(tag), { textContent: text, className });
}

function pressable(text, className, act) {
  const button = element('button', text, className);
  button.type = 'button';
  button.addEventListener('click', act);
  return button;
}

function keep() {
  localStorage.setItem('potting-bench', JSON.stringify(state));
  draw();
}

function show(change) {
  Object.assign(shown, change);
  draw();
}

function follow(member) {
  if (state.followed.includes(member)) state.followed = state.followed.filter((other) => other !== member);
  else state.followed.push(member);
  keep();
}

function hide(post) {
  state.hidden.push(post.id);
  lastHidden = post.id;
  keep();
}

function answerForm(label, answers) {
  const form = element('form', '', 'answer');
  const field = element('input', '');
  field.placeholder = label;
  field.setAttribute('aria-label', label);
  form.append(field, element('button', 'Send'));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!field.value.trim()) return;
    answers.push({ member: 'You', text: field.value.trim(), replies: [] });
    answered = null;
    keep();
  });
  return form;
}

function commentView(comment) {
  const view = element('li', '');
  const line = element('p', '');
  const reply = pressable('Reply', 'quiet', () => {
    answered = comment;
    draw();
    document.querySelector('.thread .answer input').focus();
  });
  line.append(element('b', comment.member), element('span', comment.text), reply);
  view.append(line);
  if (comment === answered) view.append(answerForm('Your reply', comment.replies));
  view.append(thread(comment.replies));
  return view;
}

function thread(comments) {
  const list = element('ul', '', 'thread');
  list.append(...comments.map(commentView));
  return list;
}

function postView(post) {
  const view = element('article', '', 'card');
  const top = element('div', '', 'top');
  top.append(element('span', post.member[0], 'portrait'), element('b', post.member));
  const isFollowed = state.followed.includes(post.member);
  if (post.member !== 'You') {
    top.append(pressable(isFollowed ? 'Unfollow' : 'Follow', '', () => follow(post.member)));
  }
  top.append(pressable('Hide', 'quiet', () => hide(post)));
  const tags = element('p', '', 'tags');
  tags.append(...post.tags.map((tag) => element('span', `#${tag}`)));
  view.append(top, element('h2', post.text), tags, thread(post.comments));
  view.append(answerForm('Write a comment', post.comments));
  return view;
}

function isShown(post) {
  const isTagged = shown.tag === ALL_TAGS || post.tags.includes(shown.tag);
  const isInCircle = !shown.circleOnly || state.followed.includes(post.member);
  return isTagged && isInCircle && !state.hidden.includes(post.id);
}

function tagButton(tag) {
  const button = pressable(tag, 'chip', () => show({ tag }));
  button.setAttribute('aria-pressed', String(tag === shown.tag));
  return button;
}

function draw() {
  const posts = state.posts.filter(isShown);
  byId('posts').replaceChildren(...posts.map(postView));
  byId('empty').textContent = posts.length ? '' : 'Nothing here yet: follow a member, or choose another tag.';
  const tags = new Set(state.posts.flatMap((post) => post.tags));
  byId('tag-list').replaceChildren(...[ALL_TAGS, ...tags].map(tagButton));
  byId('everyone').setAttribute('aria-pressed', String(!shown.circleOnly));
  byId('circle').setAttribute('aria-pressed', String(shown.circleOnly));
  byId('notice').hidden = lastHidden === null;
}

byId('writer').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = byId('text').value.trim();
  const tags = byId('tags').value.split(',').map((tag) => tag.trim()).filter(Boolean);
  byId('problem').textContent = text && tags.length ? '' : 'A post needs a text and at least one tag.';
  if (byId('problem').textContent) return;
  state.posts.unshift({ id: state.posts.length, member: 'You', text, tags, comments: [] });
  event.target.reset();
  Object.assign(shown, { tag: ALL_TAGS, circleOnly: false });
  keep();
});
byId('undo').addEventListener('click', () => {
  state.hidden = state.hidden.filter((id) => id !== lastHidden);
  lastHidden = null;
  keep();
});
byId('everyone').addEventListener('click', () => show({ circleOnly: false }));
byId('circle').addEventListener('click', () => show({ circleOnly: true }));
draw();
