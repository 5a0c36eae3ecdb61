// Views: which part of the page is shown, the menu, and the start of everything.
(function () {
  const { data, emit } = Site;

  function views() {
    return [...document.querySelectorAll(".view")];
  }

  function route() {
    const wanted = decodeURIComponent(location.hash.slice(1));
    const target = wanted && document.getElementById(wanted);
    const view = (target && target.closest(".view")) || document.getElementById("home") || views()[0];
    if (wanted && target && !target.closest(".view")) return;
    views().forEach((one) => one.classList.toggle("is-current", one === view));
    const named = [...document.querySelectorAll("[data-nav]")].map((link) => link.getAttribute("href").slice(1));
    document.querySelectorAll("[data-nav]").forEach((link) => {
      const here = link.getAttribute("href") === "#" + (named.includes(wanted) ? wanted : view.id);
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    const heading = view.querySelector("h1, h2");
    document.title = view.id === "home" || !heading ? data.name : heading.textContent + " – " + data.name;
    closeMenu();
    if (target && target !== view) target.scrollIntoView();
    else scrollTo(0, 0);
  }

  function closeMenu() {
    const toggle = document.querySelector(".menu-toggle");
    if (toggle) toggle.setAttribute("aria-expanded", "false");
    document.body.classList.remove("menu-open");
  }

  function toggleMenu(event) {
    const open = document.body.classList.toggle("menu-open");
    event.currentTarget.setAttribute("aria-expanded", String(open));
  }

  function mount(root) {
    const section = data.sections[root.dataset.section] || {};
    const widget = Site.widgets[root.dataset.widget];
    if (widget && !root.dataset.ready) {
      root.dataset.ready = "yes";
      widget(root, section.options || {}, { ...section, id: root.dataset.section });
    }
  }

  function start() {
    document.documentElement.classList.add("js");
    document.querySelectorAll("[data-widget]").forEach(mount);
    document.querySelectorAll("[data-search]").forEach((one) =>
      one.addEventListener("submit", (event) => {
        event.preventDefault();
        Site.query = new FormData(one).get("q").trim();
        location.hash = one.dataset.search;
        emit("query:" + one.dataset.search);
      }),
    );
    const toggle = document.querySelector(".menu-toggle");
    if (toggle) toggle.addEventListener("click", toggleMenu);
    addEventListener("hashchange", route);
    route();
  }

  Object.assign(Site, { route, mount, start });
})();
