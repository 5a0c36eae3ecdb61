// What every widget uses: elements, stored state, values, messages. Data comes from window.SITE.
(function () {
  const data = window.SITE;
  const key = "site:" + data.name;
  const widgets = {};
  const listeners = {};
  let serial = 0;

  // ---------------------------------------------------------------- elements

  function h(tag, attributes, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === false || value === null || value === undefined) continue;
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (name === "html") element.innerHTML = value;
      else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(
      ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
    );
    return element;
  }

  function icon(name) {
    const paths = data.icons[name] || data.icons.spark || "";
    return h("span", { class: "icon", "aria-hidden": "true", html: `<svg viewBox="0 0 24 24">${paths}</svg>` });
  }

  function button(label, onclick, kind, extra) {
    return h("button", { type: "button", class: "button " + (kind || ""), onclick, ...extra }, label);
  }

  // Card pictures are drawn: the seed picks the shapes, the palette gives the colours.
  function art(seed, name) {
    const n = Math.abs(hash(seed));
    const [x, y, r] = [40 + (n % 200), 20 + ((n >> 3) % 90), 40 + ((n >> 5) % 50)];
    const angle = (n % 7) * 15 - 45;
    const paths = data.icons[name] || "";
    return h("div", {
      class: "art art-" + (n % 4),
      "aria-hidden": "true",
      html: `<svg viewBox="0 0 320 160" preserveAspectRatio="xMidYMid slice">
        <circle class="a1" cx="${x}" cy="${y}" r="${r}"/>
        <rect class="a2" x="${300 - x}" y="${90 - y / 2}" width="150" height="150" rx="28" transform="rotate(${angle} 220 90)"/>
        <circle class="a3" cx="${310 - x / 2}" cy="${140 - y}" r="${r / 2.2}"/>
        <g class="a4" transform="translate(124 44) scale(3)">${paths}</g></svg>`,
    });
  }

  function hash(text) {
    let value = 7;
    for (const letter of String(text)) value = (value * 31 + letter.codePointAt(0)) | 0;
    return value;
  }

  // ---------------------------------------------------------------- state

  function load() {
    try {
      return JSON.parse(localStorage.getItem(key)) || {};
    } catch {
      return {};
    }
  }
  const saved = load();

  function keep(name, value) {
    saved[name] = value;
    try {
      localStorage.setItem(key, JSON.stringify(saved));
    } catch {
      /* private mode: state lives until the page closes */
    }
    emit(name);
  }
  const recall = (name, otherwise) => (name in saved ? saved[name] : otherwise);
  const on = (name, listener) => (listeners[name] ||= []).push(listener);
  const emit = (name) => [...(listeners[name] || []), ...(listeners["*"] || [])].forEach((listener) => listener());

  function collection(id) {
    const spec = data.collections[id];
    const rows = () =>
      recall("rows:" + id, null) || spec.rows.map((row, index) => toRecord(spec, row, id + "-" + (index + 1)));
    return {
      ...spec,
      id,
      rows,
      add(record) {
        const made = { ...record, id: id + "-" + Date.now().toString(36) + ++serial, mine: true };
        keep("rows:" + id, [made, ...rows()]);
        return made;
      },
      change(rowId, values) {
        keep(
          "rows:" + id,
          rows().map((row) => (row.id === rowId ? { ...row, ...values } : row)),
        );
      },
      remove(rowId) {
        keep(
          "rows:" + id,
          rows().filter((row) => row.id !== rowId),
        );
      },
      title: spec.columns[0].key,
    };
  }

  function toRecord(spec, row, id) {
    return Object.fromEntries([["id", id], ...spec.columns.map((column, index) => [column.key, row[index]])]);
  }

  // ---------------------------------------------------------------- values

  const today = () => new Date().toISOString().slice(0, 10);
  const money = (value) =>
    data.currency +
    Number(value).toLocaleString("en-US", { minimumFractionDigits: value % 1 ? 2 : 0, maximumFractionDigits: 2 });

  function show(column, value) {
    if (value === "" || value === null || value === undefined) return "–";
    if (column.type === "money") return money(value);
    if (column.type === "percent") return value + " %";
    if (column.type === "number")
      return Number(value).toLocaleString("en-US", { useGrouping: Math.abs(value) > 2100 || Math.abs(value) < 1800 });
    if (column.type === "date") return day(value);
    return String(value);
  }

  function day(value) {
    const date = new Date(value + "T12:00:00Z");
    return isNaN(date)
      ? value
      : date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  }

  function cell(column, value) {
    if (column.type === "status") return h("span", { class: "badge badge-" + tone(value) }, String(value));
    if (column.type === "rating") return stars(value);
    if (column.type === "percent" && /progress|chance|relevance/i.test(column.label)) return bar(value);
    return show(column, value);
  }

  function tone(value) {
    if (/open|pending|low|risk|due|review|draft|wait|new|attention|contacted|trial|watch/i.test(value)) return "warm";
    if (/closed|paused|lost|refused|cancel|read|archiv|former/i.test(value)) return "quiet";
    return "good";
  }

  const stars = (value) =>
    h(
      "span",
      { class: "stars" },
      h("span", { "aria-hidden": "true" }, "★"),
      " " + Number(value).toFixed(1),
      h("span", { class: "visually-hidden" }, " of 5"),
    );
  const bar = (value) =>
    h(
      "span",
      { class: "meter" },
      h(
        "span",
        { class: "meter-track" },
        h("span", { class: "meter-fill", style: `width:${Math.max(2, Math.min(100, value))}%` }),
      ),
      h("span", {}, value + " %"),
    );

  // ---------------------------------------------------------------- messages

  function toast(text) {
    const box = document.getElementById("toasts");
    const note = h("p", { class: "toast" }, icon("check"), text);
    box.append(note);
    setTimeout(() => note.remove(), 5000);
  }

  function download(name, text, type) {
    const link = h("a", {
      href: URL.createObjectURL(new Blob([text], { type: type || "text/plain" })),
      download: name,
    });
    document.body.append(link);
    link.click();
    link.remove();
  }

  const reference = (prefix) =>
    prefix.slice(0, 3).toUpperCase() + "-" + String(1000 + (((recall("references", 0) + 1) * 37) % 9000));

  function confirmation(title, text, ...more) {
    keep("references", recall("references", 0) + 1);
    return h(
      "div",
      { class: "notice", role: "status" },
      icon("check"),
      h("div", {}, h("strong", {}, title), h("p", {}, text), ...more),
    );
  }

  const empty = (text) => h("p", { class: "empty" }, text);

  window.Site = {
    data,
    widgets,
    h,
    icon,
    button,
    art,
    hash,
    keep,
    recall,
    on,
    emit,
    collection,
    today,
    money,
    show,
    day,
    cell,
    stars,
    bar,
    toast,
    download,
    reference,
    confirmation,
    empty,
    widget: (name, make) => {
      widgets[name] = make;
    },
    user: () => recall("user", null),
  };
})();
