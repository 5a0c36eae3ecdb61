// Forms: fields with labels, checks that say what is wrong, values by key.
(function () {
  const { h, button } = Site;
  let serial = 0;

  const TYPES = {
    number: "number",
    money: "number",
    percent: "number",
    rating: "number",
    date: "date",
    time: "time",
    email: "email",
    phone: "tel",
    password: "password",
    file: "file",
  };
  const COMPLETE = {
    name: "name",
    email: "email",
    phone: "tel",
    address: "street-address",
    city: "address-level2",
    password: "current-password",
  };

  function field(column, value) {
    const id = "f" + ++serial;
    const common = { id, name: column.key, required: column.required, "aria-describedby": id + "-error" };
    let input;
    if (column.options && column.options.length) {
      input = h(
        "select",
        common,
        column.required || column.blank ? h("option", { value: "" }, column.blank || "Choose …") : null,
        column.options.map((option) => h("option", { value: option, selected: option === String(value) }, option)),
      );
    } else if (column.type === "long") {
      input = h("textarea", { ...common, rows: 4, maxlength: column.max });
      input.value = value ?? "";
      if (column.max) return counted(column, id, input);
    } else if (column.type === "check") {
      input = h("input", { ...common, type: "checkbox", checked: Boolean(value) });
      return h(
        "div",
        { class: "field field-check" },
        h("label", { for: id }, input, " " + column.label),
        h("p", { class: "error", id: id + "-error" }),
      );
    } else {
      input = h("input", {
        ...common,
        type: TYPES[column.type] || "text",
        value: value ?? "",
        min: column.min,
        step: column.type === "number" || column.type === "money" ? "any" : undefined,
        accept: column.accept,
        autocomplete: COMPLETE[column.key] || "off",
        placeholder: column.hint,
      });
    }
    const label = h(
      "label",
      { for: id },
      column.label,
      column.required ? h("span", { class: "required", "aria-hidden": "true" }, " *") : null,
    );
    return h(
      "div",
      { class: "field field-" + (column.type || "text") },
      label,
      input,
      h("p", { class: "error", id: id + "-error" }),
    );
  }

  function counted(column, id, input) {
    const left = h("p", { class: "muted", role: "status" });
    const count = () => {
      left.textContent = `${column.max - input.value.length} characters left`;
    };
    input.addEventListener("input", count);
    count();
    return h(
      "div",
      { class: "field field-long" },
      h("label", { for: id }, column.label),
      input,
      left,
      h("p", { class: "error", id: id + "-error" }),
    );
  }

  // Returns a form element; onsubmit gets the values, and may return a sentence that refuses them.
  function form({ fields, submit, values = {}, onsubmit, oncancel, heading }) {
    const made = fields.map((column) => field(column, values[column.key]));
    const problem = h("p", { class: "error form-error", role: "alert" });
    const element = h(
      "form",
      { class: "form", novalidate: true },
      heading ? h("h3", {}, heading) : null,
      h("div", { class: "form-grid" }, made),
      problem,
      h(
        "div",
        { class: "form-actions" },
        h("button", { type: "submit", class: "button" }, submit),
        oncancel ? button("Cancel", oncancel, "ghost") : null,
      ),
    );
    element.addEventListener("submit", (event) => {
      event.preventDefault();
      problem.textContent = "";
      const bad = [...element.elements].filter((input) => input.name && !accept(input));
      if (bad.length) {
        problem.textContent = `Please check ${bad.length} field${bad.length > 1 ? "s" : ""} above.`;
        bad[0].focus();
        return;
      }
      const refused = onsubmit(read(element, fields), element);
      if (typeof refused === "string") problem.textContent = refused;
    });
    return element;
  }

  function accept(input) {
    const text = input.type === "checkbox" || input.type === "file" ? "" : input.value.trim();
    const messages = [
      [
        input.required && input.type !== "checkbox" && !text && !(input.files && input.files.length),
        "This field is required.",
      ],
      [input.required && input.type === "checkbox" && !input.checked, "Please tick this box."],
      [
        input.type === "email" && text && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text),
        "Enter an email address such as name@example.com.",
      ],
      [input.type === "tel" && text && !/^[+\d][\d\s()-]{4,}$/.test(text), "Enter a phone number with digits only."],
      [
        input.type === "number" && text && input.min !== "" && Number(text) < Number(input.min),
        `Enter ${input.min} or more.`,
      ],
      [input.validity && input.validity.badInput, "Enter a number."],
    ];
    const wrong = messages.find(([is]) => is);
    const error = document.getElementById(input.id + "-error");
    if (error) error.textContent = wrong ? wrong[1] : "";
    input.toggleAttribute("aria-invalid", Boolean(wrong));
    return !wrong;
  }

  function read(element, fields) {
    return Object.fromEntries(
      fields.map((column) => {
        const input = element.elements[column.key];
        if (column.type === "check") return [column.key, input.checked];
        if (column.type === "file") return [column.key, input.files];
        const numeric = ["number", "money", "percent", "rating"].includes(column.type) && input.value !== "";
        return [column.key, numeric ? Number(input.value) : input.value.trim()];
      }),
    );
  }

  Object.assign(Site, { field, form });
})();
