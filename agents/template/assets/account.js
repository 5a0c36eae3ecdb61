// Register, log in, keep a profile. Everything stays in this browser.
(function () {
  const { h, button, form, toast, recall, keep, on, confirmation, empty, day } = Site;
  const DEMO = {
    name: "Alex Demo",
    email: "demo@example.com",
    password: "demo1234",
    phone: "+1 555 0100",
    city: "Lisbon",
    about: "Likes clear pages.",
  };

  Site.widget("account", (root, options) => {
    const state = { tab: "register" };
    const people = () => [DEMO, ...recall("people", [])];
    on("user", render);
    on("activity", render);
    on("points", render);
    render();

    function render() {
      root.replaceChildren(Site.user() ? profile(Site.user()) : entrance());
    }

    function entrance() {
      const tab = (name, text) =>
        button(
          text,
          () => {
            state.tab = name;
            render();
            root.querySelector("input").focus();
          },
          "tab",
          { role: "tab", "aria-selected": String(state.tab === name) },
        );
      return h(
        "article",
        { class: "panel" },
        h(
          "div",
          { class: "tabs", role: "tablist", "aria-label": "Account" },
          tab("register", "Register"),
          tab("login", "Log in"),
        ),
        state.tab === "register" ? register() : login(),
      );
    }

    function register() {
      const roles = options.roles || [];
      return form({
        heading: "Create your account",
        fields: [
          { key: "name", label: "Full name", required: true },
          { key: "email", label: "Email", type: "email", required: true },
          { key: "phone", label: "Phone", type: "phone" },
          { key: "password", label: "Password", type: "password", required: true },
          ...(roles.length ? [{ key: "role", label: "I am here as", options: roles }] : []),
        ],
        submit: "Create account",
        onsubmit: (values) => {
          if (values.password.length < 6) return "Choose a password of at least 6 characters.";
          if (people().some((one) => one.email === values.email))
            return "There is already an account with this email. Log in instead.";
          keep("people", [...recall("people", []), values]);
          keep("points", recall("points", 0) + 50);
          keep("user", values);
          toast(`Welcome, ${values.name}. Your account was created.`);
        },
      });
    }

    function login() {
      return h(
        "div",
        {},
        form({
          heading: "Log in",
          submit: "Log in",
          values: { email: DEMO.email },
          fields: [
            { key: "email", label: "Email or user name", required: true },
            { key: "password", label: "Password", type: "password", required: true },
          ],
          onsubmit: (values) => {
            const admin = /^admin/.test(values.email) && { ...DEMO, name: "Admin", email: "admin@example.com" };
            const found =
              admin || people().find((one) => one.email === values.email && one.password === values.password);
            if (!found) return "Email and password do not match. Try the demo account below.";
            keep("user", found);
            keep("points", recall("points", 0) + 5);
            toast(`Welcome back, ${found.name}.`);
          },
        }),
        h("p", { class: "muted" }, `Demo account: ${DEMO.email}, password ${DEMO.password}.`),
      );
    }

    function profile(user) {
      return h(
        "div",
        { class: "columns" },
        h(
          "article",
          { class: "panel" },
          h(
            "div",
            { class: "panel-head" },
            h("span", { class: "avatar avatar-large", "aria-hidden": "true" }, user.avatar || user.name[0]),
            h(
              "div",
              {},
              h("h3", {}, `Welcome, ${user.name}`),
              h("p", { class: "muted" }, [user.role, user.email].filter(Boolean).join(" · ")),
            ),
            button(
              "Log out",
              () => {
                keep("user", null);
                toast("You are logged out.");
              },
              "ghost small",
            ),
          ),
          form({
            heading: "Profile and contact information",
            submit: "Save profile",
            values: user,
            fields: [
              { key: "name", label: "Full name", required: true },
              { key: "email", label: "Email", type: "email", required: true },
              { key: "phone", label: "Phone", type: "phone" },
              { key: "city", label: "City" },
              { key: "avatar", label: "Avatar", options: ["★", "☀", "♣", "♥", "♪", "✿"], blank: "First letter" },
              { key: "about", label: "About you", type: "long" },
            ],
            onsubmit: (values) => {
              const changed = { ...user, ...values };
              keep(
                "people",
                recall("people", []).map((one) => (one.email === user.email ? changed : one)),
              );
              keep("user", changed);
              toast("Your profile was saved.");
            },
          }),
        ),
        h(
          "article",
          { class: "panel" },
          h("h3", {}, "Your activity"),
          h("p", {}, h("strong", { class: "big" }, String(recall("points", 0))), " points"),
          activity(),
        ),
      );
    }

    function activity() {
      const done = Object.keys(Site.data.collections)
        .flatMap((id) => recall("activity:" + id, []))
        .concat(
          recall("orders", []).map((order) => ({
            act: "Order",
            name: order.code,
            date: order.date,
            code: Site.money(order.total),
          })),
        );
      return done.length
        ? h(
            "ul",
            { class: "stack" },
            done.map((one) =>
              h(
                "li",
                { class: "line" },
                h(
                  "div",
                  { class: "line-main" },
                  h("h4", {}, one.name),
                  h("p", { class: "muted" }, `${one.act} · ${day(one.date)} · ${one.code}`),
                ),
              ),
            ),
          )
        : empty("Nothing yet. What you book, apply for or order appears here.");
    }
  });
})();
