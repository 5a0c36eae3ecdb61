// Lives in an isolated world: it sees the page's DOM, the page's scripts do not see it and cannot
// change the functions that it uses. Everything here reads; only `still` and the hands of `reach`,
// `put` and `pick` touch the page, as a person would.
globalThis.webgenEyes = (() => {
  const round = (value) => Math.round(value * 100) / 100;
  const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
  const INTERACTIVE = 'a[href],button,input:not([type=hidden]),select,textarea,summary,[onclick],[tabindex]:not([tabindex="-1"]),' +
    '[contenteditable=""],[contenteditable=true],[role=button],[role=link],[role=tab],[role=menuitem],[role=checkbox],' +
    '[role=radio],[role=switch],[role=option],[role=slider],[role=combobox],[role=textbox],[role=searchbox],[draggable=true]';

  const rgba = (() => {
    const cache = new Map();
    const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    const parse = (css) => {
      const found = css.match(/^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/);
      if (found) return [+found[1], +found[2], +found[3], found[4] === undefined ? 1 : +found[4]];
      // Other colour spaces: let the browser convert.
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = css;
      context.fillRect(0, 0, 1, 1);
      const [r, g, b, alpha] = context.getImageData(0, 0, 1, 1).data;
      return [r, g, b, round(alpha / 255)];
    };
    return (css) => {
      if (!cache.has(css)) cache.set(css, parse(css));
      return cache.get(css);
    };
  })();

  const over = (top, under) => [0, 1, 2].map((i) => Math.round(top[i] * top[3] + under[i] * (1 - top[3])));

  const ownText = (element) => {
    let text = '';
    for (const node of element.childNodes) if (node.nodeType === 3) text += node.data;
    return squeeze(text).slice(0, 200);
  };

  // Names by axe-core's implementation of the accessible name computation. `named` opens its tree once.
  const named = (work) => {
    axe.setup(document.documentElement);
    try { return work(); } finally { axe.teardown(); }
  };
  const nameOf = (element) => {
    const node = axe.utils.getNodeFromTree(element);
    const name = node ? axe.commons.text.accessibleTextVirtual(node) : element.getAttribute('aria-label') ?? '';
    const shown = /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName) ? '' : element.innerText ?? '';
    return squeeze(name || shown || element.getAttribute('placeholder') || '').slice(0, 200);
  };

  const roleOf = (element) => {
    const node = axe.utils.getNodeFromTree(element);
    return (node && axe.commons.aria.getRole(node)) || (element.isContentEditable ? 'textbox' : 'generic');
  };

  const shown = (element, style, box) =>
    box.width > 0 && box.height > 0 && style.visibility === 'visible' && style.display !== 'none' && +style.opacity > 0.02 &&
    element.checkVisibility({ opacityProperty: true });

  // What a folded panel holds has a box, and nobody sees it: its ancestor cuts it off. What can be
  // scrolled into view counts as seen.
  const clipping = () => {
    const inner = new Map();
    const meet = (a, b) => a && b ? [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.min(a[2], b[2]), Math.min(a[3], b[3])] : a ?? b;
    return (element, style, box) => {
      const around = inner.get(parentOf(element)) ?? { flow: null, placed: null };
      const clip = style.position === 'fixed' ? null : style.position === 'absolute' ? around.placed : around.flow;
      const cuts = /hidden|clip/.test(style.overflowX + style.overflowY);
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

  function* tree(root) {
    for (const element of root.children) {
      yield element;
      if (element.shadowRoot) yield* tree(element.shadowRoot);
      yield* tree(element);
    }
  }
  const parentOf = (element) => element.parentElement ?? element.getRootNode().host ?? null;

  const canvasColour = () => {
    const of = (element) => element ? rgba(getComputedStyle(element).backgroundColor) : [0, 0, 0, 0];
    const body = of(document.body), root = of(document.documentElement);
    return over(root[3] ? root : body, [255, 255, 255]);
  };

  const SKIPPED = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'LINK', 'META', 'TITLE', 'HEAD', 'BR', 'OPTION']);

  const elements = (limit, names) => {
    const list = [], nodes = [], index = new Map();
    let total = 0;
    const ground = canvasColour();
    const clipped = clipping();
    for (const element of document.body ? tree(document.body) : []) {
      if (SKIPPED.has(element.tagName)) continue;
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      if (clipped(element, style, box) || !shown(element, style, box)) continue;
      total += 1;
      if (list.length >= limit) continue;
      const parent = index.get(parentOf(element)) ?? -1;
      const background = rgba(style.backgroundColor);
      const under = parent >= 0 ? list[parent][11] : ground;
      const interactive = element.matches(INTERACTIVE);
      index.set(element, list.length);
      nodes.push(element);
      list.push([
        element.tagName.toLowerCase(), names ? roleOf(element) : '', ownText(element),
        [round(box.x + scrollX), round(box.y + scrollY), round(box.width), round(box.height)], parent,
        round(parseFloat(style.fontSize)), parseInt(style.fontWeight, 10) || 400, style.fontFamily.split(',')[0].replace(/["']/g, '').slice(0, 60),
        rgba(style.color), background, style.backgroundImage !== 'none', background[3] ? over(background, under) : under,
        interactive, interactive ? styled(element, style) : true, names && interactive ? nameOf(element) : '',
      ]);
    }
    return { list, nodes, total, ground };
  };

  const images = () => Array.from(document.images).slice(0, 200).map((image) => {
    const box = image.getBoundingClientRect();
    return [image.currentSrc.slice(0, 300) || image.src.slice(0, 300), (image.alt ?? '').slice(0, 200),
      image.complete && image.naturalWidth > 0, [round(box.x + scrollX), round(box.y + scrollY), round(box.width), round(box.height)]];
  });

  // How far one can scroll to the right; what the page itself cuts off there cannot be reached.
  const reachableWidth = () => {
    const root = document.documentElement;
    const ways = [root, document.body].filter(Boolean).map((element) => getComputedStyle(element).overflowX);
    const first = ways.find((way) => way !== 'visible') ?? 'visible';
    return /hidden|clip/.test(first) ? Math.min(root.scrollWidth, innerWidth) : root.scrollWidth;
  };

  const ruleCount = () => {
    let rules = 0;
    for (const sheet of document.styleSheets) { try { rules += sheet.cssRules.length; } catch { /* another origin */ } }
    return rules;
  };

  // Contrast depends on the pair of colours and the size class alone, so axe looks at one text of
  // each kind: a page of a thousand equal cards costs as much as a page of one.
  const contrast = async (rows, nodes, most) => {
    const kinds = new Map();
    rows.forEach((row, i) => {
      if (!row[2]) return;
      const large = row[5] >= 24 || (row[5] >= 18.66 && row[6] >= 700);
      const key = JSON.stringify([row[8], row[11], large, row[10]]);
      if (!kinds.has(key)) kinds.set(key, []);
      kinds.get(key).push(i);
    });
    const sample = Array.from(kinds.values()).slice(0, most).map((kind) => kind[0]);
    if (!sample.length) return { found: [], checked: 0 };
    const result = await axe.run({ include: sample.map((i) => nodes[i]) }, {
      runOnly: { type: 'rule', values: ['color-contrast'] }, resultTypes: ['violations'], elementRef: true,
      iframes: false, preload: false,
    });
    const found = result.violations.flatMap((violation) => violation.nodes).flatMap((node) => {
      const data = (node.any[0] ?? {}).data ?? {};
      const at = sample.indexOf(nodes.indexOf(node.element));
      if (at < 0) return [];
      const kind = Array.from(kinds.values())[at];
      return [[rows[kind[0]][2].slice(0, 80), data.contrastRatio ?? 0, parseFloat(data.expectedContrastRatio) || 4.5,
        data.fgColor ?? '', data.bgColor ?? '', kind.length]];
    });
    return { found, checked: rows.filter((row) => row[2]).length };
  };

  const measure = async (limits) => {
    const seen = named(() => elements(limits.elements, true));
    const faint = await contrast(seen.list, seen.nodes, limits.axeKinds);
    const root = document.documentElement;
    return {
      elements: seen.list, total: seen.total, ground: seen.ground, images: images(), contrast: faint.found,
      checked: faint.checked, width: reachableWidth(), height: root.scrollHeight, sheets: document.styleSheets.length,
      rules: ruleCount(), links: Array.from(document.querySelectorAll('a[href]')).slice(0, 200)
        .map((link) => [link.getAttribute('href').slice(0, 300), squeeze(link.textContent).slice(0, 100)]),
      text: (document.body?.innerText ?? '').slice(0, limits.text),
    };
  };

  let held = [];
  const widgets = () => named(() => {
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
        [round(box.x + scrollX), round(box.y + scrollY), round(box.width), round(box.height)],
      ]);
      held.push(element);
      if (held.length >= 500) break;
    }
    return rows;
  });
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

  // CSS animations run on real time; only their end is the same on every machine.
  const finish = () => {
    for (const animation of document.getAnimations()) {
      try {
        const timing = animation.effect?.getComputedTiming();
        if (timing && Number.isFinite(timing.endTime)) animation.finish(); else animation.cancel();
      } catch { /* a scroll-driven animation has no end */ }
    }
  };

  // Whether a link to #fragment leads to a place on this page.
  const target = (fragment) => {
    let name = fragment;
    try { name = decodeURIComponent(fragment); } catch { /* kept as it is written */ }
    return name === '' || name.toLowerCase() === 'top' || !!(document.getElementById(name) ?? document.getElementsByName(name)[0]);
  };

  // The address counts without its fragment: a link to a place that is missing changes nothing that one sees.
  const fingerprint = () => {
    finish();
    const seen = elements(2000).list.map((row) => [row[0], row[2], row[3], row[8], row[9], row[11]]);
    const fields = Array.from(document.querySelectorAll('input,select,textarea,details,dialog'),
      (field) => [field.value, field.checked, field.selectedIndex, field.open, field.disabled]);
    const canvases = Array.from(document.querySelectorAll('canvas')).slice(0, 4).map((canvas) => {
      try { return canvas.toDataURL(); } catch { return ''; }
    });
    return JSON.stringify([seen, fields, canvases, scrollX, scrollY, location.href.split('#')[0], document.title]);
  };

  // Ends what moves, so that two looks of the same state are the same picture.
  const still = async () => {
    finish();
    if (document.activeElement && document.activeElement !== document.body) {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('*{caret-color:transparent!important}');
      document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    }
    await document.fonts.ready;
    return document.title;
  };

  return { measure, widgets, reach, focus, put, pick, fingerprint, still, target, text: () => document.body?.innerText ?? '' };
})();
