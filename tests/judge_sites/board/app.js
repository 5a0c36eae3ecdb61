const COLUMNS = ['To do', 'In progress', 'Done'];
const at = (id) => document.getElementById(id);
let tasks = [
  { title: 'Draft the release notes', who: 'Ines', due: '20 Jan', column: 0 },
  { title: 'Fix the import of old boards', who: 'Bo', due: '17 Jan', column: 1 },
  { title: 'Test drag and drop on tablets', who: 'Ravi', due: '22 Jan', column: 0 },
  { title: 'New icons', who: 'Ines', due: '12 Jan', column: 2 },
];

function show() {
  const done = tasks.filter((task) => task.column === 2).length;
  at('progress').textContent = `${done} of ${tasks.length} tasks are done.`;
  at('done').style.width = `${100 * done / Math.max(1, tasks.length)}%`;
  if (!at('board')) return;
  const words = at('search').value.toLowerCase();
  at('board').innerHTML = COLUMNS.map((name, column) => {
    const mine = tasks.map((task, i) => ({ ...task, i })).filter((task) => task.column === column && task.title.toLowerCase().includes(words));
    return `<section class="column"><h2>${name} (${mine.length})</h2>${mine.map((task) => `<article class="task">
      <h3>${task.title}</h3><p>${task.who} · due ${task.due}</p>
      ${column < 2 ? `<button data-move="${task.i}">Move on</button>` : ''} <button class="remove" data-remove="${task.i}">Delete</button>
    </article>`).join('')}</section>`;
  }).join('');
}

if (at('board')) {
  at('board').addEventListener('click', ({ target }) => {
    if (target.dataset.move) tasks[target.dataset.move].column += 1;
    if (target.dataset.remove) tasks = tasks.filter((_, i) => i !== Number(target.dataset.remove));
    show();
  });
  at('search').addEventListener('input', show);
  at('new').addEventListener('click', () => { at('composer').hidden = false; });
  at('cancel').addEventListener('click', () => { at('composer').hidden = true; });
  at('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    tasks.push({ title: data.get('title'), who: data.get('who'), due: data.get('due'), column: 0 });
    at('composer').hidden = true;
    show();
  });
}
at('remind').addEventListener('click', () => { at('reminded').textContent = 'A reminder went to Ines, Bo and Ravi.'; });
show();
