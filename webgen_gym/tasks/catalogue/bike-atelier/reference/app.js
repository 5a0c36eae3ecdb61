const SERVICES = [
  { name: 'Full Service', price: 85, text: 'Stripped, cleaned, greased and adjusted from hub to hub. Takes a day.' },
  { name: 'Wheel Truing', price: 30, text: 'Both wheels brought within half a millimetre. Done while you wait.' },
  { name: 'Brake Bleed', price: 42, text: 'Fresh fluid and a firm lever for hydraulic disc brakes. Takes an hour.' },
];
const PICKUP_PRICE = 15;
const QUESTIONS = [
  ['Do you repair e-bikes?', 'Yes, but only with Velmor motors; for other drives we lack the testing unit.'],
  ['Do I need an appointment?', 'For punctures and loose chains, never. For everything else a day ahead is enough.'],
  ['What if you find more to mend?', 'We call before we spend more than the estimate, always.'],
];
const requests = JSON.parse(localStorage.getItem('requests') || '[]');
const byId = (id) => document.getElementById(id);

function drawServices() {
  byId('service-cards').innerHTML = SERVICES.map(
    (service) => `<article><h3>${service.name}</h3><p>${service.text}</p><b>€${service.price}</b></article>`,
  ).join('');
  const boxes = SERVICES.map(
    ({ name, price }) =>
      `<label class="tick"><input type="checkbox" name="service" value="${price}" /> ${name}</label>`,
  );
  boxes.push(`<label class="tick"><input type="checkbox" id="pickup" /> Pickup at home (€${PICKUP_PRICE})</label>`);
  byId('estimate-form').innerHTML = boxes.join('');
}

function drawTotal() {
  const ticked = [...document.querySelectorAll('[name=service]:checked')];
  const services = ticked.reduce((sum, box) => sum + Number(box.value), 0);
  const discount = ticked.length === SERVICES.length ? services * 0.1 : 0;
  const total = services - discount + (byId('pickup').checked ? PICKUP_PRICE : 0);
  byId('total').textContent = `€${total.toFixed(2)}`;
  byId('discount-note').textContent = discount ? `You save €${discount.toFixed(2)}` : 'Parts are charged at cost';
}

function drawQuestions() {
  byId('question-list').innerHTML = QUESTIONS.map(
    ([question, answer]) =>
      `<div class="question"><button aria-expanded="false">${question}</button><p hidden>${answer}</p></div>`,
  ).join('');
}

function drawRequests() {
  const rows = requests.map((request) => {
    const row = document.createElement('li');
    row.textContent = `${request.visitor} – ${new Date(request.date).toDateString()}`;
    return row;
  });
  byId('requests').replaceChildren(...rows);
}

function refusalOf(request) {
  if (!request.visitor) return 'Please tell us your name.';
  if (!request.email.includes('@')) return 'Please give an email address with an @.';
  if (!request.date) return 'Please choose a date.';
  return new Date(request.date).getUTCDay() === 0 ? 'The workshop is closed on Sundays.' : '';
}

byId('estimate-form').addEventListener('change', drawTotal);
byId('question-list').addEventListener('click', (event) => {
  if (event.target.tagName !== 'BUTTON') return;
  const answer = event.target.nextElementSibling;
  answer.hidden = !answer.hidden;
  event.target.setAttribute('aria-expanded', String(!answer.hidden));
});
byId('appointment-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const request = { visitor: byId('visitor').value.trim(), email: byId('email').value, date: byId('date').value };
  byId('refusal').textContent = refusalOf(request);
  if (refusalOf(request)) return;
  requests.push(request);
  localStorage.setItem('requests', JSON.stringify(requests));
  event.target.reset();
  drawRequests();
});

drawServices();
drawTotal();
drawQuestions();
drawRequests();
