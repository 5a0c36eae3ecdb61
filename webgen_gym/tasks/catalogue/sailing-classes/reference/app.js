const MONTHS = ['May', 'June'];
const CLASSES = [
  { name: 'Dinghy Basics', day: 4, month: 'May', price: 90, seats: 6, text: 'Knots, rigging and your first tacks.' },
  { name: 'Night Passage', day: 18, month: 'May', price: 140, seats: 2, text: 'Across the lake by lights and stars.' },
  { name: 'Spinnaker Days', day: 8, month: 'June', price: 120, seats: 8, text: 'Set, gybe and drop the big sail.' },
];
const GROUP_SIZE = 4;
const GROUP_FACTOR = 0.9;
const byId = (id) => document.getElementById(id);
let trips = JSON.parse(localStorage.getItem('trips') || '[]');
let shownMonth = 0;
let chosen = CLASSES[0];

function seatsLeft(course) {
  const booked = trips.filter((trip) => trip.course === course.name);
  return course.seats - booked.reduce((sum, trip) => sum + trip.people, 0);
}

function totalOf(course, people) {
  return course.price * people * (people >= GROUP_SIZE ? GROUP_FACTOR : 1);
}

function drawClasses() {
  const month = MONTHS[shownMonth];
  byId('month').textContent = `${month} 2026`;
  byId('previous-month').disabled = shownMonth === 0;
  byId('next-month').disabled = shownMonth === MONTHS.length - 1;
  const cards = CLASSES.filter((course) => course.month === month).map(
    (course) => `<article><p class="day">${course.day} ${month}</p><h3>${course.name}</h3><p>${course.text}</p>
      <p><b>€${course.price}</b> a person · ${seatsLeft(course)} seats left</p>
      <button data-book="${course.name}">Book seats</button></article>`,
  );
  byId('cards').innerHTML = cards.join('');
}

function tripRow(trip, index) {
  const row = document.createElement('article');
  const course = CLASSES.find((candidate) => candidate.name === trip.course);
  row.innerHTML = `<h3>${course.name}</h3><p></p><button data-cancel="${index}">Cancel trip</button>`;
  const people = `${trip.people} ${trip.people === 1 ? 'person' : 'people'}`;
  const total = totalOf(course, trip.people).toFixed(2);
  row.querySelector('p').textContent = `${course.day} ${course.month}, ${trip.sailor}, ${people}: €${total}`;
  return row;
}

function drawTrips() {
  byId('trip-list').replaceChildren(...trips.map(tripRow));
  if (!trips.length) byId('trip-list').textContent = 'You have not booked a class yet.';
}

function keep() {
  localStorage.setItem('trips', JSON.stringify(trips));
  drawClasses();
  drawTrips();
}

function step(months) {
  shownMonth += months;
  drawClasses();
}

function refusalOf(trip) {
  if (!trip.sailor) return 'Please tell us your name.';
  if (!(trip.people >= 1)) return 'At least one person has to come.';
  return trip.people > seatsLeft(chosen) ? `Only ${seatsLeft(chosen)} of the seats are free.` : '';
}

byId('previous-month').addEventListener('click', () => step(-1));
byId('next-month').addEventListener('click', () => step(1));
byId('close').addEventListener('click', () => byId('dialog').close());
byId('cards').addEventListener('click', (event) => {
  if (!event.target.dataset.book) return;
  chosen = CLASSES.find((course) => course.name === event.target.dataset.book);
  byId('booked-class').textContent = `Book ${chosen.name}`;
  byId('refusal').textContent = '';
  byId('dialog').showModal();
});
byId('booking').addEventListener('submit', (event) => {
  event.preventDefault();
  const trip = { course: chosen.name, sailor: byId('sailor').value.trim(), people: Number(byId('people').value) };
  byId('refusal').textContent = refusalOf(trip);
  if (refusalOf(trip)) return;
  trips.push(trip);
  keep();
  event.target.reset();
  byId('dialog').close();
});
byId('trip-list').addEventListener('click', (event) => {
  if (!event.target.dataset.cancel) return;
  trips = trips.filter((trip, index) => index !== Number(event.target.dataset.cancel));
  keep();
});
document.querySelector('nav').addEventListener('click', (event) => {
  if (!event.target.dataset.view) return;
  for (const view of ['classes', 'trips']) byId(view).hidden = view !== event.target.dataset.view;
});

drawClasses();
drawTrips();
