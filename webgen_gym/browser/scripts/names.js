// Roles and accessible names, after HTML-AAM 1.0 and Accessible Name Computation 1.2, as far as one can see them.
// The tests hold them against axe-core, which would cost a look more than all the rest.
const webgenNames = (() => {
  const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
  const LONGEST = 200;
  const DEEPEST = 20;

  // Roles of the text level (paragraph, emphasis, code, time …) are left out: they tell a reader nothing.
  const TAGS = {
    ADDRESS: 'group', ARTICLE: 'article', ASIDE: 'complementary', BLOCKQUOTE: 'blockquote', BUTTON: 'button', CAPTION: 'caption',
    DATALIST: 'listbox', DD: 'definition', DETAILS: 'group', DIALOG: 'dialog', DT: 'term', FIELDSET: 'group', FIGURE: 'figure', FORM: 'form',
    H1: 'heading', H2: 'heading', H3: 'heading', H4: 'heading', H5: 'heading', H6: 'heading', HR: 'separator', LI: 'listitem', MAIN: 'main',
    MATH: 'math', MENU: 'list', METER: 'meter', NAV: 'navigation', OL: 'list', OPTGROUP: 'group', OPTION: 'option', OUTPUT: 'status',
    PROGRESS: 'progressbar', SUMMARY: 'button', SVG: 'graphics-document', TABLE: 'table', TBODY: 'rowgroup', TD: 'cell',
    TEXTAREA: 'textbox', TFOOT: 'rowgroup', THEAD: 'rowgroup', TR: 'row', UL: 'list',
  };
  const INPUTS = {
    button: 'button', checkbox: 'checkbox', email: 'textbox', image: 'button', number: 'spinbutton', radio: 'radio', range: 'slider',
    reset: 'button', search: 'searchbox', submit: 'button', tel: 'textbox', text: 'textbox', url: 'textbox',
  };
  const SECTIONING = 'article,aside,main,nav,section';
  const GIVEN = new Set(Object.values(TAGS).concat(Object.values(INPUTS), [
    'alert', 'alertdialog', 'application', 'banner', 'columnheader', 'combobox', 'contentinfo', 'dialog', 'directory', 'document', 'feed',
    'generic', 'grid', 'gridcell', 'img', 'link', 'listbox', 'log', 'marquee', 'menu', 'menubar', 'menuitem', 'menuitemcheckbox', 'menuitemradio',
    'none', 'note', 'presentation', 'radiogroup', 'region', 'rowheader', 'scrollbar', 'search', 'switch', 'tab', 'tablist', 'tabpanel',
    'timer', 'toolbar', 'tooltip', 'tree', 'treegrid', 'treeitem',
  ]));

  const labelled = (element) => element.hasAttribute('aria-label') || element.hasAttribute('aria-labelledby') || element.title;
  const SPECIAL = {
    A: (element) => element.hasAttribute('href') ? 'link' : 'generic',
    AREA: (element) => element.hasAttribute('href') ? 'link' : 'generic',
    HEADER: (element) => element.closest(SECTIONING) ? 'generic' : 'banner',
    FOOTER: (element) => element.closest(SECTIONING) ? 'generic' : 'contentinfo',
    IMG: (element) => element.getAttribute('alt') === '' ? 'presentation' : 'img',
    INPUT: (element) => {
      const role = INPUTS[element.type] ?? 'textbox';
      return element.list && /^(textbox|searchbox)$/.test(role) ? 'combobox' : role;
    },
    SECTION: (element) => labelled(element) ? 'region' : 'generic',
    SELECT: (element) => element.multiple || element.size > 1 ? 'listbox' : 'combobox',
    TH: (element) => element.scope === 'row' ? 'rowheader' : 'columnheader',
  };

  const roleOf = (element) => {
    const given = (element.getAttribute('role') ?? '').trim().toLowerCase().split(/\s+/).find((role) => GIVEN.has(role));
    if (given) return given;
    const tag = element.tagName.toUpperCase();
    return SPECIAL[tag]?.(element) ?? TAGS[tag] ?? (element.isContentEditable ? 'textbox' : 'generic');
  };

  const FIELD = /^(INPUT|SELECT|TEXTAREA)$/;
  const unseen = (element) => element.getAttribute('aria-hidden') === 'true' || !element.checkVisibility({ visibilityProperty: true });

  // The text of an element as a reader would hear it; `depth` ends what refers to itself.
  const content = (element, depth) => {
    let text = '';
    for (const node of element.shadowRoot?.childNodes ?? element.childNodes) {
      if (node.nodeType === 3) text += node.data;
      else if (node.nodeType === 1 && depth < DEEPEST && !unseen(node)) {
        const block = node.tagName === 'BR' || getComputedStyle(node).display !== 'inline';
        const said = stated(node, depth + 1) || content(node, depth + 1);
        text += block ? ` ${said} ` : said;
      }
    }
    return text;
  };

  const referred = (element, depth) => {
    const ids = (element.getAttribute('aria-labelledby') ?? '').trim();
    if (!ids || depth > 1) return '';
    return ids.split(/\s+/).map((id) => element.getRootNode().getElementById?.(id)).filter(Boolean)
      .map((other) => stated(other, DEEPEST) || content(other, 1)).join(' ');
  };

  const child = (element, tag) => {
    const found = Array.from(element.children).find((inner) => inner.tagName.toUpperCase() === tag);
    return found ? content(found, 1) : '';
  };

  // What the markup says outright, without the element's content.
  const stated = (element, depth) => {
    const said = referred(element, depth) || (element.getAttribute('aria-label') ?? '').trim();
    if (said) return said;
    switch (element.tagName.toUpperCase()) {
      case 'INPUT':
        if (/^(submit|reset|button)$/.test(element.type)) {
          return element.value || { submit: 'Submit', reset: 'Reset' }[element.type] || element.title;
        }
        if (element.type === 'image') return element.alt || element.title || 'Submit';
        return labels(element, depth) || element.title;
      case 'SELECT': case 'TEXTAREA': case 'METER': case 'PROGRESS': case 'OUTPUT': return labels(element, depth) || element.title;
      case 'IMG': case 'AREA': return element.alt || element.title;
      case 'SVG': return child(element, 'TITLE');
      case 'FIELDSET': return child(element, 'LEGEND');
      case 'FIGURE': return child(element, 'FIGCAPTION');
      case 'TABLE': return child(element, 'CAPTION');
      default: return '';
    }
  };
  const labels = (element, depth) => depth > 2 ? '' : Array.from(element.labels ?? [], (label) => content(label, DEEPEST - 3)).join(' ');

  const nameOf = (element) => {
    const shown = () => FIELD.test(element.tagName) ? '' : content(element, 0) || element.title || element.innerText || '';
    return squeeze(stated(element, 0) || shown() || element.getAttribute('placeholder') || '').slice(0, LONGEST);
  };

  return { roleOf, nameOf };
})();
