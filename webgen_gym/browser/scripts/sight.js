// What of a page can be seen: its elements in order, with box, colours and words. Reads only.
const webgenSight = (() => {
  const { rgba, over } = webgenColour;
  const { roleOf, nameOf } = webgenNames;
  const round = (value) => Math.round(value * 100) / 100;
  const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
  const pageBox = (box) => [round(box.x + scrollX), round(box.y + scrollY), round(box.width), round(box.height)];

  const INTERACTIVE = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[onclick],[tabindex]:not([tabindex="-1"]),' +
    '[contenteditable=""],[contenteditable=true],[role=button],[role=link],[role=tab],[role=menuitem],[role=checkbox],' +
    '[role=radio],[role=switch],[role=option],[role=slider],[role=combobox],[role=textbox],[role=searchbox],[draggable=true]';

  const ownText = (element) => {
    let text = '';
    for (const node of element.childNodes) if (node.nodeType === 3) text += node.data;
    return squeeze(text).slice(0, 200);
  };

  const shown = (element, style, box) =>
    box.width > 0 && box.height > 0 && style.visibility === 'visible' && style.display !== 'none' && +style.opacity > 0.02 &&
    element.checkVisibility({ opacityProperty: true });

  // What a folded panel holds has a box, and nobody sees it: its ancestor cuts it off. What can be
  // scrolled into view counts as seen.
  // With `scrolled` only what is scrolled into view now does.
  const clipping = (scrolled = false) => {
    const inner = new Map();
    const cutting = scrolled ? /hidden|clip|auto|scroll/ : /hidden|clip/;
    const meet = (a, b) => a && b ? [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])] : a ?? b;
    return (element, style, box) => {
      const around = inner.get(parentOf(element)) ?? { flow: null, placed: null };
      const clip = style.position === 'fixed' ? null : style.position === 'absolute' ? around.placed : around.flow;
      const cuts = cutting.test(style.overflowX + style.overflowY);
      const flow = cuts ? meet(clip, [box.left, box.top, box.right, box.bottom]) : clip;
      inner.set(element, { flow, placed: style.position === 'static' ? around.placed : flow });
      return !!clip && (Math.min(box.right, clip[2]) - Math.max(box.left, clip[0]) < 1 ||
        Math.min(box.bottom, clip[3]) - Math.max(box.top, clip[1]) < 1);
    };
  };

  // A control that the author has styled does not look as the browser draws it by default.
  const styled = (element, style) => {
    if (element.tagName === 'A') return style.color !== 'rgb(0, 0, 238)' || !style.textDecorationLine.includes('underline');
    if (/^(checkbox|radio|range|file|color)$/.test(element.type)) return true;
    return !(style.borderTopStyle === 'outset' || style.borderTopStyle === 'inset') &&
      !(style.borderTopWidth === '2px' && style.backgroundColor === 'rgb(239, 239, 239)');
  };

  // With `frames` into the documents of frames too, as far as they are of the same origin.
  function* tree(root, frames = false) {
    for (const element of root.children) {
      yield element;
      if (element.shadowRoot) yield* tree(element.shadowRoot, frames);
      const inner = frames && element.tagName === 'IFRAME' && element.contentDocument?.body;
      if (inner) yield* tree(inner, true);
      yield* tree(element, frames);
    }
  }
  const parentOf = (element) => element.parentElement ?? element.getRootNode().host ?? null;

  // Where the top left of an element's document is in the window: elsewhere than at 0, 0 where it is in a frame.
  const origin = (element) => {
    let x = 0, y = 0;
    for (let view = element.ownerDocument.defaultView; view && view !== window; view = view.parent) {
      const frame = view.frameElement;
      if (!frame) break;
      const box = frame.getBoundingClientRect(), style = getComputedStyle(frame);
      x += box.x + frame.clientLeft + parseFloat(style.paddingLeft);
      y += box.y + frame.clientTop + parseFloat(style.paddingTop);
    }
    return [x, y];
  };
  const windowBox = (element) => {
    const box = element.getBoundingClientRect(), [x, y] = origin(element);
    return new DOMRect(box.x + x, box.y + y, box.width, box.height);
  };

  const canvasColour = () => {
    const of = (element) => element ? rgba(getComputedStyle(element).backgroundColor) : [0, 0, 0, 0];
    const body = of(document.body), root = of(document.documentElement);
    return over(root[3] ? root : body, [255, 255, 255]);
  };

  const SKIPPED = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'LINK', 'META', 'TITLE', 'HEAD', 'BR', 'OPTION']);

  // Each element that is seen, and the number of the seen one that it stands in.
  function* visible() {
    const index = new Map(), clipped = clipping();
    for (const element of document.body ? tree(document.body) : []) {
      if (SKIPPED.has(element.tagName)) continue;
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (clipped(element, style, box) || !shown(element, style, box)) continue;
      const parent = index.get(parentOf(element)) ?? -1;
      index.set(element, index.size);
      yield { element, style, box, parent };
    }
  }

  // What stands where: of the colours and letters of an element, which are dear to ask for, nothing.
  const places = (limit) => {
    const rows = [];
    for (const { element, box, parent } of visible()) {
      if (rows.length >= limit) break;
      const interactive = element.matches(INTERACTIVE);
      rows.push([
        element.tagName.toLowerCase(), ownText(element), pageBox(box), parent, interactive, interactive ? nameOf(element) : '',
      ]);
    }
    return rows;
  };

  // `list` holds a row for each element that is seen, `nodes` the elements themselves, `painted` whether a picture
  // or gradient lies behind its text, `opacities` how far it is seen through, `total` how many there are beyond the limit too.
  const elements = (limit, names) => {
    const list = [], nodes = [], painted = [], opacities = [];
    let total = 0;
    const ground = canvasColour();
    for (const { element, style, box, parent } of visible()) {
      total += 1;
      if (list.length >= limit) continue;
      const background = rgba(style.backgroundColor);
      const under = parent >= 0 ? list[parent][11] : ground;
      const image = style.backgroundImage !== 'none';
      const interactive = element.matches(INTERACTIVE);
      painted.push(image || (parent >= 0 && painted[parent] && background[3] < 1));
      opacities.push(+style.opacity * (parent >= 0 ? opacities[parent] : 1));
      nodes.push(element);
      list.push([
        element.tagName.toLowerCase(), names ? roleOf(element) : '', ownText(element),
        pageBox(box), parent,
        round(parseFloat(style.fontSize)), parseInt(style.fontWeight, 10) || 400, style.fontFamily.split(',')[0].replace(/["']/g, '').slice(0, 60),
        rgba(style.color), background, image, background[3] ? over(background, under) : under,
        interactive, interactive ? styled(element, style) : true, names && interactive ? nameOf(element) : '',
      ]);
    }
    return { list, nodes, painted, opacities, total, ground };
  };

  // What a page does on scrolling and on coming into view it does when a frame is drawn. Clocks are real here.
  const NO_FRAME_MS = 1000;
  const drawn = () => new Promise((resolve) => {
    setTimeout(resolve, NO_FRAME_MS);
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 0)));
  });

  return { INTERACTIVE, SKIPPED, clipping, drawn, elements, origin, ownText, pageBox, parentOf, places, shown, squeeze, tree, windowBox };
})();
