const BOOKS = [
  { title: 'A Year of Ferns', author: 'Ida Morrow', genre: 'Garden', price: 9.5 },
  { title: 'Harbour Lights', author: 'T. Ellison', genre: 'Novel', price: 7 },
  { title: 'North by Ferry', author: 'Salma Reed', genre: 'Travel', price: 11 },
  { title: 'The Quiet Orchard', author: 'J. Penhale', genre: 'Novel', price: 6.5 },
  { title: 'Walled Gardens', author: 'Ruth Aske', genre: 'Garden', price: 14 },
  { title: 'Slow Trains East', author: 'Omar Voss', genre: 'Travel', price: 8.25 },
  { title: 'Saltmarsh', author: 'Nell Carey', genre: 'Novel', price: 5.75 },
  { title: 'Island Notebooks', author: 'Peter Lund', genre: 'Travel', price: 10 },
];
const at = (id) => document.getElementById(id);
const money = (value) => `£${value.toFixed(2)}`;
const cart = [];

function showBooks() {
  const words = at('search').value.toLowerCase();
  const genre = at('genre').value;
  const found = BOOKS.filter((book) => `${book.title} ${book.author}`.toLowerCase().includes(words))
    .filter((book) => genre === 'All genres' || book.genre === genre)
    .sort((a, b) => (at('sort').value === 'Title' ? a.title.localeCompare(b.title) : a.price - b.price));
  at('books').innerHTML = found.map((book) => `<article class="card">
    <img src="img/${book.genre.toLowerCase()}.svg" alt="Cover of ${book.title}">
    <h3>${book.title}</h3><p>${book.author} · ${book.genre}</p><p class="price">${money(book.price)}</p>
    <button class="button" data-title="${book.title}">Add to cart</button></article>`).join('');
  at('none').hidden = found.length > 0;
}

function showCart() {
  at('count').textContent = cart.length;
  at('lines').innerHTML = cart.map((book) => `<li>${book.title} — ${money(book.price)}</li>`).join('');
  at('total').textContent = money(cart.reduce((sum, book) => sum + book.price, 0));
}

if (at('books')) {
  for (const id of ['search', 'genre', 'sort']) at(id).addEventListener('input', showBooks);
  at('books').addEventListener('click', (event) => {
    const title = event.target.dataset.title;
    if (!title) return;
    cart.push(BOOKS.find((book) => book.title === title));
    showCart();
  });
  at('cart-button').addEventListener('click', () => { at('cart').hidden = !at('cart').hidden; });
  at('close').addEventListener('click', () => { at('cart').hidden = true; });
  at('checkout').addEventListener('click', () => {
    at('thanks').textContent = cart.length ? 'Thank you! Your order is on its way.' : 'Your cart is still empty.';
  });
  showBooks();
}
at('newsletter').addEventListener('submit', (event) => {
  event.preventDefault();
  at('subscribed').textContent = 'You are on the list. See you next month!';
});
