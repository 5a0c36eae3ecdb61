let T = JSON.parse(localStorage.T || '[]');
const N = ['To do', 'Doing', 'Done'],
  $ = (x) => document.getElementById(x),
  keep = () => {
    localStorage.T = JSON.stringify(T);
    draw();
  };
function draw() {
  const q = $('q').value.toLowerCase();
  const p = T.length ? Math.round((100 * T.filter((t) => t.c === 2).length) / T.length) : 0;
  $('pct').textContent = p + '% done';
  $('pb').style.width = p + '%';
  $('cols').innerHTML = N.map(
    (n, c) =>
      `<div class="col"><h2>${n} (${T.filter((t) => t.c === c).length})</h2>${T.map((t, i) => ({ ...t, i }))
        .filter((t) => t.c === c && t.t.toLowerCase().includes(q))
        .map(
          (t) =>
            `<div class="t"><b>${t.t}</b> <small>${t.p}</small><p>${t.d}</p>${c < 2 ? `<button onclick="T[${t.i}].c++;keep()" aria-label="Move to ${N[c + 1]}">→</button>` : ''} <button onclick="dlg(${t.i})" aria-label="Edit task">✎</button> <button onclick="ask(${t.i})" aria-label="Delete task">×</button></div>`,
        )
        .join('')}</div>`,
  ).join('');
}
function dlg(i) {
  const t = T[i] || { t: '', d: '', p: 'medium', c: 0 };
  $('m').innerHTML =
    `<div class="veil"><div class="dlg" role="dialog"><h2>${i >= 0 ? 'Edit' : 'New'} task</h2><label for="ti">Title</label><input id="ti" value="${t.t}"><label for="de">Description</label><textarea id="de">${t.d}</textarea><label for="pr">Priority</label><select id="pr"><option>low</option><option selected>medium</option><option>high</option></select><p id="er"></p><button id="sv">Save</button> <button id="cx">Cancel</button></div></div>`;
  $('cx').onclick = () => ($('m').innerHTML = '');
  $('sv').onclick = () => {
    if (!$('ti').value.trim()) {
      $('er').textContent = 'Title is required';
      return;
    }
    const n = { t: $('ti').value, d: $('de').value, p: $('pr').value, c: t.c };
    i >= 0 ? (T[i] = n) : T.push(n);
    $('m').innerHTML = '';
    keep();
  };
}
function ask(i) {
  $('m').innerHTML =
    `<div class="veil"><div class="dlg"><p>Are you sure you want to delete this task?</p><button id="y">Delete</button> <button id="n">Cancel</button></div></div>`;
  $('n').onclick = () => ($('m').innerHTML = '');
  $('y').onclick = () => {
    T.splice(i, 1);
    $('m').innerHTML = '';
    keep();
  };
}
$('add').onclick = () => dlg(-1);
$('q').oninput = draw;
draw();
