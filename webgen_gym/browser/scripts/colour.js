// CSS colours as numbers: `[red, green, blue, alpha]`, 0–255 and 0–1.
const webgenColour = (() => {
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
      return [r, g, b, Math.round(alpha / 2.55) / 100];
    };
    return (css) => {
      if (!cache.has(css)) cache.set(css, parse(css));
      return cache.get(css);
    };
  })();

  const over = (top, under) => [0, 1, 2].map((i) => Math.round(top[i] * top[3] + under[i] * (1 - top[3])));
  return { rgba, over };
})();
