const EMPLOYEES = ['Amara', 'Boris', 'Celine'];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const SHIFTS = { Early: 6, Late: 8 };
const SHIFT_TIMES = { Early: '6 to 12', Late: '12 to 20' };
const FIRST_MONDAY = Date.UTC(2026, 2, 2);
const DAY_MILLISECONDS = 86_400_000;
const MOST_HOURS = 24;
const byId = (id) => document.getElementById(id);
let assignments = JSON.parse(localStorage.getItem('assignments') || '[]');
let week = 0;

function element(tag, text, className = '') {
  return Object.assign(document.createElement(tag), { textContent: text, className });
}

function dateOf(day) {
  const date = new Date(FIRST_MONDAY + (week * DAYS.length + day) * DAY_MILLISECONDS);
  return date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

function hoursOf(employee) {
  const own = assignments.filter((assignment) => assignment.week === week && assignment.employee === employee);
  return own.reduce((sum, assignment) => sum + SHIFTS[assignment.shift], 0);
}

function chip(assignment) {
  const made = element('p', assignment.employee, 'chip');
  const remove = element('button', '×');
  remove.setAttribute('aria-label', 'Remove');
  remove.addEventListener('click', () => {
    assignments = assignments.filter((other) => other !== assignment);
    keep();
  });
  made.append(remove);
  return made;
}

function dayColumn(name, day) {
  const column = element('article', '', 'panel');
  column.append(element('h3', name), element('p', dateOf(day), 'date'));
  for (const shift of Object.keys(SHIFTS)) {
    const here = assignments.filter((one) => one.week === week && one.day === day && one.shift === shift);
    const slot = element('div', '', 'slot');
    slot.append(element('p', `${shift} · ${SHIFT_TIMES[shift]}`, 'slot-name'), ...here.map(chip));
    column.append(slot);
  }
  return column;
}

function hoursRow(employee) {
  const hours = hoursOf(employee);
  const row = element('li', `${employee}: ${hours} hours`, 'panel');
  if (hours > MOST_HOURS) row.append(' ', element('span', 'Overtime', 'overtime'));
  return row;
}

function draw() {
  byId('week').textContent = `${dateOf(0)} – ${dateOf(DAYS.length - 1)} 2026`;
  byId('days').replaceChildren(...DAYS.map(dayColumn));
  byId('hours').replaceChildren(...EMPLOYEES.map(hoursRow));
}

function keep() {
  localStorage.setItem('assignments', JSON.stringify(assignments));
  draw();
}

function isTaken(wanted) {
  return assignments.some(
    (other) => other.week === wanted.week && other.day === wanted.day && other.employee === wanted.employee,
  );
}

function step(weeks) {
  week += weeks;
  byId('refusal').textContent = '';
  draw();
}

for (const employee of EMPLOYEES) byId('employee').add(new Option(employee));
for (const shift of Object.keys(SHIFTS)) byId('shift').add(new Option(shift));
DAYS.forEach((name, day) => byId('day').add(new Option(name, day)));
byId('previous').addEventListener('click', () => step(-1));
byId('next').addEventListener('click', () => step(1));
byId('copy').addEventListener('click', () => {
  const shown = assignments.filter((assignment) => assignment.week === week);
  const copies = shown.map((assignment) => ({ ...assignment, week: week + 1 }));
  assignments.push(...copies.filter((copy) => !isTaken(copy)));
  keep();
});
byId('assign').addEventListener('submit', (event) => {
  event.preventDefault();
  const employee = byId('employee').value;
  const wanted = { week, day: Number(byId('day').value), shift: byId('shift').value, employee };
  const isRefused = isTaken(wanted);
  byId('refusal').textContent = isRefused ? `${employee} already works on ${DAYS[wanted.day]}.` : '';
  if (isRefused) return;
  assignments.push(wanted);
  keep();
});

draw();
