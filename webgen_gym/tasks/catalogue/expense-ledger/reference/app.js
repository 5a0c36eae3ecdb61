let E = JSON.parse(localStorage.E || '[]'),
  ed = -1;
const $ = (x) => document.getElementById(x);
function draw() {
  const s = $('s').value,
    l = E.map((e, i) => ({ ...e, i })).filter((e) => s === 'All' || e.c === s);
  $('b').innerHTML = l
    .map(
      (e) =>
        `<tr><td>${e.d}</td><td>${e.a.toFixed(2)}</td><td>${e.c}</td><td>${e.dt}</td><td><button onclick="edit(${e.i})">Edit</button> <button onclick="del(${e.i})">Delete</button></td></tr>`,
    )
    .join('');
  $('t').textContent = l.reduce((x, e) => x + e.a, 0).toFixed(2);
  const by = ['Food', 'Travel', 'Other'].map((c) => E.filter((e) => e.c === c).reduce((x, e) => x + e.a, 0));
  $('by').textContent = `Food ${by[0].toFixed(2)}, Travel ${by[1].toFixed(2)}, Other ${by[2].toFixed(2)}`;
  $('g').innerHTML = by
    .map(
      (v, i) =>
        `<rect x="${i * 100}" y="${100 - Math.min(100, v)}" width="80" height="${Math.min(100, v)}" fill="olive"/>`,
    )
    .join('');
}
function edit(i) {
  ed = i;
  const e = E[i];
  $('d').value = e.d;
  $('a').value = e.a;
  $('c').value = e.c;
  $('dt').value = e.dt;
  $('ok').textContent = 'Save changes';
}
function del(i) {
  E.splice(i, 1);
  keep();
}
function keep() {
  localStorage.E = JSON.stringify(E);
  draw();
}
$('f').onsubmit = (e) => {
  e.preventDefault();
  const a = parseFloat($('a').value);
  if (!$('d').value.trim() || !(a > 0)) {
    $('e').textContent = 'A description and a positive amount are needed.';
    return;
  }
  $('e').textContent = '';
  const x = { d: $('d').value, a, c: $('c').value, dt: $('dt').value };
  ed < 0 ? E.push(x) : (E[ed] = x);
  ed = -1;
  $('ok').textContent = 'Add expense';
  e.target.reset();
  keep();
};
$('s').onchange = draw;
draw();
