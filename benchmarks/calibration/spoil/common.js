// What all kinds of spoiling share. A spoiling works on the page itself once it stands, because most sites draw their
// content by script. What it takes is chosen by place in the document, and a larger share holds the smaller one;
// nothing depends on time or chance.
const GOLDEN = 0.6180339887;
const SKIPPED = /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE|LINK|META|TITLE|BR|OPTION|OPTGROUP)$/;
const FIELDS = 'input:not([type=checkbox]):not([type=radio]):not([type=range]):not([type=hidden]),select,textarea';
const CONTROLS = `button,${FIELDS}`;

const all = (selector = '*') => Array.from(document.body.querySelectorAll(selector));
const box = (element) => element.getBoundingClientRect();
const visible = (element) => !SKIPPED.test(element.tagName) && !element.closest('svg') && element.checkVisibility() &&
  box(element).width > 3 && box(element).height > 3;
// What stands in the flow of the page; what was placed by hand may be there for screen readers alone.
const movable = (element) => getComputedStyle(element).position === 'static' && !element.closest('[class*=skip]');
const words = (element) => Array.from(element.childNodes).filter((node) => node.nodeType === 3 && node.data.trim());
const texts = () => all().filter((element) => visible(element) && words(element).length);
const put = (element, rules) => {
  for (const [name, value] of Object.entries(rules)) element.style.setProperty(name, value, 'important');
};
const counter = (bank) => { let at = 0; return () => bank[at++ % bank.length]; };

// A share of a list, at least one: the same ones and more for a larger share, spread over the whole.
const some = (list, share) => {
  const ranked = list.map((item, at) => [((at + 1) * GOLDEN) % 1, at, item]).sort((a, b) => a[0] - b[0]);
  return ranked.slice(0, Math.max(1, Math.round(share * list.length))).sort((a, b) => a[1] - b[1]).map((row) => row[2]);
};

const channels = (colour) => {
  const found = colour.match(/[\d.]+/g).map(Number);
  return { rgb: found.slice(0, 3), a: found[3] ?? 1 };
};
const css = (rgb) => `rgb(${rgb.map(Math.round).join(',')})`;
const mixed = (a, b, share) => a.map((value, i) => value + (b[i] - value) * share);
const linear = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const light = (rgb) => 0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2]);
const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);

// The plain colour that lies under an element's text; null where a picture or gradient is painted over it.
const ground = (element) => {
  for (let node = element; node; node = node.parentElement) {
    const style = getComputedStyle(node);
    if (style.backgroundImage !== 'none') return null;
    const { rgb, a } = channels(style.backgroundColor);
    if (a > 0.95) return rgb;
  }
  return [255, 255, 255];
};

// The parts of the page: from the body down, the one with the most text is taken apart until there are eight or more.
const CHROME = /^(HEADER|NAV|FOOTER|H1|H2)$/;
const parts = () => {
  let found = [document.body];
  for (let round = 0; round < 30 && found.length < 8; round++) {
    const largest = found.filter((part) => part.children.length).sort((a, b) => b.textContent.length - a.textContent.length)[0];
    if (!largest) break;
    const inner = Array.from(largest.children).filter((child) => visible(child) && !CHROME.test(child.tagName));
    if (!inner.length) break;
    found = found.flatMap((part) => part === largest ? inner : [part]);
  }
  return found.filter((part) => part !== document.body);
};
