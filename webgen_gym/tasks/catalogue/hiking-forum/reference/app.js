let T = JSON.parse(localStorage.T || 'null') || [
  { t: 'Best boots for scree', n: 'Ulf', x: 'Which ones?', v: 3, r: [] },
  { t: 'Water on the Karsten ridge', n: 'Ida', x: 'Is there a spring?', v: 2, r: [] },
];
let q = '',
  by = 'new';
const keep = () => (localStorage.T = JSON.stringify(T)),
  $ = (x) => document.getElementById(x),
  esc = (s) => s.replace(/</g, '&lt;');
function list() {
  $('app').innerHTML =
    `<p style="display:flex;gap:1rem"><input id="q" placeholder="Search topics by title" value="${q}"><select id="s"><option value="new">Newest first</option><option value="v">Most votes</option></select><button class="btn" id="new">+ New topic</button></p><div id="l"></div>`;
  $('s').value = by;
  $('q').oninput = (e) => {
    q = e.target.value;
    rows();
  };
  $('s').onchange = (e) => {
    by = e.target.value;
    rows();
  };
  $('new').onclick = dialog;
  rows();
}
function rows() {
  let l = T.map((t, i) => ({ ...t, i })).filter((t) => t.t.toLowerCase().includes(q.toLowerCase()));
  if (by === 'v') l.sort((a, b) => b.v - a.v);
  $('l').innerHTML =
    l
      .map(
        (t) =>
          `<div class="topic"><button class="btn" onclick="T[${t.i}].v++;keep();rows()" aria-label="Upvote">▲ ${t.v}</button><div style="cursor:pointer" onclick="open_(${t.i})"><b>${esc(t.t)}</b><br><small>by ${esc(t.n)} · ${t.r.length} replies</small></div></div>`,
      )
      .join('') || 'No topics found.';
}
function dialog() {
  $('d').innerHTML =
    `<div class="dialog"><form id="f"><h2>New topic</h2><p>Title<br><input id="t"></p><p>Your name<br><input id="n"></p><p>Text<br><textarea id="x"></textarea></p><p id="e" style="color:#c00"></p><button class="btn">Post topic</button> <button type="button" class="btn" id="c">Cancel</button></form></div>`;
  $('c').onclick = () => ($('d').innerHTML = '');
  $('f').onsubmit = (e) => {
    e.preventDefault();
    if (!$('t').value.trim()) {
      $('e').textContent = 'A title is required.';
      return;
    }
    T.unshift({ t: $('t').value, n: $('n').value, x: $('x').value, v: 0, r: [] });
    keep();
    $('d').innerHTML = '';
    list();
  };
}
function open_(i) {
  const t = T[i];
  $('app').innerHTML =
    `<button class="btn" onclick="list()">Back to topics</button><h2>${esc(t.t)}</h2><p>${esc(t.x)}</p><h3>Replies</h3>${t.r.map((r) => `<div class="topic">${esc(r)}</div>`).join('')}<form id="rf"><textarea id="r" placeholder="Write a reply..."></textarea><button class="btn">Reply</button></form>`;
  $('rf').onsubmit = (e) => {
    e.preventDefault();
    if (!$('r').value.trim()) return;
    t.r.push($('r').value);
    keep();
    open_(i);
  };
}
list();
