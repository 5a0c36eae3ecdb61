let C = JSON.parse(localStorage.C || 'null') || [
  { n: 'Beatrix Holm', p: '555 1', e: 'b@x.org', s: 'lead', k: [] },
  { n: 'Anselm Pryce', p: '555 2', e: 'a@x.org', s: 'active', k: [] },
];
const $ = (x) => document.getElementById(x),
  keep = () => (localStorage.C = JSON.stringify(C));
let q = '',
  st = 'all';
function dash() {
  $('app').innerHTML =
    '<h1>Dashboard</h1>' +
    ['lead', 'active', 'former']
      .map((s) => `<div class="kpi">${s}: <b>${C.filter((c) => c.s === s).length}</b></div>`)
      .join('');
}
function clients() {
  $('app').innerHTML =
    `<h1>Clients</h1><p><input id="q" placeholder="Search by name" value="${q}"> <select id="s"><option value="all">All statuses</option><option>lead</option><option>active</option><option>former</option></select></p><table><tbody id="b"></tbody></table>`;
  $('q').oninput = (e) => {
    q = e.target.value;
    rows();
  };
  $('s').onchange = (e) => {
    st = e.target.value;
    rows();
  };
  rows();
}
function rows() {
  $('b').innerHTML = C.map((c, i) => ({ ...c, i }))
    .filter((c) => c.n.toLowerCase().includes(q.toLowerCase()) && (st === 'all' || c.s === st))
    .map(
      (c) =>
        `<tr><td><a href="#client/${c.i}">${c.n}</a></td><td>${c.p}</td><td>${c.s}</td><td><a href="#edit/${c.i}" class="btn">Edit</a> <button class="btn" onclick="if(confirm('Sure?')){C.splice(${c.i},1);keep();rows()}">Delete</button></td></tr>`,
    )
    .join('');
}
function form(i) {
  const c = C[i] || { n: '', p: '', e: '', s: 'lead', k: [] };
  $('app').innerHTML =
    `<h1>${C[i] ? 'Edit' : 'New'} client</h1><form id="f"><div>Name</div><input id="n" value="${c.n}"><div>Phone</div><input id="p" value="${c.p}"><div>Email</div><input id="e" value="${c.e}"><div>Status</div><select id="s"><option>lead</option><option>active</option><option>former</option></select><p id="er" style="color:red"></p><button class="btn">Save client</button></form>`;
  $('s').value = c.s;
  $('f').onsubmit = (x) => {
    x.preventDefault();
    if (!$('e').value.includes('@')) {
      $('er').textContent = 'Please enter a valid email';
      return;
    }
    const v = { n: $('n').value, p: $('p').value, e: $('e').value, s: $('s').value, k: c.k };
    C[i] ? (C[i] = v) : C.push(v);
    keep();
    location.hash = 'clients';
  };
}
function client(i) {
  const c = C[i];
  $('app').innerHTML =
    `<h1>${c.n}</h1><p>${c.p} · ${c.e} · ${c.s}</p><h2>Notes</h2>${c.k.map((k) => `<p>${k}</p>`).join('')}<form id="f"><textarea id="t" placeholder="New note"></textarea><br><button class="btn">Add note</button></form>`;
  $('f').onsubmit = (e) => {
    e.preventDefault();
    c.k.push(new Date().toISOString().slice(0, 10) + ': ' + $('t').value);
    keep();
    client(i);
  };
}
function route() {
  const [h, i] = location.hash.slice(1).split('/');
  (({ clients, new: () => form(-1), edit: () => form(+i), client: () => client(+i) })[h] || dash)();
}
addEventListener('hashchange', route);
route();
