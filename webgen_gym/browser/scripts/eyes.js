// Looking at a page. Only `still` touches it, as the end of all movement would.
const webgenEyes = (() => {
  const { elements, pageBox, squeeze } = webgenSight;

  const images = () => Array.from(document.images).slice(0, 200).map((image) => {
    const box = image.getBoundingClientRect();
    return [image.currentSrc.slice(0, 300) || image.src.slice(0, 300), (image.alt ?? '').slice(0, 200),
      image.complete && image.naturalWidth > 0, pageBox(box)];
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

  // What a field holds is no text of its own, but is read like one.
  const held = (element) => squeeze(element.selectedOptions?.[0]?.label ?? (TYPED.test(element.type) ? element.value : ''));
  const TYPED = /^(text|search|email|url|tel|number|textarea|submit|reset|button)$/;

  const texts = ({ list, nodes, painted, opacities }) => list.flatMap((row, i) => {
    const text = row[2] || held(nodes[i]);
    return text ? [{
      element: nodes[i], text, px: row[5], weight: row[6], ink: row[8], behind: row[11], painted: painted[i], opacity: opacities[i],
    }] : [];
  });

  const measure = (limits) => {
    const seen = elements(limits.elements, true);
    const read = texts(seen);
    const root = document.documentElement;
    return {
      elements: seen.list, total: seen.total, ground: seen.ground, images: images(), 
      contrast: webgenContrast.find(read, limits.contrastKinds, seen.ground), checked: read.length, width: reachableWidth(), height: root.scrollHeight, sheets: document.styleSheets.length,
      rules: ruleCount(), links: Array.from(document.querySelectorAll('a[href]')).slice(0, 200)
        .map((link) => [link.getAttribute('href').slice(0, 300), squeeze(link.textContent).slice(0, 100)]),
      text: (document.body?.innerText ?? '').slice(0, limits.text),
    };
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

  // A caret blinks in real time, and a field may get the focus at any moment.
  const noCaret = new CSSStyleSheet();
  noCaret.replaceSync('*{caret-color:transparent!important}');
  const hideCaret = () => {
    if (!document.adoptedStyleSheets.includes(noCaret)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, noCaret];
  };
  hideCaret();

  // Ends what moves, so that two looks of the same state are the same picture.
  const still = async () => {
    finish();
    hideCaret();
    await document.fonts.ready;
    return document.title;
  };

  const places = async (limit) => {
    await still();
    return webgenSight.places(limit);
  };

  return { places, measure, fingerprint, still, target, text: () => document.body?.innerText ?? '' };
})();
