// Choose options, see what they cost, confirm. May draw what was chosen.
(function () {
  const { h, form, button, toast, money, reference, confirmation, recall, keep, field } = Site;

  Site.widget("estimate", (root, options) => {
    const out = h("div", { "aria-live": "polite" });
    const result = h("div", { "aria-live": "polite" });
    const fields = [
      ...options.choices.map(([key, label, ...offers]) => ({
        key,
        label,
        options: offers.map((offer) => offer.split("|")[0]),
      })),
      ...options.amounts.map(([key, label, , start]) => ({
        key,
        label,
        type: "number",
        min: 1,
        required: true,
        start,
      })),
    ];
    const chooser = form({
      heading: options.preview ? "Choose and measure" : "What do you need?",
      fields,
      submit: options.preview ? "Generate design" : `Calculate ${options.noun}`,
      values: Object.fromEntries(fields.map((one) => [one.key, one.start])),
      onsubmit: calculate,
    });
    root.append(
      h("div", { class: "columns" }, h("article", { class: "panel" }, chooser), h("article", { class: "panel" }, out)),
      result,
    );
    calculate(
      Object.fromEntries(fields.map((one) => [one.key, one.options ? one.options[0] : Number(one.start)])),
      null,
    );

    function lines(values) {
      const chosen = options.choices.map(([key, label, ...offers]) => [
        `${label}: ${values[key]}`,
        Number(offers.find((offer) => offer.startsWith(values[key] + "|")).split("|")[1]),
      ]);
      const counted = options.amounts
        .filter(([, , each]) => Number(each))
        .map(([key, label, each]) => [`${label}: ${values[key]}`, Number(each) * values[key]]);
      return [...chosen, ...counted];
    }

    function calculate(values, element) {
      const too = options.amounts.find(([key, , , , most]) => values[key] > Number(most));
      if (too) return `${too[1]} must be ${too[4]} or less.`;
      const parts = lines(values);
      const total = parts.reduce((sum, [, price]) => sum + price, 0);
      out.replaceChildren(
        h("h3", {}, options.preview ? "Your design" : `Your ${options.noun}`),
        options.preview ? draw(values) : "",
        h(
          "ul",
          { class: "stack" },
          parts.map(([text, price]) =>
            h(
              "li",
              { class: "line" },
              h("span", { class: "line-main" }, text),
              h("strong", {}, price ? money(price) : "included"),
            ),
          ),
        ),
        h("p", { class: "total" }, h("span", {}, "Total"), h("strong", {}, money(total))),
        button(options.preview ? "Confirm design" : `Confirm ${options.noun}`, () => confirm(values, total)),
      );
      if (element)
        toast(options.preview ? "The design was generated." : `The ${options.noun} was calculated: ${money(total)}.`);
    }

    function draw(values) {
      const colour =
        {
          White: "#ffffff",
          "Sky blue": "#a9c9e8",
          Navy: "#26375c",
          Sand: "#d9c6a3",
          Rose: "#e3b1b1",
          Black: "#2b2b2b",
        }[values.colour] || "#ffffff";
      const pattern = { Linen: "M0 4H8", Flannel: "M0 4H8M4 0V8", Twill: "M0 8L8 0" }[values.fabric] || "";
      const wide = 60 + (Number(values.chest) - 100) * 0.5;
      const sleeve = values.model && /short/i.test(values.model) ? 44 : 96;
      return h("div", {
        class: "preview",
        html: `<svg viewBox="0 0 260 240" role="img" aria-label="Preview: ${values.model}, ${values.fabric}, ${values.colour}"><defs><pattern id="cloth" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="${colour}"/><path d="${pattern}" stroke="#00000033"/></pattern></defs>
        <g fill="url(#cloth)" stroke="#00000066" stroke-width="2"><path d="M${130 - wide} 46L${130 - wide - 36} ${50 + sleeve}L${130 - wide - 8} ${60 + sleeve}L${130 - wide + 8} 96Z"/><path d="M${130 + wide} 46L${130 + wide + 36} ${50 + sleeve}L${130 + wide + 8} ${60 + sleeve}L${130 + wide - 8} 96Z"/><path d="M108 28L${130 - wide} 46V220H${130 + wide}V46L152 28L130 44Z"/><path d="M108 28L130 44L152 28L142 18H118Z"/></g>
        <g fill="#00000055"><circle cx="130" cy="70" r="3"/><circle cx="130" cy="104" r="3"/><circle cx="130" cy="138" r="3"/><circle cx="130" cy="172" r="3"/></g></svg>`,
      });
    }

    function confirm(values, total) {
      const code = reference(options.noun);
      if (options.cart) {
        const [first, second] = Object.values(values);
        keep("cart", [
          ...recall("cart", []),
          { id: code, name: `${first}, ${String(second).toLowerCase()} (custom)`, price: total, count: 1 },
        ]);
        result.replaceChildren(
          confirmation(
            "Your design is confirmed.",
            `It lies in your cart as ${code} for ${money(total)}.`,
            h("a", { class: "button small", href: "#cart" }, "Go to checkout"),
          ),
        );
        toast("Your design is in the cart.");
        return;
      }
      result.replaceChildren(
        h(
          "article",
          { class: "panel" },
          form({
            heading: "Where may we send it?",
            submit: "Request confirmation",
            fields: [
              { key: "name", label: "Full name", required: true },
              { key: "email", label: "Email", type: "email", required: true },
            ],
            values: Site.user() || {},
            onsubmit: (person) => {
              result.replaceChildren(
                confirmation(
                  `Thank you, ${person.name}.`,
                  `The ${options.noun} ${code} over ${money(total)} was confirmed and sent to ${person.email}.`,
                ),
              );
              toast(`The ${options.noun} ${code} is confirmed.`);
            },
          }),
        ),
      );
      result.querySelector("input").focus();
    }
  });
})();
