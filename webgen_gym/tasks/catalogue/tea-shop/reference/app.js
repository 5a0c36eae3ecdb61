const T = [
  ['Moon Oolong', 31.85, 'Floral.'],
  ['Jade Fog', 12.4, 'Misty.'],
  ['Ember Chai', 9.75, 'Spicy.'],
];
let cart = JSON.parse(localStorage.cart || '{}');
const $ = (x) => document.getElementById(x);
function shop() {
  let l = T.map((t, i) => [...t, i]).filter((t) => t[0].toLowerCase().includes($('q').value.toLowerCase()));
  if ($('s').value) l.sort((a, b) => ($('s').value === 'a' ? a[1] - b[1] : b[1] - a[1]));
  $('shop').innerHTML =
    l
      .map(
        (t) =>
          `<div class="p"><h3>${t[0]}</h3><p>${t[2]}</p><b>€${t[1].toFixed(2)}</b> <button onclick="add(${t[3]})">Add to cart</button></div>`,
      )
      .join('') || '<p>No teas found</p>';
}
function add(i) {
  cart[i] = (cart[i] || 0) + 1;
  save();
}
function save() {
  localStorage.cart = JSON.stringify(cart);
  $('n').textContent = Object.values(cart).reduce((a, b) => a + b, 0);
  view();
}
function view() {
  const k = Object.keys(cart).filter((i) => cart[i] > 0);
  const sum = k.reduce((s, i) => s + cart[i] * T[i][1], 0);
  $('cart').innerHTML =
    '<h2>Your cart</h2>' +
    k
      .map(
        (i) =>
          `<div class="p">${T[i][0]} <button onclick="cart[${i}]--;save()" aria-label="Decrease quantity">-</button> ${cart[i]} <button onclick="add(${i})" aria-label="Increase quantity">+</button> €${(cart[i] * T[i][1]).toFixed(2)} <button onclick="delete cart[${i}];save()">Remove</button></div>`,
      )
      .join('') +
    `<p>Total: €${sum.toFixed(2)}</p><button onclick="$('m').classList.add('on')">Proceed to checkout</button> <button onclick="show(true)">Continue shopping</button>`;
}
function show(s) {
  $('shop').style.display = s ? '' : 'none';
  $('cart').style.display = s ? 'none' : '';
}
$('cartlink').onclick = (e) => {
  e.preventDefault();
  show(false);
  view();
};
$('q').oninput = shop;
$('s').onchange = shop;
$('x').onclick = () => $('m').classList.remove('on');
$('f').onsubmit = (e) => {
  e.preventDefault();
  if (!$('name').value || !$('email').value.includes('@') || !$('addr').value) {
    $('err').textContent = 'Please fill in all fields';
    return;
  }
  $('m').classList.remove('on');
  $('cart').innerHTML = `<h2>Thank you, ${$('name').value}!</h2><p>Your order is on its way.</p>`;
  cart = {};
  localStorage.cart = '{}';
  $('n').textContent = 0;
};
shop();
save();
