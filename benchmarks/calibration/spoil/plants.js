// What is planted for the explorer: new controls that do nothing, and deafness in controls that worked.
const PLANTED = {
  dead_button: (name) => `<button type="button">${name}</button>`,
  dead_link: (name) => `<a href="#" onclick="return false">${name}</a>`,
  missing_anchor: (name) => `<a href="#no-such-${name}">${name}</a>`,
  broken_link: (name) => `<a href="no-such-${name}.html">${name}</a>`,
  dead_search: (name) => `<input type="search" placeholder="Search ${name}">`,
  dead_filter: (name) => `<label>Filter by ${name} <select><option>All</option><option>${name} only</option></select></label>`,
  dead_form: (name) => `<form onsubmit="return false"><label>Your email <input type="email" required></label><button>${name}</button></form>`,
  lost_form: (name) => `<form><label>Your name <input name="who" required></label><button>${name}</button></form>`,
};

const plant = (kinds) => {
  const box = document.createElement('section');
  box.innerHTML = kinds.map(([kind, name]) => `<p>${PLANTED[kind](name)}</p>`).join('');
  document.body.prepend(box);
};

const REACTIONS = ['pointerdown', 'pointerup', 'mousedown', 'mouseup', 'click', 'keydown', 'keyup', 'input', 'change', 'submit'];
const squeeze = (text) => (text ?? '').replace(/\s+/g, ' ').replace(/\d+/g, '#').trim();
const spoken = (node) => node.nodeType === 3 ? node.data : node.tagName === 'IMG' ? ` ${node.alt} ` : Array.from(node.childNodes, spoken).join(' ');
const nameOf = (element) => squeeze(element.getAttribute('aria-label')) || squeeze(element.labels?.[0] && spoken(element.labels[0])) ||
  squeeze(spoken(element)) || squeeze(element.placeholder) || squeeze(element.value);

// Controls with these names hear nothing any more, and do nothing by themselves either.
const deafen = (names) => {
  const deaf = new Set(names);
  const stop = (event) => {
    const control = event.composedPath().find((node) => node.matches?.('a,button,summary,input,select,textarea,label,[role=button],[role=link],[role=tab],[onclick],[tabindex],form'));
    const held = control?.matches('form') ? event.submitter ?? control.querySelector('button,input') : control;
    if (!held || !deaf.has(nameOf(held))) return;
    event.stopImmediatePropagation();
    event.preventDefault();
  };
  for (const name of REACTIONS) addEventListener(name, stop, true);
};
