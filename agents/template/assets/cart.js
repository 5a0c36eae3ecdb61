// Cart, checkout, orders.
(function () {
  const { h, button, form, toast, recall, keep, on, money, reference, confirmation, empty, today, day } = Site;

  Site.widget("cart", (root) => {
    const slot = h("div", { "aria-live": "polite" });
    const items = () => recall("cart", []);
    const total = () => items().reduce((sum, item) => sum + item.price * item.count, 0);
    root.append(slot);
    on("cart", render);
    render();

    function count(item, count) {
      keep(
        "cart",
        count < 1
          ? items().filter((one) => one.id !== item.id)
          : items().map((one) => (one.id === item.id ? { ...one, count } : one)),
      );
    }

    function render() {
      slot.replaceChildren(
        items().length
          ? h("div", { class: "columns" }, basket(), checkout())
          : empty("Your cart is empty. Choose something and press “Add”."),
        orders(),
      );
    }

    function basket() {
      return h(
        "article",
        { class: "panel" },
        h("h3", {}, "Your cart"),
        h(
          "ul",
          { class: "stack" },
          items().map((item) =>
            h(
              "li",
              { class: "line" },
              h(
                "div",
                { class: "line-main" },
                h("h4", {}, item.name),
                h("p", { class: "muted" }, `${money(item.price)} each`),
              ),
              h(
                "div",
                { class: "stepper" },
                button("−", () => count(item, item.count - 1), "ghost small", {
                  "aria-label": `One ${item.name} less`,
                }),
                h("span", {}, String(item.count)),
                button("+", () => count(item, item.count + 1), "ghost small", {
                  "aria-label": `One ${item.name} more`,
                }),
              ),
              h("strong", {}, money(item.price * item.count)),
              button(
                "Remove",
                () => {
                  count(item, 0);
                  toast(`${item.name} was removed.`);
                },
                "ghost small",
                { "aria-label": `Remove ${item.name}` },
              ),
            ),
          ),
        ),
        h("p", { class: "total" }, h("span", {}, "Total"), h("strong", {}, money(total()))),
      );
    }

    function checkout() {
      return h(
        "article",
        { class: "panel" },
        form({
          heading: "Checkout",
          submit: "Place order",
          values: Site.user() || {},
          fields: [
            { key: "name", label: "Full name", required: true },
            { key: "email", label: "Email", type: "email", required: true },
            { key: "address", label: "Address", required: true },
            { key: "pay", label: "Payment", options: ["Card", "Invoice", "Bank transfer"] },
            { key: "card", label: "Card number", hint: "Needed for card payments" },
          ],
          onsubmit: (values) => {
            if (values.pay === "Card" && values.card.replace(/\D/g, "").length < 12)
              return "Enter a card number of 12 to 19 digits, or choose another payment.";
            const order = {
              code: reference("order"),
              date: today(),
              total: total(),
              items: items(),
              name: values.name,
            };
            keep("orders", [order, ...recall("orders", [])]);
            keep("cart", []);
            slot.prepend(
              confirmation(
                `Thank you, ${values.name}. Your order is confirmed.`,
                `Order ${order.code} over ${money(order.total)} goes to ${values.address}. A receipt was sent to ${values.email}.`,
              ),
            );
            toast(`Order ${order.code} was placed.`);
          },
        }),
      );
    }

    function orders() {
      const done = recall("orders", []);
      return done.length
        ? h(
            "section",
            { class: "mine" },
            h("h3", {}, `Your orders (${done.length})`),
            h(
              "ul",
              { class: "stack" },
              done.map((order) =>
                h(
                  "li",
                  { class: "line" },
                  h(
                    "div",
                    { class: "line-main" },
                    h("h4", {}, `${order.code} · ${money(order.total)}`),
                    h(
                      "p",
                      { class: "muted" },
                      `${day(order.date)} · ${order.items.map((item) => `${item.count} × ${item.name}`).join(", ")}`,
                    ),
                  ),
                  h("span", { class: "badge badge-good" }, "Paid"),
                ),
              ),
            ),
          )
        : "";
    }
  });
})();
