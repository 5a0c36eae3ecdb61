const KINDS = {
  too_wide(excess) {
    put(document.body, { 'min-width': `${innerWidth + excess}px`, 'max-width': 'none', 'box-sizing': 'border-box' });
  },
  overlap(share) {
    const list = texts().filter((element) => !element.matches(CONTROLS) && movable(element));
    const pairs = list.slice(1).map((element, at) => [element, box(list[at]), box(element)]);
    const below = pairs.filter(([, before, own]) => own.top >= before.bottom - 2);
    for (const [element, before, own] of some(below, share)) {
      put(element, { position: 'relative', top: `${before.top + before.height * 0.35 - own.top}px`, left: `${before.left - own.left}px` });
    }
  },
  cramped(share) {
    const names = ['padding', 'margin'].flatMap((name) => ['top', 'right', 'bottom', 'left'].map((side) => `${name}-${side}`)).concat('row-gap', 'column-gap');
    const kept = all().filter(visible).map((element) => [element, getComputedStyle(element)])
      .map(([element, style]) => [element, names.map((name) => [name, parseFloat(style[name])]).filter(([, value]) => value > 0)]);
    for (const [element, values] of kept) {
      // What centres a block is no spacing.
      const rules = values.filter(([name, value]) => !(/margin-(left|right)/.test(name) && value > 64));
      put(element, Object.fromEntries(rules.map(([name, value]) => [name, `${value * (1 - share)}px`])));
    }
  },
  tight_lines(height) {
    for (const element of texts().filter((element) => !element.matches(CONTROLS))) put(element, { 'line-height': `${height}` });
  },
  cut_off(share) {
    put(document.documentElement, { 'overflow-x': 'hidden' });
    put(document.body, { 'overflow-x': 'hidden' });
    const list = texts().filter(movable);
    const leaves = list.filter((element) => !list.some((other) => other !== element && other.contains(element)));
    for (const element of some(leaves, share)) {
      const { left, width } = box(element);
      put(element, { position: 'relative', left: `${innerWidth - left - Math.min(width, 60) / 2}px` });
    }
  },
  misaligned(pixels) {
    const shifts = counter([0.5, -1, 0, 1, -0.6, 0.8, -0.3]);
    for (const element of texts().concat(all(FIELDS).filter(visible)).filter(movable)) {
      if (!element.parentElement.closest('p,button,a,label,td,th,li')) put(element, { position: 'relative', left: `${shifts() * pixels}px` });
    }
  },
  tiny_controls(height) {
    for (const control of all(CONTROLS).filter(visible)) {
      put(control, { height: `${height}px`, 'min-height': '0', padding: '0 2px', 'line-height': '1', 'font-size': `${Math.max(9.2, Math.min(13, height - 4))}px` });
    }
  },
  wasted_space(share) {
    const gap = document.createElement('div');
    put(gap, { height: `${share * innerHeight}px` });
    const header = document.querySelector('header');
    if (header && box(header).width > 0.9 * innerWidth) header.after(gap); else document.body.prepend(gap);
  },
};
