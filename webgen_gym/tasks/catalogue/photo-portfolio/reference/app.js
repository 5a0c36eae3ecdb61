const P = [
  ['Salt Flats', 2021, 'landscape', '#e8c'],
  ['Harbour Fog', 2019, 'landscape', '#9ab'],
  ['Grandmother', 2022, 'portrait', '#a76'],
  ['Night Tram', 2023, 'landscape', '#225'],
];
let i = 0;
const $ = (x) => document.getElementById(x);
function grid() {
  const k = $('k').value;
  $('gallery').innerHTML = '';
  P.forEach((p, n) => {
    if (k && p[2] !== k) return;
    const f = document.createElement('figure');
    f.innerHTML = `<div class="ph" style="background:${p[3]}"></div><figcaption>${p[0]}, ${p[1]}</figcaption>`;
    f.onclick = () => open_(n);
    $('gallery').append(f);
  });
}
function open_(n) {
  i = (n + P.length) % P.length;
  $('bt').textContent = P[i][0];
  $('bp').style.background = P[i][3];
  $('bd').textContent = `Taken in ${P[i][1]}, a ${P[i][2]}.`;
  $('box').classList.add('on');
}
$('pr').onclick = () => open_(i - 1);
$('nx').onclick = () => open_(i + 1);
$('cl').onclick = () => $('box').classList.remove('on');
$('k').onchange = grid;
grid();
$('f').onsubmit = (e) => {
  e.preventDefault();
  if (!$('n').value || !$('m').value) return alert('Please fill in everything');
  $('ok').textContent = `Thank you ${$('n').value}, your enquiry was sent.`;
  e.target.reset();
};
