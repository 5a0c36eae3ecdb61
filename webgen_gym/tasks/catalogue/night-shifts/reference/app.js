const JOBS = [
  { title: 'Night Baker', place: 'Bristol', pay: 15.5, hours: 20, about: 'Sourdough and rye for eleven shops, from ten to four.' },
  { title: 'Ward Porter', place: 'Leeds', pay: 14.2, hours: 30, about: 'Beds, samples and a kind word on three wards.' },
  { title: 'Harbour Watch', place: 'Bristol', pay: 18.75, hours: 32, about: 'Lights, locks and radio on the floating quay.' },
  { title: 'Archive Guard', place: 'Leeds', pay: 21, hours: 24, about: 'Two rounds a night through nine kilometres of shelves.' },
];
const LAST_STEP = 2;
const byId = (id) => document.getElementById(id);
const stored = (key) => JSON.parse(localStorage.getItem(key) || '[]');
const saved = new Set(stored('saved'));
const applications = stored('applications');
let listed = 'jobs';
let opened = '';
let job = JOBS[0];
let step = 0;

function keep() {
  localStorage.setItem('saved', JSON.stringify([...saved]));
  localStorage.setItem('applications', JSON.stringify(applications));
}

function shownJobs() {
  if (listed === 'saved') return JOBS.filter((each) => saved.has(each.title));
  if (listed === 'applications') return JOBS.filter((each) => applications.includes(each.title));
  const place = byId('place').value;
  return JOBS.filter((each) => (!place || each.place === place) && each.pay >= Number(byId('pay').value));
}

function card({ title, place, pay, hours, about }) {
  const details = `<p>${about}</p><p>Weekly pay: <b>€${(pay * hours).toFixed(2)}</b></p>`;
  return `<article class="card" data-title="${title}">
    <div><h2>${title}</h2><p class="meta">${place} · ${hours} hours a week</p>${opened === title ? details : ''}</div>
    <b class="pay">€${pay.toFixed(2)}<small> an hour</small></b>
    <div class="row"><button data-do="details" class="quiet">Details</button>
    <button data-do="save" class="quiet">${saved.has(title) ? 'Remove from saved' : 'Save'}</button>
    <button data-do="apply">Apply</button></div></article>`;
}

function render() {
  byId('filters').hidden = listed !== 'jobs';
  byId('list').innerHTML = shownJobs().map(card).join('') || '<p class="card">No shifts found</p>';
  for (const tab of document.querySelectorAll('nav button')) tab.setAttribute('aria-pressed', tab.dataset.list === listed);
}

function showStep(number) {
  step = number;
  byId('job').textContent = job.title;
  byId('step').textContent = `Step ${step + 1} of ${LAST_STEP + 1}`;
  byId('problem').textContent = '';
  document.querySelectorAll('fieldset').forEach((part, index) => (part.hidden = index !== step));
  byId('review').innerText = `${byId('name').value}\n${byId('email').value}\nFrom ${byId('date').value}`;
  byId('back').disabled = step === 0;
  byId('next').textContent = step === LAST_STEP ? 'Send application' : 'Next';
}

function problem() {
  if (step === 0 && !byId('name').value.trim()) return 'Please give your name.';
  if (step === 0 && !byId('email').value.includes('@')) return 'Please give your email address.';
  if (step === 1 && !byId('date').value) return 'Please choose the earliest date.';
  return '';
}

function send() {
  applications.push(job.title);
  keep();
  byId('wizard').close();
  listed = 'applications';
  render();
}

const ACTIONS = {
  details: (title) => (opened = opened === title ? '' : title),
  save: (title) => saved.delete(title) || saved.add(title),
  apply: (title) => {
    job = JOBS.find((each) => each.title === title);
    byId('application').reset();
    showStep(0);
    byId('wizard').showModal();
  },
};
byId('list').addEventListener('click', (event) => {
  const action = event.target.dataset.do;
  if (!action) return;
  ACTIONS[action](event.target.closest('article').dataset.title);
  keep();
  render();
});
document.querySelector('nav').addEventListener('click', (event) => {
  listed = event.target.dataset.list || listed;
  render();
});
byId('filters').addEventListener('input', render);
byId('filters').addEventListener('submit', (event) => event.preventDefault());
byId('application').addEventListener('submit', (event) => {
  event.preventDefault();
  byId('problem').textContent = problem();
  if (problem()) return;
  if (step === LAST_STEP) send();
  else showStep(step + 1);
});
byId('back').addEventListener('click', () => showStep(step - 1));
byId('cancel').addEventListener('click', () => byId('wizard').close());
render();
