const J = [
  ['Lighthouse Engineer', 'full-time', 'Skerry Ltd', '48k'],
  ['Moss Illustrator', 'part-time', 'Fenwick Press', '24k'],
  ['Cheese Auditor', 'contract', 'Rind & Sons', '300 a day'],
];
const $ = (x) => document.getElementById(x);
const get = (k) => JSON.parse(localStorage[k] || '[]'),
  put = (k, v) => (localStorage[k] = JSON.stringify(v));
let q = '',
  types = [];
const card = (j, i) =>
  `<div class="job"><h2><a href="#/job/${i}">${j[0]}</a></h2><p>${j[2]} · ${j[1]} · ${j[3]}</p><button class="btn" onclick="save(${i})">${get('saved').includes(i) ? 'Saved' : 'Save'}</button><button class="btn" onclick="apply_(${i})">Apply</button></div>`;
function home() {
  $('app').innerHTML =
    `<div class="f"><input id="q" placeholder="Job title or keyword" value="${q}">${['full-time', 'part-time', 'contract'].map((t) => `<label><input type="checkbox" value="${t}" ${types.includes(t) ? 'checked' : ''}> ${t}</label>`).join('')}<button class="btn" id="s">Search</button></div><div id="l"></div>`;
  $('s').onclick = () => {
    q = $('q').value;
    rows();
  };
  document.querySelectorAll('[type=checkbox]').forEach(
    (c) =>
      (c.onchange = () => {
        types = [...document.querySelectorAll(':checked')].map((x) => x.value);
        rows();
      }),
  );
  rows();
}
function rows() {
  $('l').innerHTML = J.map((j, i) => [j, i])
    .filter(([j]) => j[0].toLowerCase().includes(q.toLowerCase()) && (!types.length || types.includes(j[1])))
    .map(([j, i]) => card(j, i))
    .join('');
}
function save(i) {
  const s = get('saved');
  put('saved', s.includes(i) ? s.filter((x) => x !== i) : [...s, i]);
  route();
}
function job(i) {
  const j = J[i];
  $('app').innerHTML =
    `<div class="job"><h1>${j[0]}</h1><h3>About the role</h3><p>${j[2]} pays ${j[3]} for careful work from anywhere.</p><button class="btn" onclick="apply_(${i})">Apply now</button></div>`;
}
function apply_(i) {
  $('m').innerHTML =
    `<div class="modal"><div><h2>Apply for ${J[i][0]}</h2><form id="f"><p><label>Full name<br><input id="n" required></label></p><p><label>Email<br><input type="email" required></label></p><p><label>Cover letter<br><textarea required></textarea></label></p><button class="btn">Send application</button><button type="button" class="btn" onclick="$('m').innerHTML=''">Cancel</button></form></div></div>`;
  $('f').onsubmit = (e) => {
    e.preventDefault();
    put('applied', [...get('applied'), i]);
    $('m').innerHTML =
      `<div class="modal"><div><p>Thank you, ${$('n').value}!</p><button class="btn" onclick="$('m').innerHTML=''">OK</button></div></div>`;
  };
}
function route() {
  const h = location.hash;
  if (h.startsWith('#/job/')) job(+h.slice(6));
  else if (h === '#/saved')
    $('app').innerHTML =
      '<h1 class="f">Saved jobs</h1>' +
      J.map((j, i) => [j, i])
        .filter(([, i]) => get('saved').includes(i))
        .map(([j, i]) => card(j, i))
        .join('');
  else if (h === '#/applied')
    $('app').innerHTML =
      '<h1 class="f">My applications</h1>' +
      get('applied')
        .map((i) => `<div class="job">${J[i][0]}</div>`)
        .join('');
  else home();
}
addEventListener('hashchange', route);
route();
