const FIRST_DONORS = [
  {
    name: 'Ingrid Vale',
    city: 'Bergen',
    gifts: [{ amount: 250, date: '2024-03-02' }, { amount: 400, date: '2025-04-11' }],
  },
  { name: 'Noor Haddad', city: 'Porto', gifts: [{ amount: 120, date: '2025-06-30' }] },
  { name: 'Tomas Reyes', city: 'Porto', gifts: [{ amount: 900, date: '2024-12-19' }] },
];
const donors = JSON.parse(localStorage.getItem('donors')) || FIRST_DONORS;
const byId = (id) => document.getElementById(id);
const euros = (amount) => `€${amount.toLocaleString('en', { maximumFractionDigits: 2 })}`;
const yearOf = (gift) => gift.date.slice(0, 4);
const sumOf = (gifts) => gifts.reduce((sum, gift) => sum + gift.amount, 0);
let giver = donors[0];

function element(tag, text, className = '') {
  return Object.assign(document.createElement(tag), { textContent: text, className });
}

function fillSelect(select, everything, values) {
  const kept = select.value;
  const options = [...new Set(values)].sort().map((value) => new Option(value, value));
  select.replaceChildren(new Option(everything, ''), ...options);
  select.value = kept;
}

function shownDonors() {
  const city = byId('city').value;
  const year = byId('year').value;
  const shown = donors.filter(
    (donor) => (!city || donor.city === city) && (!year || donor.gifts.some((gift) => yearOf(gift) === year)),
  );
  const bySum = (one, other) => sumOf(other.gifts) - sumOf(one.gifts);
  return shown.sort(byId('sort').value === 'sum' ? bySum : (one, other) => one.name.localeCompare(other.name));
}

function row(donor) {
  const made = document.createElement('tr');
  const record = element('button', 'Record gift');
  record.addEventListener('click', () => askForGift(donor));
  const cell = document.createElement('td');
  cell.append(record);
  made.append(element('td', donor.name), element('td', donor.city), element('td', donor.gifts.length));
  made.append(element('td', euros(sumOf(donor.gifts)), 'number'), cell);
  return made;
}

function drawTotals() {
  const gifts = donors.flatMap((donor) => donor.gifts);
  const years = [...new Set(gifts.map(yearOf))].sort();
  const cards = years.map((year) => {
    const card = element('article', '');
    const total = sumOf(gifts.filter((gift) => yearOf(gift) === year));
    card.append(element('span', `Given in ${year}`), element('strong', euros(total)));
    return card;
  });
  byId('totals').replaceChildren(...cards);
}

function drawDonors() {
  const shown = shownDonors();
  byId('donors').replaceChildren(...shown.map(row));
  byId('empty').textContent = shown.length ? '' : 'No donor fits both filters.';
}

function draw() {
  fillSelect(byId('city'), 'All cities', donors.map((donor) => donor.city));
  fillSelect(byId('year'), 'All years', donors.flatMap((donor) => donor.gifts.map(yearOf)));
  drawTotals();
  drawDonors();
}

function askForGift(donor) {
  giver = donor;
  byId('giver').textContent = `A gift of ${donor.name}`;
  byId('gift-dialog').showModal();
}

function handle(form, refusalOf, accept) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    form.querySelector('.refusal').textContent = refusalOf();
    if (refusalOf()) return;
    accept();
    localStorage.setItem('donors', JSON.stringify(donors));
    form.reset();
    form.closest('dialog').close();
    draw();
  });
  form.querySelector('[data-close]').addEventListener('click', () => form.closest('dialog').close());
}

handle(
  byId('donor-form'),
  () => (byId('name').value.trim() && byId('home').value.trim() ? '' : 'Please give a name and a city.'),
  () => donors.push({ name: byId('name').value.trim(), city: byId('home').value.trim(), gifts: [] }),
);
handle(
  byId('gift-form'),
  () => (Number(byId('amount').value) > 0 && byId('date').value ? '' : 'Please give a positive amount and a date.'),
  () => giver.gifts.push({ amount: Number(byId('amount').value), date: byId('date').value }),
);
byId('add').addEventListener('click', () => byId('donor-dialog').showModal());
byId('export').addEventListener('click', () => {
  byId('lines').value = donors.map((donor) => `${donor.name},${donor.city},${sumOf(donor.gifts)}`).join('\n');
  byId('exported').hidden = false;
});
for (const id of ['city', 'year', 'sort']) byId(id).addEventListener('change', drawDonors);
draw();
