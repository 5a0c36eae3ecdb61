const C = [
  ['Fox Hollow', 80, 2],
  ['Otter Creek', 120, 4],
  ['Heron Point', 150, 6],
];
const $ = (x) => document.getElementById(x);
const B = () => JSON.parse(localStorage.B || '[]');
function cabins() {
  $('app').innerHTML =
    `<p style="padding:0 2rem"><label>Guests <select id="g"><option value="1">Any</option><option>2</option><option>4</option><option>6</option></select></label></p><div class="grid" id="l"></div>`;
  $('g').onchange = rows;
  rows();
}
function rows() {
  $('l').innerHTML = C.map((c, i) => [...c, i])
    .filter((c) => c[2] >= +$('g').value)
    .map(
      (c) =>
        `<div class="c"><h2>${c[0]}</h2><p>€${c[1]} per night, up to ${c[2]} guests</p><a class="b" href="#cabin/${c[3]}">View details</a></div>`,
    )
    .join('');
}
function cabin(i) {
  const c = C[i];
  $('app').innerHTML =
    `<div style="padding:1rem 2rem"><h2>${c[0]}</h2><p>A quiet cabin for ${c[2]} guests, €${c[1]} per night.</p><form id="f"><p><label>Arrival <input type="date" id="a"></label> <label>Departure <input type="date" id="d"></label></p><p>Total: <b id="t">–</b></p><p><label>Name <input id="n"></label></p><p><label>Email <input id="e" type="email"></label></p><p id="err" style="color:crimson"></p><button class="b">Book now</button></form></div>`;
  const nights = () => (new Date($('d').value) - new Date($('a').value)) / 864e5;
  const upd = () => {
    const n = nights();
    $('t').textContent = n > 0 ? '€' + (n * c[1]).toLocaleString('en-US') : '–';
  };
  $('a').onchange = upd;
  $('d').onchange = upd;
  $('f').onsubmit = (e) => {
    e.preventDefault();
    const n = nights();
    if (!(n > 0)) {
      $('err').textContent = 'The departure must be after the arrival.';
      return;
    }
    if (!$('n').value || !$('e').value) {
      $('err').textContent = 'Please give your name and email.';
      return;
    }
    const b = B();
    b.push([c[0], $('a').value, $('d').value, n * c[1], $('n').value]);
    localStorage.B = JSON.stringify(b);
    $('app').innerHTML = '<p style="padding:2rem">Your booking is confirmed!</p>';
  };
}
function bookings() {
  const b = B();
  $('app').innerHTML =
    '<div style="padding:1rem 2rem"><h2>My bookings</h2>' +
    (b
      .map(
        (x, i) =>
          `<div class="c">${x[0]}: ${x[1]} to ${x[2]} for ${x[4]}, €${x[3].toLocaleString('en-US')} <button class="b" onclick="ask(${i})">Cancel booking</button></div>`,
      )
      .join('') || '<p>No bookings yet.</p>') +
    '</div>';
}
function ask(i) {
  if (confirm('Cancel this booking?')) {
    const b = B();
    b.splice(i, 1);
    localStorage.B = JSON.stringify(b);
    bookings();
  }
}
function route() {
  const h = location.hash;
  h.startsWith('#cabin/') ? cabin(+h.slice(7)) : h === '#bookings' ? bookings() : cabins();
}
addEventListener('hashchange', route);
route();
