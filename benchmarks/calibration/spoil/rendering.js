const PICTURE = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"><rect width="80" height="60" fill="teal"/></svg>';
const LEFT_OVER = ['{{ item.title }}', 'undefined', '[object Object]', 'NaN', '{{ price }}', '<div class="card">'];

const KINDS = {
  broken_images(share) {
    const pictures = all('img,svg').filter((element) => element.checkVisibility() && box(element).width >= 16 && !element.parentElement.closest('svg'));
    // A page without pictures gets three to lose.
    while (pictures.length < 3) {
      const planted = Object.assign(new Image(80, 60), { src: PICTURE });
      (parts().pop() ?? document.body).append(planted);
      pictures.push(planted);
    }
    some(pictures, share).forEach((picture, at) => {
      const { width, height } = box(picture);
      const broken = new Image(width, height);
      broken.src = `/pictures/missing-${at}.png`;
      picture.replaceWith(broken);
    });
  },
  script_errors(count) {
    for (let at = 0; at < count; at++) setTimeout(() => { throw new TypeError(`Cannot read properties of undefined (reading 'part${at}')`); });
  },
  console_errors(count) {
    for (let at = 0; at < count; at++) console.error(`Warning: list ${at} has no data`);
  },
  missing_files(count) {
    for (let at = 0; at < count; at++) {
      const link = document.createElement('link');
      document.head.append(Object.assign(link, { rel: 'stylesheet', href: `/assets/missing-${at}.css` }));
    }
  },
  invisible_text(share) {
    for (const element of some(texts().filter(ground), share)) put(element, { color: css(ground(element)), 'text-shadow': 'none' });
  },
  leftovers(count) {
    const hosts = texts().filter((element) => !element.matches('button,label,h1,option'));
    const chosen = some(hosts, count / hosts.length).slice(0, count);
    chosen.forEach((element, at) => { words(element)[0].data = LEFT_OVER[at % LEFT_OVER.length]; });
  },
};
