// Which texts are too faint: WCAG 2.2, success criterion 1.4.3, by its formulas for relative luminance and contrast
// ratio. Contrast depends on the colours and the size class alone, so one text of each kind is looked at closely:
// a page of a thousand equal cards costs as much as a page of one. Text over pictures and gradients is left out,
// because plain colours do not tell what is behind it. The tests hold the findings against axe-core.
const webgenContrast = (() => {
  const { rgba, over } = webgenColour;
  const LARGE_PX = 24;
  const LARGE_BOLD_PX = 18.66;
  const BOLD = 700;
  const AA = 4.5;
  const AA_LARGE = 3;
  const PICTURE = /^(IMG|CANVAS|VIDEO|IFRAME|SVG)$/i;

  const linear = (value) => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const ratio = (a, b) => {
    const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
    return (high + 0.05) / (low + 0.05);
  };
  const hex = (colour) => '#' + colour.map((value) => value.toString(16).padStart(2, '0')).join('');

  const opacity = (element) => {
    let product = 1;
    for (let node = element; node; node = node.parentElement) product *= +getComputedStyle(node).opacity;
    return product;
  };

  const ancestors = (element) => element ? [element, ...ancestors(element.parentElement)] : [];

  // The element and what lies under its text: as the browser stacks it where that is in the window, else its ancestors.
  const stack = (element) => {
    const range = document.createRange();
    range.selectNodeContents(Array.from(element.childNodes).find((node) => node.nodeType === 3 && node.data.trim()) ?? element);
    const box = range.getClientRects()[0] ?? element.getBoundingClientRect();
    const all = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return all.includes(element) ? all.slice(all.indexOf(element)) : ancestors(element);
  };

  // What is painted under a text, from the bottom up, with the opacity it is seen with; null where it is a picture.
  const layers = (element, ground) => {
    const found = [];
    for (const layer of stack(element)) {
      const style = getComputedStyle(layer);
      if (style.backgroundImage !== 'none' || PICTURE.test(layer.tagName)) return null;
      const colour = rgba(style.backgroundColor);
      if (!colour[3]) continue;
      found.unshift({ colour, opacity: opacity(layer) });
      if (colour[3] * found[0].opacity === 1) return found;
    }
    return [{ colour: [...ground, 1], opacity: 1 }, ...found];
  };

  // Layers of one opacity are one group: painted on each other first, then together on what lies below.
  const flatten = (painted) => {
    let below = [255, 255, 255], group = below, faded = 1;
    const merged = () => over([...group, faded], below);
    for (const { colour, opacity } of painted) {
      if (opacity !== faded) [below, group, faded] = [merged(), merged(), opacity];
      group = over(colour, group);
    }
    return merged();
  };

  const exempt = (element) => !!element.closest('[aria-disabled=true],:disabled,[inert]') || !!element.closest('label')?.control?.disabled;

  // `texts`: { element, text, px, weight, ink, behind, painted, opacity }, in the order of the page.
  const find = (texts, most, ground) => {
    const kinds = new Map();
    for (const text of texts) {
      if (text.painted) continue;
      const large = text.px >= LARGE_PX || (text.px >= LARGE_BOLD_PX && text.weight >= BOLD);
      const key = `${text.ink}|${text.behind}|${text.opacity}|${large}`;
      if (!kinds.has(key)) kinds.set(key, { large, members: [] });
      kinds.get(key).members.push(text);
    }
    const found = [];
    for (const { large, members } of Array.from(kinds.values()).slice(0, most)) {
      const first = members.find((text) => !exempt(text.element));
      if (!first) continue;
      const painted = layers(first.element, ground);
      if (!painted) continue;
      const behind = flatten(painted);
      const ink = flatten([...painted, { colour: first.ink, opacity: first.opacity }]);
      const has = ratio(ink, behind), needs = large ? AA_LARGE : AA;
      if (has < needs) found.push([first.text.slice(0, 80), Math.floor(has * 100) / 100, needs, hex(ink), hex(behind), members.length]);
    }
    return found;
  };

  return { find };
})();
