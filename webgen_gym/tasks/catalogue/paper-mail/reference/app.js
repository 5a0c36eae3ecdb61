let M =
  JSON.parse(localStorage.M || 'null') ||
  [
    ['Rosalind Marsh', 'Kiln schedule', 'We fire on Friday at noon.'],
    ['Teodor Falk', 'Invoice 4471', 'Please find the sum below.'],
    ['Wen Aubrey', 'Choir on Thursday', 'Bring the blue folders.'],
  ].map((m) => ({ w: m[0], s: m[1], x: m[2], f: 'Inbox', u: true, st: false }));
let folder = 'Inbox';
const $ = (x) => document.getElementById(x),
  keep = () => (localStorage.M = JSON.stringify(M));
function list() {
  $('u').textContent = M.filter((m) => m.f === 'Inbox' && m.u).length || '';
  const q = $('q').value.toLowerCase();
  $('app').innerHTML =
    `<h2>${folder}</h2>` +
    M.map((m, i) => ({ ...m, i }))
      .filter((m) => (folder === 'Starred' ? m.st : m.f === folder) && m.s.toLowerCase().includes(q))
      .map(
        (m) =>
          `<div class="row ${m.u ? 'unread' : ''}"><button onclick="M[${m.i}].st=!M[${m.i}].st;keep();list()">${m.st ? '★' : '☆'}</button><div class="open" onclick="open_(${m.i})">${m.w} — ${m.s}</div><button onclick="M[${m.i}].f='Trash';keep();list()" title="Delete">🗑</button></div>`,
      )
      .join('');
}
function open_(i) {
  const m = M[i];
  m.u = false;
  keep();
  list();
  $('app').innerHTML =
    `<h2>${m.s}</h2><p>From ${m.w}</p><p>${m.x}</p><button onclick="list()">Back</button> <button onclick="M[${i}].f='Trash';keep();list()">Delete</button>`;
}
$('c').onclick = () => {
  $('app').innerHTML =
    `<h2>New message</h2><form id="f"><p><input id="to" placeholder="To"></p><p><input id="su" placeholder="Subject"></p><p><textarea id="b" placeholder="Write your message"></textarea></p><p id="e"></p><button>Send</button></form>`;
  $('f').onsubmit = (e) => {
    e.preventDefault();
    if (!$('to').value) {
      $('e').textContent = 'Please enter a recipient.';
      return;
    }
    M.push({ w: $('to').value, s: $('su').value, x: $('b').value, f: 'Sent', u: false });
    keep();
    folder = 'Inbox';
    list();
  };
};
document.querySelectorAll('[data-f]').forEach(
  (d) =>
    (d.onclick = () => {
      folder = d.dataset.f;
      list();
    }),
);
$('q').oninput = list;
list();
