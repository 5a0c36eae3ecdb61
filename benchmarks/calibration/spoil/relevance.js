const MASONRY = ('arch apse nave crypt vault corbel lintel mortar quarry chisel turret plinth ashlar mason trowel gargoyle ' +
  'buttress keystone parapet transept limestone scaffold stonework masonry gable cornice pinnacle tracery spandrel ' +
  'battlement portcullis architrave').split(' ');
const LATIN = ('lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et ' +
  'dolore magna aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo').split(' ');

const nearest = (bank) => {
  let at = 0;
  return (word) => {
    const fit = bank.filter((other) => Math.abs(other.length - word.length) <= 2);
    return (fit.length ? fit : bank)[at++ % (fit.length || bank.length)];
  };
};
const cased = (word, like) => /^[A-Z]/.test(like) ? word[0].toUpperCase() + word.slice(1) : word;
const retold = (text, next) => text.replace(/\p{L}{2,}/gu, (word) => cased(next(word), word));
const retell = (element, next) => {
  for (const node of words(element)) node.data = retold(node.data, next);
  for (const name of ['placeholder', 'aria-label', 'alt', 'title']) {
    if (element.hasAttribute(name)) element.setAttribute(name, retold(element.getAttribute(name), next));
  }
  for (const option of element.options ?? []) option.label = option.textContent = retold(option.textContent, next);
};
const speaking = () => all().filter((element) => visible(element) && (words(element).length || element.matches(FIELDS)));

const KINDS = {
  wrong_topic(share) {
    const next = nearest(MASONRY);
    for (const element of some(speaking(), share)) retell(element, next);
  },
  lorem(share) {
    const next = counter(LATIN);
    for (const element of some(texts().filter((element) => !element.closest(`${CONTROLS},a,label`)), share)) retell(element, next);
  },
  missing_sections(share) {
    for (const part of some(parts(), share)) put(part, { display: 'none' });
  },
  nameless_controls(share) {
    const names = counter(['Button', 'Item', 'Click', 'Here', 'Thing']);
    for (const control of some(all(`a,${CONTROLS}`).filter(visible), share)) {
      retell(control, names);
      for (const label of control.labels ?? []) retell(label, names);
    }
  },
};
