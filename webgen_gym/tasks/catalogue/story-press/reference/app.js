let S = JSON.parse(localStorage.S || 'null') || [
  { t: 'The Salt Lantern', g: 'sea', x: 'A lantern burned where no house stood. '.repeat(20), pub: true },
];
const $ = (x) => document.getElementById(x),
  keep = () => (localStorage.S = JSON.stringify(S));
const wc = (x) => (x.trim() ? x.trim().split(/\s+/).length : 0);
let tag = '';
function home() {
  $('app').innerHTML =
    `<p class="s">${['', ...new Set(S.filter((s) => s.pub).map((s) => s.g))].map((g) => `<button onclick="tag='${g}';home()">${g || 'All'}</button>`).join('')}</p>` +
    S.map((s, i) => ({ ...s, i }))
      .filter((s) => s.pub && (!tag || s.g === tag))
      .reverse()
      .map(
        (s) =>
          `<div class="s"><h2>${s.t}</h2><p>${s.g} · ${Math.max(1, Math.round(wc(s.x) / 200))} min read</p><a href="#/story/${s.i}">Read story</a></div>`,
      )
      .join('');
}
function story(i) {
  $('app').innerHTML = `<div class="s"><h1>${S[i].t}</h1><p>${S[i].x}</p><a href="#/">Back</a></div>`;
}
function author() {
  $('app').innerHTML =
    '<h2 class="s">My stories</h2>' +
    S.map(
      (s, i) =>
        `<div class="s">${s.t} (${s.pub ? 'published' : 'draft'}) <button onclick="location.hash='#/write/${i}'">Edit</button><button onclick="del(${i})">Delete</button></div>`,
    ).join('');
}
function del(i) {
  if (confirm('Delete this story?')) {
    S.splice(i, 1);
    keep();
    author();
  }
}
function write(i) {
  const s = S[i] || { t: '', g: '', x: '' };
  $('app').innerHTML =
    `<div class="s"><label>Title<input id="t" value="${s.t}"></label><label>Tag<input id="g" value="${s.g}"></label><label>Text<textarea id="x" rows="8">${s.x}</textarea></label><p id="w"></p><p id="e" style="color:#b00"></p><button onclick="save(${i},true)">Publish</button><button onclick="save(${i},false)">Save draft</button></div>`;
  const c = () => ($('w').textContent = wc($('x').value) + ' words');
  $('x').oninput = c;
  c();
}
function save(i, pub) {
  if (!$('t').value.trim()) {
    $('e').textContent = 'A title is needed.';
    return;
  }
  const s = { t: $('t').value, g: $('g').value, x: $('x').value, pub };
  S[i] ? (S[i] = s) : S.push(s);
  keep();
  location.hash = '#/author';
}
function route() {
  const p = location.hash.split('/');
  (({ story: () => story(+p[2]), author, write: () => write(p[2] ? +p[2] : -1) })[p[1]] || home)();
}
addEventListener('hashchange', route);
route();
