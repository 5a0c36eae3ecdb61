let B = JSON.parse(localStorage.B || '[]');
const $ = (x) => document.getElementById(x);
function draw() {
  const f = $('flt').value;
  $('l').innerHTML = B.map((b, i) => ({ ...b, i }))
    .filter((b) => f === 'All rooms' || b.r === f)
    .sort((a, b) => (a.d + a.s).localeCompare(b.d + b.s))
    .map(
      (b) =>
        `<li>${b.d} ${b.s}–${b.e} ${b.r}: ${b.p} (${b.n}) <button onclick="B.splice(${b.i},1);keep()">Cancel</button></li>`,
    )
    .join('');
}
function keep() {
  localStorage.B = JSON.stringify(B);
  draw();
}
$('f').onsubmit = (x) => {
  x.preventDefault();
  const b = {
    r: $('room').value,
    d: $('date').value,
    s: $('s').value,
    e: $('e').value,
    n: $('n').value,
    p: $('p').value,
  };
  const say = (t) => ($('er').textContent = t);
  if (Object.values(b).some((v) => !v)) return say('Please fill in everything.');
  if (b.e <= b.s) return say('The end must be after the start.');
  if (B.some((o) => o.r === b.r && o.d === b.d && o.s < b.e && b.s < o.e))
    return say('The room is taken at that time.');
  B.push(b);
  say('Booked.');
  x.target.reset();
  keep();
};
$('flt').onchange = draw;
draw();
