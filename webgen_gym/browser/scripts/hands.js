// Using a page as a person would: `widgets` lists what there is to use, the others find, fill, set and scroll it by
// its number in the last list.
const webgenHands = (() => {
  const { roleOf, nameOf } = webgenNames;
  const { INTERACTIVE, SKIPPED, clipping, drawn, origin, pageBox, parentOf, shown, squeeze, tree, windowBox } = webgenSight;

  // With `whole` also what is in frames, and canvases, which show nothing of what they are for.
  let held = [];
  const widgets = (whole = false) => {
    const forms = new Map(), rows = [];
    const clipped = clipping();
    held = [];
    for (const element of document.body ? tree(document.body, whole) : []) {
      let usable = element.matches(INTERACTIVE) || (whole && element.tagName === 'CANVAS');
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      const hidden = clipped(element, style, box);
      if (!usable) {
        // A div with a click handler shows itself by its pointer; its children inherit that.
        if (style.cursor !== 'pointer' || SKIPPED.has(element.tagName)) continue;
        const parent = parentOf(element);
        if (parent && getComputedStyle(parent).cursor === 'pointer') continue;
        if (element.tagName === 'LABEL' || element.querySelector(INTERACTIVE)) continue;
        usable = true;
      }
      const seen = (!hidden && shown(element, style, box)) || (/^(checkbox|radio|file)$/.test(element.type) && labelOf(element));
      if (!seen || style.pointerEvents === 'none') continue;
      if (element.form && !forms.has(element.form)) forms.set(element.form, forms.size);
      rows.push([
        roleOf(element), nameOf(element), element.tagName.toLowerCase(), element.type ?? '', String(element.value ?? ''),
        element.getAttribute('placeholder') ?? '', element.getAttribute('href') ?? '',
        element.tagName === 'SELECT' ? Array.from(element.options, (option) => squeeze(option.label)) : [],
        /^(checkbox|radio)$/.test(element.type) ? element.checked : element.hasAttribute('aria-checked') ? element.getAttribute('aria-checked') === 'true' : null,
        !!element.disabled || element.getAttribute('aria-disabled') === 'true',
        element.form ? forms.get(element.form) : -1,
        pageBox(windowBox(element)),
      ]);
      held.push(element);
      if (held.length >= 500) break;
    }
    return rows;
  };
  const labelOf = (element) => {
    const label = element.labels?.[0];
    const box = label?.getBoundingClientRect();
    return box && box.width > 0 && box.height > 0 ? label : null;
  };

  const describe = (element) => `<${element.tagName.toLowerCase()}> ${JSON.stringify(squeeze(element.textContent ?? '').slice(0, 60))}`;
  const deepest = (x, y) => {
    let hit = document.elementFromPoint(x, y);
    while (hit) {
      const [left, top] = hit.tagName === 'IFRAME' && hit.contentDocument?.body ? origin(hit.contentDocument.body) : origin(hit);
      const inner = (hit.shadowRoot ?? hit.contentDocument)?.elementFromPoint(x - left, y - top);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit;
  };
  const within = (inner, outer) => {
    for (let node = inner; node; node = node.parentNode ?? node.host ?? node.defaultView?.frameElement) if (node === outer) return true;
    return false;
  };

  const SPOTS = [[0.5, 0.5], [0.15, 0.5], [0.85, 0.5], [0.5, 0.2], [0.5, 0.8]];
  const pressed = (i) => {
    const element = held[i];
    const box = element.getBoundingClientRect();
    return box.width < 1 || box.height < 1 || getComputedStyle(element).opacity === '0' ? labelOf(element) ?? element : element;
  };

  // The first point of `points`, in the window, at which the mouse meets the widget; else what lies over it there.
  const meet = (i, element, points) => {
    let cover = null;
    for (const [x, y] of points) {
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
      const hit = deepest(x, y);
      if (hit && (within(hit, element) || within(element, hit) || hit.closest?.('label')?.control === held[i])) return { x, y };
      cover ??= hit;
    }
    return { problem: cover ? `${describe(cover)} lies over it` : 'it cannot be scrolled into view' };
  };
  const spots = (box) => SPOTS.map(([across, down]) => [box.x + box.width * across, box.y + box.height * down]);

  // Where to put the mouse to press widget i, or why that cannot be done. With `focused` it gets the focus too;
  // `at` is a point in pixels from its top left.
  const reach = (i, focused = false, at = null) => {
    if (!held[i]?.isConnected) return { problem: 'it is no longer on the page' };
    const element = pressed(i);
    if (focused) held[i].focus?.({ preventScroll: true });
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const box = windowBox(element);
    if (box.width < 1 || box.height < 1) return { problem: 'it has no size' };
    return meet(i, element, at ? [[box.x + at[0], box.y + at[1]]] : spots(box));
  };

  // Whether the mouse meets widget i where the page stands now.
  const open = (i) => {
    const element = pressed(i);
    return !meet(i, element, spots(windowBox(element))).problem;
  };

  const SCROLLING = /auto|scroll|overlay/;
  const PORTION = 2 / 3;
  const scrolls = (element, down) => {
    const room = element.scrollHeight - element.clientHeight;
    return room >= 1 && (down ? element.scrollTop < room - 1 : element.scrollTop > 0);
  };
  const scroller = (element, down) => {
    for (let node = element; node; node = parentOf(node) ?? node.ownerDocument?.defaultView?.frameElement) {
      const root = node === node.ownerDocument.scrollingElement;
      if ((root || SCROLLING.test(getComputedStyle(node).overflowY)) && scrolls(node, down)) return node;
    }
    return null;
  };
  // Scrolls what widget i stands in, or with i = -1 the page: where that does not scroll, what is in its middle.
  const scroll = async (i, down) => {
    if (i >= 0 && !held[i]?.isConnected) return { problem: 'it is no longer on the page' };
    const page = document.scrollingElement;
    const found = i >= 0 ? scroller(held[i], down)
      : page && scrolls(page, down) ? page : scroller(deepest(innerWidth / 2, innerHeight / 2), down);
    found?.scrollBy({ top: (down ? 1 : -1) * PORTION * Math.min(found.clientHeight, innerHeight), behavior: 'instant' });
    await drawn();
    return { moved: !!found };
  };

  const TYPED = /^(date|time|datetime-local|month|week|color|range)$/;
  const focus = (i) => {
    const element = held[i];
    if (!element?.isConnected) return { problem: 'it is no longer on the page' };
    if (element.disabled || element.readOnly) return { problem: 'it is disabled' };
    if (TYPED.test(element.type)) return { direct: true };
    element.scrollIntoView({ block: 'center', behavior: 'instant' });
    element.focus();
    if (element.select) element.select();
    else if (element.isContentEditable) element.ownerDocument.getSelection().selectAllChildren(element);
    return {};
  };
  const changed = (element) => {
    element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const put = (i, text) => {
    held[i].focus();
    held[i].value = text;
    changed(held[i]);
    return held[i].value;
  };
  const pick = (i, label) => {
    const element = held[i];
    if (!element?.isConnected) return { problem: 'it is no longer on the page' };
    const at = Array.from(element.options ?? []).findIndex((option) => squeeze(option.label) === label);
    if (at < 0) return { problem: `it has no option ${JSON.stringify(label)}` };
    element.focus();
    element.selectedIndex = at;
    changed(element);
    return {};
  };

  return { widgets, reach, focus, put, pick, open, scroll, held: () => held };
})();
