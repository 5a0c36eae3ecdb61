const E = ["The Clockmaker's Daughter", 'Tides of Velm', 'A Short History of Salt'];
let fav = JSON.parse(localStorage.f || '[]'),
  only = false,
  cur = -1,
  sec = 0,
  on = false;
const $ = (x) => document.getElementById(x);
const mmss = (s) => `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`;
function list() {
  const q = $('q').value.toLowerCase();
  $('l').innerHTML = '';
  E.forEach((e, i) => {
    if ((only && !fav.includes(i)) || !e.toLowerCase().includes(q)) return;
    const d = document.createElement('div');
    d.className = 'ep';
    d.innerHTML = `<span>${e}</span><span><button>▶ Play</button><button aria-label="Add to favourites">${fav.includes(i) ? '♥' : '♡'}</button></span>`;
    const [a, b] = d.querySelectorAll('button');
    a.onclick = () => play(i);
    b.onclick = () => {
      fav = fav.includes(i) ? fav.filter((x) => x !== i) : [...fav, i];
      localStorage.f = JSON.stringify(fav);
      list();
    };
    $('l').append(d);
  });
}
function play(i) {
  cur = i;
  sec = 0;
  on = true;
  bar();
}
function bar() {
  $('p').innerHTML =
    cur < 0
      ? 'Nothing is playing.'
      : `Now playing: <b>${E[cur]}</b> ${mmss(sec)} <button id="pp">${on ? 'Pause' : 'Resume'}</button><button id="nx">Next</button>`;
  if (cur >= 0) {
    $('pp').onclick = () => {
      on = !on;
      bar();
    };
    $('nx').onclick = () => play((cur + 1) % E.length);
  }
}
setInterval(() => {
  if (on) {
    sec++;
    bar();
  }
}, 1000);
$('all').onclick = () => {
  only = false;
  list();
};
$('fav').onclick = () => {
  only = true;
  list();
};
$('q').oninput = list;
list();
