const CLASSES = {
  Monday: [['07:00', 'Morning yoga', 'Ane', 3], ['12:15', 'Strength basics', 'Teo', 5], ['18:30', 'Mobility hour', 'Lin', 1]],
  Wednesday: [['07:00', 'Mobility hour', 'Lin', 6], ['17:30', 'Strength basics', 'Teo', 2]],
  Saturday: [['09:00', 'Slow yoga', 'Ane', 4], ['10:30', 'Open studio', 'Teo', 8]],
};
const at = (id) => document.getElementById(id);

function showDay(day) {
  at('schedule').innerHTML = CLASSES[day].map(([time, name, coach, places]) =>
    `<article><h3>${time} ${name}</h3><p>with ${coach} · ${places} places left</p></article>`).join('');
  for (const tab of document.querySelectorAll('[role=tab]')) {
    tab.setAttribute('aria-selected', String(tab.dataset.day === day));
  }
}

if (at('schedule')) {
  for (const tab of document.querySelectorAll('[role=tab]')) tab.addEventListener('click', () => showDay(tab.dataset.day));
  at('booking').addEventListener('submit', (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    at('booked').textContent = `Booked: ${data.get('class')} on ${data.get('date')} for ${data.get('name')}.`;
  });
  showDay('Monday');
}
