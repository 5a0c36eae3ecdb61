// The page as it stands in the window: its accessibility tree, frames too, with the controls that `webgenHands` holds.
const webgenWindow = (() => {
  const { roleOf, nameOf } = webgenNames;
  const { SKIPPED, clipping, drawn, ownText, parentOf, shown, tree, windowBox } = webgenSight;
  // They say nothing where they have no words.
  const SILENT = /^(generic|none|presentation|list|listitem|rowgroup|cell|definition|term)$/;
  const PICTURE = /^(img|graphics-document|meter|progressbar)$/;

  const outer = (element) => {
    const parent = parentOf(element), { body, defaultView } = element.ownerDocument;
    return parent && parent !== body ? parent : defaultView?.frameElement;
  };

  // A frame shows what of its document is in it.
  const inView = (element) => {
    const box = windowBox(element);
    let left = 0, top = 0, right = innerWidth, bottom = innerHeight;
    for (let view = element.ownerDocument.defaultView; view && view !== window; view = view.parent) {
      const frame = windowBox(view.frameElement);
      left = Math.max(left, frame.left); top = Math.max(top, frame.top);
      right = Math.min(right, frame.right); bottom = Math.min(bottom, frame.bottom);
    }
    return box.right > left && box.left < right && box.bottom > top && box.top < bottom;
  };

  const wordsOf = (element, role) => {
    if (element.tagName === 'IFRAME') return element.title || element.name;
    return ownText(element) || (PICTURE.test(role) ? nameOf(element) : element.getAttribute('aria-label') ?? '');
  };

  // A line is [depth, role, words, number of the control or -1, whether it is in the window].
  const lines = (numbers, limit) => {
    const found = [], inside = new Map();
    const cutOff = clipping(), scrolledOff = clipping(true);
    for (const element of document.body ? tree(document.body, true) : []) {
      if (found.length >= limit) break;
      if (SKIPPED.has(element.tagName)) continue;
      const around = inside.get(outer(element)) ?? { depth: 0, name: '' };
      const style = getComputedStyle(element), box = element.getBoundingClientRect();
      const hidden = cutOff(element, style, box), away = scrolledOff(element, style, box);
      const number = numbers.get(element) ?? -1;
      const role = element.tagName === 'IFRAME' ? 'frame' : roleOf(element);
      const words = number >= 0 ? '' : wordsOf(element, role);
      // What a control is called by its content is not said twice.
      const said = number < 0 && ((!words && SILENT.test(role)) || (words && around.name.includes(words)));
      const listed = (number >= 0 || (!hidden && shown(element, style, box))) && !said;
      if (listed) found.push([around.depth, role, words, number, !away && inView(element)]);
      inside.set(element, { depth: around.depth + listed, name: number >= 0 ? nameOf(element) : around.name });
    }
    return found;
  };

  const read = async (limit) => {
    await drawn();
    const widgets = webgenHands.widgets(true);
    const numbers = new Map(webgenHands.held().map((element, i) => [element, i]));
    const root = document.documentElement;
    return {
      widgets, lines: lines(numbers, limit), open: widgets.map((_, i) => i).filter(webgenHands.open),
      left: scrollX, top: scrollY, width: root.scrollWidth, height: root.scrollHeight,
    };
  };

  return { read };
})();
