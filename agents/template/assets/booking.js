// Book something for a day; look a booking up; change or cancel it.
(function () {
  const { h, button, form, toast, collection, reference, confirmation, recall, keep, on, day, cell, money, empty } =
    Site;

  Site.widget("booking", (root, options, section) => {
    const offers = options.offers && Site.data.collections[options.offers] ? collection(options.offers) : null;
    const sum = h("p", { class: "total", role: "status" });
    const notice = h("div", { "aria-live": "polite" });
    const list = h("div", {});
    const found = h("div", { "aria-live": "polite" });
    const names = offers ? offers.rows().map((row) => row[offers.title]) : options.choices || [];
    const price = offers && offers.columns.find((column) => column.type === "money");
    root.append(
      notice,
      h(
        "div",
        { class: "columns" },
        h("article", { class: "panel" }, watch(booking()), sum),
        h("article", { class: "panel" }, lookup(), found),
      ),
      list,
    );
    on("bookings", render);
    on("wish", wish);

    const chosenForm = () => root.querySelector("form");

    // Says what the choice costs while it is being made.
    function watch(element) {
      element.addEventListener("change", () => {
        const value = (name) => element.elements[name]?.value || "";
        const total =
          value("date") && (!options.range || value("end") > value("date"))
            ? cost({ what: value("what"), date: value("date"), end: value("end") })
            : 0;
        sum.textContent = total ? `Total price: ${money(total)}` : "";
      });
      return element;
    }

    function wish() {
      const field = chosenForm().elements.what;
      if (field && recall("wish", "")) {
        field.value = recall("wish", "");
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }

    function booking() {
      return form({
        heading: "Make a booking",
        submit: "Book now",
        values: { ...(Site.user() || {}), date: "", guests: 2 },
        fields: [
          ...(names.length ? [{ key: "what", label: options.what || "Service", options: names, required: true }] : []),
          { key: "date", label: options.range ? "Arrival date" : "Date", type: "date", required: true },
          ...(options.range
            ? [{ key: "end", label: "Departure date", type: "date", required: true }]
            : options.hours
              ? [
                  { key: "time", label: "Start time", type: "time", required: true },
                  { key: "until", label: "End time", type: "time", required: true },
                ]
              : [{ key: "time", label: "Time", options: ["09:00", "10:30", "13:00", "15:30", "18:00", "20:00"] }]),
          { key: "guests", label: options.guests || "People", type: "number", min: 1 },
          { key: "name", label: "Full name", required: true },
          { key: "email", label: "Email", type: "email", required: true },
          { key: "phone", label: "Phone", type: "phone" },
          {
            key: "note",
            label: options.note || "Wishes",
            type: options.note ? "text" : "long",
            required: Boolean(options.note),
          },
        ],
        onsubmit: (values, element) => {
          if (values.end && values.end <= values.date) return "The departure must be after the arrival.";
          if (values.until && values.until <= values.time) return "The end must be after the start.";
          if (
            options.hours &&
            recall("bookings", []).some(
              (one) =>
                one.what === values.what &&
                one.date === values.date &&
                one.time < values.until &&
                values.time < one.until,
            )
          )
            return `${values.what} is already booked at that time.`;
          const made = { ...values, code: reference("book"), status: "Confirmed", total: cost(values) };
          keep("bookings", [made, ...recall("bookings", [])]);
          notice.replaceChildren(
            confirmation(
              `Thank you, ${values.name}. Your booking is confirmed.`,
              `${made.what || "Booking"} on ${day(made.date)}${made.time ? " at " + made.time : ""}. Your reference is ${made.code}.`,
            ),
          );
          toast(`Booking ${made.code} is confirmed.`);
          element.reset();
          notice.scrollIntoView({ block: "center" });
        },
      });
    }

    function cost(values) {
      const row = offers && offers.rows().find((one) => one[offers.title] === values.what);
      if (!row || !price) return 0;
      const nights = values.end ? Math.round((new Date(values.end) - new Date(values.date)) / 864e5) : 1;
      return Number(row[price.key]) * nights;
    }

    function lookup() {
      return form({
        heading: "Check a booking",
        submit: "Check status",
        fields: [{ key: "code", label: "Booking reference", required: true, hint: "for example BOO-1037" }],
        onsubmit: ({ code }) => {
          const one = recall("bookings", []).find((booking_) => booking_.code === code.trim().toUpperCase());
          found.replaceChildren(
            one
              ? confirmation(
                  `${one.code}: ${one.status}`,
                  `${one.what || "Booking"} on ${day(one.date)} for ${one.name}.`,
                )
              : empty(`No booking ${code} is known here. The reference stands in your confirmation.`),
          );
        },
      });
    }

    function render() {
      const mine = [...recall("bookings", [])].sort((a, b) => a.date.localeCompare(b.date));
      list.replaceChildren(
        h(
          "section",
          { class: "mine" },
          h("h3", {}, `My bookings (${mine.length})`),
          mine.length
            ? h(
                "ul",
                { class: "stack" },
                mine.map((one) =>
                  h(
                    "li",
                    { class: "line" },
                    h(
                      "div",
                      { class: "line-main" },
                      h("h4", {}, one.what || "Booking"),
                      h(
                        "p",
                        { class: "muted" },
                        [
                          day(one.date) + (one.end ? " to " + day(one.end) : ""),
                          one.time && one.until ? `${one.time}–${one.until}` : one.time,
                          one.name,
                          one.note,
                          one.total ? money(one.total) : "",
                          one.code,
                        ]
                          .filter(Boolean)
                          .join(" · "),
                      ),
                    ),
                    cell({ type: "status" }, one.status),
                    button(
                      "Cancel",
                      () => {
                        keep(
                          "bookings",
                          mine.filter((other) => other !== one),
                        );
                        toast(`Booking ${one.code} was cancelled.`);
                      },
                      "ghost small",
                      { "aria-label": `Cancel booking ${one.code}` },
                    ),
                  ),
                ),
              )
            : empty("No bookings yet."),
        ),
      );
    }

    render();
    wish();
  });
})();
