const POSTS = [
  {
    slug: 'larch-camp',
    title: 'Larch Camp',
    month: 'June 2025',
    tag: 'ridge',
    minutes: 4,
    lead: 'Two nights under the old larches, with a stove that would not light.',
    text: 'We pitched where the needles lay deepest. By midnight the wind had gone round, and the whole slope hummed.',
  },
  {
    slug: 'long-ford',
    title: 'The Long Ford',
    month: 'March 2025',
    tag: 'river',
    minutes: 8,
    lead: 'Knee-deep snowmelt, and how to cross it without swimming.',
    text: 'Unclip the hip belt, face upstream, and move one foot at a time. The gravel bar is wider than the map says.',
  },
  {
    slug: 'hollin-ridge',
    title: 'Fog on Hollin Ridge',
    month: 'March 2025',
    tag: 'ridge',
    minutes: 3,
    lead: 'Five hours on a compass bearing, and one minute of view.',
    text: 'The cairns came out of the white one by one. At the top the cloud tore, once, and then it was gone again.',
  },
];
const comments = JSON.parse(localStorage.getItem('comments') || '[]');
const page = document.getElementById('page');
let tag = '';
let month = '';

function escaped(text) {
  const holder = document.createElement('span');
  holder.textContent = text;
  return holder.innerHTML;
}

function keep() {
  localStorage.setItem('comments', JSON.stringify(comments));
}

function options(key, chosen) {
  const values = [...new Set(POSTS.map((post) => post[key]))];
  return values.map((value) => `<option ${value === chosen ? 'selected' : ''}>${value}</option>`).join('');
}

function card(post) {
  return `<article class="card"><p class="meta">${post.month} · <span class="tag">${post.tag}</span></p>
    <h2><a href="#${post.slug}">${post.title}</a></h2><p>${post.lead}</p><p class="meta">${post.minutes} minutes</p></article>`;
}

function showPosts() {
  const listed = POSTS.filter((post) => !tag || post.tag === tag).filter((post) => !month || post.month === month);
  const total = listed.reduce((sum, post) => sum + post.minutes, 0);
  page.innerHTML = `<div class="filters">
      <label>Tag <select id="tag"><option value="">All tags</option>${options('tag', tag)}</select></label>
      <label>Month <select id="month"><option value="">All months</option>${options('month', month)}</select></label>
      <b>${total} minutes in all</b>
    </div><div class="cards">${listed.map(card).join('') || '<p>No posts here.</p>'}</div>`;
  document.getElementById('tag').onchange = (event) => {
    tag = event.target.value;
    showPosts();
  };
  document.getElementById('month').onchange = (event) => {
    month = event.target.value;
    showPosts();
  };
}

function commentBox(comment) {
  return `<blockquote><p>${escaped(comment.text)}</p><cite>${escaped(comment.name)}</cite></blockquote>`;
}

function showPost(post) {
  const approved = comments.filter((comment) => comment.slug === post.slug && comment.approved);
  page.innerHTML = `<article class="card story"><p class="meta">${post.month} · ${post.minutes} minutes</p>
      <h2>${post.title}</h2><p><em>${post.lead}</em></p><p>${post.text}</p></article>
    <section class="card story"><h3>Comments</h3>${approved.map(commentBox).join('') || '<p>No comments yet.</p>'}
      <form novalidate><label>Name <input name="author" /></label>
        <label>Comment <textarea name="text" rows="3"></textarea></label>
        <p role="status"></p><button>Send comment</button></form></section>`;
  page.querySelector('form').onsubmit = (event) => {
    event.preventDefault();
    send(post, event.target);
  };
}

function send(post, form) {
  const comment = { slug: post.slug, name: form.author.value.trim(), text: form.text.value.trim(), approved: false };
  const complete = comment.name && comment.text;
  form.querySelector('p').textContent = complete ? 'Thank you. Your comment waits for approval.' : 'Please give name and text.';
  if (!complete) return;
  comments.push(comment);
  keep();
  form.reset();
}

function showModeration() {
  const waiting = comments.filter((comment) => !comment.approved);
  page.innerHTML = `<h2>Moderation</h2>${waiting.length ? '' : '<p class="card story">No comments are waiting.</p>'}`;
  for (const comment of waiting) {
    const row = document.createElement('div');
    row.className = 'card story';
    row.innerHTML = `${commentBox(comment)}<button>Approve</button> <button class="quiet">Reject</button>`;
    const [approve, reject] = row.querySelectorAll('button');
    approve.onclick = () => {
      comment.approved = true;
      keep();
      showModeration();
    };
    reject.onclick = () => {
      comments.splice(comments.indexOf(comment), 1);
      keep();
      showModeration();
    };
    page.append(row);
  }
}

function route() {
  const slug = location.hash.slice(1);
  const post = POSTS.find((candidate) => candidate.slug === slug);
  if (post) showPost(post);
  else if (slug === 'moderation') showModeration();
  else showPosts();
}
window.addEventListener('hashchange', route);
route();
