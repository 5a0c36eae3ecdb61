const toHsl = (rgb) => {
  const [r, g, b] = rgb.map((value) => value / 255);
  const high = Math.max(r, g, b), low = Math.min(r, g, b), span = high - low, l = (high + low) / 2;
  const s = span ? span / (1 - Math.abs(2 * l - 1)) : 0;
  const h = !span ? 0 : high === r ? ((g - b) / span + 6) % 6 : high === g ? (b - r) / span + 2 : (r - g) / span + 4;
  return [h * 60, s, l];
};
const fromHsl = ([h, s, l]) => [0, 8, 4].map((n) => {
  const k = (n + h / 30) % 12;
  return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
});
// Towards the opposite hue by a share of the way, and strong enough there to be seen.
const turned = (rgb, share) => {
  const [h, s, l] = toHsl(rgb);
  return fromHsl([(h + 180 * share) % 360, s + (Math.max(s, 0.55) - s) * share, l + (Math.min(l, 0.9) - l) * share]);
};

const FAMILIES = ['Courier New', 'Comic Sans MS', 'Impact', 'Georgia', 'Trebuchet MS', 'Papyrus', 'Brush Script MT', 'Garamond'];
const GARISH = ['#e6194b', '#3cb44b', '#ffe119', '#4363d8', '#f58231', '#911eb4', '#46f0f0', '#f032e6'];

const KINDS = {
  low_contrast(target) {
    for (const element of texts()) {
      const under = ground(element);
      const ink = channels(getComputedStyle(element).color).rgb;
      if (!under || ratio(ink, under) <= target) continue;
      let [low, high] = [0, 1];
      for (let round = 0; round < 20; round++) {
        const middle = (low + high) / 2;
        if (ratio(mixed(ink, under, middle), under) > target) low = middle; else high = middle;
      }
      put(element, { color: css(mixed(ink, under, low)) });
    }
  },
  palette_off(share) {
    const rows = [document.documentElement, document.body, ...all().filter(visible)].map((element) => [element, getComputedStyle(element).backgroundColor]);
    for (const [element, colour] of rows) {
      const { rgb, a } = channels(colour);
      if (a > 0.5) put(element, { 'background-color': css(turned(rgb, share)) });
    }
  },
  default_font(share) {
    for (const element of some(texts(), share)) put(element, { 'font-family': '"Times New Roman"' });
  },
  many_fonts(count) {
    texts().forEach((element, at) => { if (at % (count + 1)) put(element, { 'font-family': `"${FAMILIES[(at % (count + 1)) - 1]}"` }); });
  },
  raw_controls(share) {
    for (const control of some(all(`a[href],${CONTROLS}`).filter((control) => visible(control) && movable(control)), share)) {
      control.removeAttribute('style');
      control.style.setProperty('all', 'revert', 'important');
    }
  },
  tiny_text(scale) {
    const rows = texts().map((element) => [element, parseFloat(getComputedStyle(element).fontSize)]);
    for (const [element, size] of rows) put(element, { 'font-size': `${Math.max(9.2, size * scale)}px` });
  },
  clutter(count) {
    const hosts = texts().filter((element) => !element.matches(CONTROLS));
    for (let at = 0; at < count; at++) {
      const badge = Object.assign(document.createElement('b'), { textContent: ['NEW', 'HOT', 'WOW', 'TOP'][at % 4] });
      put(badge, { background: GARISH[at % GARISH.length], color: '#000', padding: '0 6px', 'font-size': '13px', border: '2px dashed #000' });
      hosts[(at * 7) % hosts.length].append(badge);
    }
  },
  lost_rules(share) {
    for (const sheet of document.styleSheets) {
      const lost = some(Array.from(sheet.cssRules, (_, at) => at), share);
      for (const at of lost.reverse()) sheet.deleteRule(at);
    }
  },
};
