let S = JSON.parse(localStorage.S || 'null') || {
  a: [
    { n: 'Copper Pipe', q: 40, p: 3.5, w: 10 },
    { n: 'Brass Valve', q: 12, p: 8.25, w: 15 },
  ],
  l: [],
};
let by = false;
const $ = (x) => document.getElementById(x),
  keep = () => (localStorage.S = JSON.stringify(S));
const V = {
  stock() {
    let a = [...S.a];
    if (by) a.sort((x, y) => x.q - y.q);
    $('app').innerHTML =
      `<p>Stock value: <b>€${S.a.reduce((s, x) => s + x.q * x.p, 0).toFixed(2)}</b></p><p><button onclick="by=!by;V.stock()">Sort by quantity</button></p><table>${a.map((x) => `<tr><td>${x.n}</td><td>${x.q}</td><td>€${x.p.toFixed(2)}</td><td class="low">${x.q < x.w ? 'Low stock' : ''}</td></tr>`).join('')}</table>`;
  },
  book() {
    $('app').innerHTML =
      `<h2>Book goods</h2><form id="f"><p><label>Article <select id="a">${S.a.map((x, i) => `<option value="${i}">${x.n}</option>`)}</select></label></p><p><label><input type="radio" name="d" value="1" checked> In</label> <label><input type="radio" name="d" value="-1"> Out</label></p><p><label>Quantity <input type="number" id="q" min="1"></label></p><p id="e" class="low"></p><button>Book</button></form>`;
    $('f').onsubmit = (e) => {
      e.preventDefault();
      const d = +document.querySelector('[name=d]:checked').value,
        q = +$('q').value,
        x = S.a[$('a').value];
      if (!q) return;
      if (x.q + d * q < 0) {
        $('e').textContent = 'There are only ' + x.q + ' pieces.';
        return;
      }
      x.q += d * q;
      S.l.unshift(`${x.n}: ${d * q}`);
      keep();
      $('e').textContent = 'Booked.';
    };
  },
  add() {
    $('app').innerHTML =
      `<h2>Add article</h2><form id="f"><p><label>Name <input id="n" required></label></p><p><label>Price <input id="p" type="number" step="0.01" required></label></p><p><label>Quantity <input id="q" type="number" required></label></p><p><label>Warn below <input id="w" type="number" required></label></p><button>Save article</button></form>`;
    $('f').onsubmit = (e) => {
      e.preventDefault();
      S.a.push({ n: $('n').value, p: +$('p').value, q: +$('q').value, w: +$('w').value });
      keep();
      V.stock();
    };
  },
  log() {
    $('app').innerHTML = '<h2>Log</h2>' + (S.l.map((x) => `<p>${x}</p>`).join('') || 'No bookings');
  },
};
document.querySelectorAll('[data-v]').forEach((b) => (b.onclick = () => V[b.dataset.v]()));
V.stock();
