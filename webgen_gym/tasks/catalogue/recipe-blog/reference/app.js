const posts = [
  {
    id: 1,
    t: 'Smoked Beet Tartare',
    d: '2025-11-02',
    s: 'A smoky start.',
    i: ['beets', 'hickory'],
    m: 'Smoke, dice, dress.',
  },
  { id: 2, t: 'Miso Plum Glaze', d: '2025-10-12', s: 'Sticky and dark.', i: ['plums', 'miso'], m: 'Simmer slowly.' },
  {
    id: 3,
    t: 'Saffron Barley Soup',
    d: '2025-09-30',
    s: 'Golden comfort.',
    i: ['barley', 'saffron'],
    m: 'Boil, then rest.',
  },
];
const app = document.getElementById('app');
let q = '';
const comments = (id) => JSON.parse(localStorage.getItem('c' + id) || '[]');
function home() {
  app.innerHTML = `<p style="margin:1rem"><input id="q" placeholder="Search recipes..." value="${q}"></p><div id="l"></div>`;
  list();
  document.getElementById('q').oninput = (e) => {
    q = e.target.value;
    list();
  };
}
function list() {
  const f = posts.filter((p) => p.t.toLowerCase().includes(q.toLowerCase()));
  document.getElementById('l').innerHTML =
    f
      .map(
        (p) =>
          `<article class="post"><h2>${p.t}</h2><small>${p.d}</small><p>${p.s}</p><a href="#/post/${p.id}">Read more</a></article>`,
      )
      .join('') || '<p>No recipes found.</p>';
}
function post(id) {
  const p = posts.find((p) => p.id == id);
  app.innerHTML = `<article class="post"><a href="#/">← Back to all recipes</a><h1>${p.t}</h1><small>${p.d}</small><h3>Ingredients</h3><ul>${p.i.map((x) => `<li>${x}</li>`).join('')}</ul><h3>Method</h3><p>${p.m}</p>
<h3>Comments</h3><div id="cs"></div><form id="cf"><div><label>Your name</label><br><input id="n" required></div><div><label>Comment</label><br><textarea id="c" required></textarea></div><button>Post comment</button></form></article>`;
  const draw = () => {
    document.getElementById('cs').innerHTML = comments(id)
      .map((c) => `<p><b>${c.n}</b>: ${c.c}</p>`)
      .join('');
  };
  draw();
  document.getElementById('cf').onsubmit = (e) => {
    e.preventDefault();
    const cs = comments(id);
    cs.push({ n: document.getElementById('n').value, c: document.getElementById('c').value });
    localStorage.setItem('c' + id, JSON.stringify(cs));
    e.target.reset();
    draw();
  };
}
function route() {
  const h = location.hash;
  if (h.startsWith('#/post/')) post(h.slice(7));
  else if (h === '#/about') app.innerHTML = '<div class="post"><h1>About me</h1><p>I am Odile and I cook.</p></div>';
  else home();
}
addEventListener('hashchange', route);
route();
