// Using a page as a person would: `widgets` lists what there is to use, the others find, fill and set it by its number.
const webgenHands = (() => {
  const { roleOf, nameOf } = webgenNames;
  const { INTERACTIVE, SKIPPED, clipping, pageBox, parentOf, shown, squeeze, tree } = webgenSight;

  let held = [];
  const widgets = () => {
    const forms = new Map(), rows = [];
    const clipped = clipping();
    held = [];
    for (const element of document.body ? tree(document.body) : []) {
      let usable = element.matches(INTERACTIVE);
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
        pageBox(box),
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
    while (hit?.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(x, y);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    return hit;
  };
  const within = (inner, outer) => {
    for (let node = inner; node; node = node.parentNode ?? node.host) if (node === outer) return true;
    return false;
  };

  // Where to put the mouse to press widget i, or why that cannot be done. With `focused` it gets the focus too.
  const reach = (i, focused = false) => {
    let element = held[i];
    if (!element?.isConnected) return { problem: 'it is no longer on the page' };
    let box = element.getBoundingClientRect();
    if (box.width < 1 || box.height < 1 || getComputedStyle(element).opacity === '0') element = labelOf(element) ?? element;
    if (focused) held[i].focus?.({ preventScroll: true });
    element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    box = element.getBoundingClientRect();
    if (box.width < 1 || box.height < 1) return { problem: 'it has no size' };
    const spots = [[0.5, 0.5], [0.15, 0.5], [0.85, 0.5], [0.5, 0.2], [0.5, 0.8]];
    let cover = null;
    for (const [across, down] of spots) {
      const x = box.x + box.width * across, y = box.y + box.height * down;
      if (x < 0 || y < 0 || x >= innerWidth || y >= innerHeight) continue;
      const hit = deepest(x, y);
      if (hit && (within(hit, element) || within(element, hit) || hit.closest?.('label')?.control === held[i])) return { x, y };
      cover ??= hit;
    }
    return { problem: cover ? `${describe(cover)} lies over it` : 'it cannot be scrolled into view' };
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
    else if (element.isContentEditable) getSelection().selectAllChildren(element);
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

  return { widgets, reach, focus, put, pick };
})();
