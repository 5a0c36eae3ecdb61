let P = JSON.parse(localStorage.P || 'null') || [
  { a: 'Hanne', x: 'Ladder to lend', l: 2, c: [] },
  { a: 'Tomas', x: 'Lost: grey cat', l: 0, c: [] },
];
let mine = false;
const $ = (x) => document.getElementById(x),
  keep = () => (localStorage.P = JSON.stringify(P));
function draw() {
  $('l').innerHTML =
    P.map((p, i) => ({ ...p, i }))
      .filter((p) => !mine || p.a === 'You')
      .map(
        (p) =>
          `<div class="p"><b>${p.a}</b><p>${p.x}</p><button onclick="P[${p.i}].l++;keep();draw()">❤️ ${p.l}</button> <button onclick="cm(${p.i})">💬 Comment</button> ${p.a === 'You' ? `<button onclick="del(${p.i})">🗑️</button>` : ''}${p.c.map((c) => `<p style="margin-left:1rem">↳ ${c}</p>`).join('')}<div id="c${p.i}"></div></div>`,
      )
      .join('') || 'Nothing here.';
}
function cm(i) {
  $('c' + i).innerHTML = `<input placeholder="Add a comment..." id="ci"> <button>Send</button>`;
  $('c' + i).querySelector('button').onclick = () => {
    if ($('ci').value) {
      P[i].c.push($('ci').value);
      keep();
      draw();
    }
  };
}
function toast(t) {
  $('toast').innerHTML =
    `<div class="toast">${t} <span style="cursor:pointer" onclick="this.parentNode.remove()">×</span></div>`;
  setTimeout(() => ($('toast').innerHTML = ''), 3000);
}
function del(i) {
  toast('Deleted');
  P.splice(i, 1);
  keep();
  draw();
}
$('t').oninput = (e) => ($('left').textContent = 200 - e.target.value.length);
$('go').onclick = () => {
  if (!$('t').value.trim()) return toast('Write something first');
  P.unshift({ a: 'You', x: $('t').value, l: 0, c: [] });
  keep();
  toast('Posted: ' + $('t').value);
  $('t').value = '';
  $('left').textContent = 200;
  draw();
};
draw();
