const data = [
  ['Aldern', 2.4],
  ['Brisk Ford', 3.1],
  ['Corran Weir', 1.75],
];
let feet = false,
  asc = null,
  min = NaN;
const $ = (i) => document.getElementById(i);
const f = (v) => (feet ? v * 3.28084 : v).toFixed(2) + (feet ? ' ft' : ' m');
function draw() {
  let rows = [...data];
  if (asc !== null) rows.sort((a, b) => (asc ? a[1] - b[1] : b[1] - a[1]));
  if (!isNaN(min)) rows = rows.filter((r) => r[1] * (feet ? 3.28084 : 1) > min);
  $('b').innerHTML = rows.map((r) => `<tr><td>${r[0]}</td><td>${f(r[1])}</td></tr>`).join('');
  $('avg').textContent = f(data.reduce((s, r) => s + r[1], 0) / 3);
  $('unit').textContent = feet ? 'Show in metres' : 'Show in feet';
  const s = $('st').selectedIndex;
  $('ct').textContent = 'Last twelve months: ' + data[s][0];
  $('c').innerHTML = Array.from({ length: 12 }, (_, i) => {
    const h = 40 + 30 * Math.sin(i / 2 + s * 2) + data[s][1] * 30;
    return `<rect x="${i * 50}" y="${200 - h}" width="40" height="${h}" fill="steelblue"/>`;
  }).join('');
}
$('unit').onclick = () => {
  feet = !feet;
  draw();
};
$('st').onchange = draw;
$('lv').onclick = () => {
  asc = !asc;
  draw();
};
$('min').oninput = (e) => {
  min = parseFloat(e.target.value);
  draw();
};
draw();
