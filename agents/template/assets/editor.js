// Diagrams: shapes that are added, named, moved, joined, coloured, saved.
(function () {
  const { h, button, toast, recall, keep } = Site;
  const START = {
    Flowchart: {
      nodes: [
        ["Start", 60, 40, "round"],
        ["Check data", 60, 140, "box"],
        ["Complete?", 60, 240, "diamond"],
        ["Publish", 300, 240, "box"],
      ],
      links: [
        [0, 1],
        [1, 2],
        [2, 3],
      ],
    },
    "Organizational chart": {
      nodes: [
        ["Director", 240, 40, "box"],
        ["Design", 60, 160, "box"],
        ["Engineering", 240, 160, "box"],
        ["Sales", 420, 160, "box"],
      ],
      links: [
        [0, 1],
        [0, 2],
        [0, 3],
      ],
    },
    "Mind map": {
      nodes: [
        ["Main idea", 240, 140, "round"],
        ["Who", 60, 40, "round"],
        ["What", 430, 40, "round"],
        ["When", 60, 250, "round"],
        ["Why", 430, 250, "round"],
      ],
      links: [
        [0, 1],
        [0, 2],
        [0, 3],
        [0, 4],
      ],
    },
  };

  Site.widget("editor", (root, options, section) => {
    const fresh = (kind) => ({
      kind,
      links: START[kind].links.map((link) => [...link]),
      nodes: START[kind].nodes.map(([text, x, y, shape]) => ({ text, x, y, shape, tone: 0 })),
    });
    let diagram = recall("diagram", fresh("Flowchart"));
    const state = { chosen: 0, joining: false, drag: null };
    const canvas = h("div", { class: "canvas", role: "group", "aria-label": "Diagram" });
    const tools = h("div", { class: "toolbar" });
    const side = h("div", {});
    root.append(tools, h("div", { class: "columns columns-wide" }, canvas, h("article", { class: "panel" }, side)));
    draw();

    function change(text) {
      keep("diagram", diagram);
      draw();
      if (text) toast(text);
    }

    function add(shape) {
      diagram.nodes.push({
        text: { box: "New step", round: "New idea", diamond: "Question?" }[shape],
        x: 80 + ((diagram.nodes.length * 70) % 380),
        y: 60 + ((diagram.nodes.length * 50) % 240),
        shape,
        tone: 0,
      });
      state.chosen = diagram.nodes.length - 1;
      change("Element added.");
    }

    function press(index) {
      if (state.joining && index !== state.chosen) {
        diagram.links.push([state.chosen, index]);
        state.joining = false;
        return change("Elements were joined.");
      }
      state.chosen = index;
      draw();
    }

    function remove() {
      diagram.nodes.splice(state.chosen, 1);
      diagram.links = diagram.links
        .filter((link) => !link.includes(state.chosen))
        .map((link) => link.map((end) => (end > state.chosen ? end - 1 : end)));
      state.chosen = Math.max(0, state.chosen - 1);
      change("Element removed.");
    }

    function draw() {
      const lines = diagram.links
        .map(([a, b]) => [diagram.nodes[a], diagram.nodes[b]])
        .filter(([a, b]) => a && b)
        .map(([a, b]) => `<line x1="${a.x + 60}" y1="${a.y + 26}" x2="${b.x + 60}" y2="${b.y + 26}"/>`)
        .join("");
      const nodes = diagram.nodes.map((node, index) =>
        h(
          "button",
          {
            type: "button",
            class: `node node-${node.shape} tone-${node.tone}` + (index === state.chosen ? " is-chosen" : ""),
            style: `left:${node.x}px;top:${node.y}px`,
            "aria-pressed": String(index === state.chosen),
            onclick: () => press(index),
            onpointerdown: (event) => grab(event, node),
          },
          h("span", {}, node.text),
        ),
      );
      canvas.replaceChildren(
        h("div", { class: "canvas-lines", html: `<svg width="100%" height="100%" aria-hidden="true">${lines}</svg>` }),
        ...nodes,
      );
      tools.replaceChildren(
        h(
          "div",
          { class: "tools" },
          pick("Diagram type", diagram.kind, Object.keys(START), (kind) => {
            diagram = fresh(kind);
            state.chosen = 0;
            change(`New ${kind.toLowerCase()}.`);
          }),
        ),
        h(
          "div",
          { class: "actions" },
          button(
            "New diagram",
            () => {
              diagram = { ...fresh(diagram.kind) };
              state.chosen = 0;
              change("A new diagram was created.");
            },
            "small",
          ),
          button("Add box", () => add("box"), "small"),
          button("Add bubble", () => add("round"), "small"),
          button("Add decision", () => add("diamond"), "small"),
          button("Save", () => change("The diagram was saved."), "ghost small"),
          button(
            "Export",
            () => {
              Site.download("diagram.json", JSON.stringify(diagram));
              toast("The diagram was exported.");
            },
            "ghost small",
          ),
        ),
      );
      settings();
    }

    function settings() {
      const node = diagram.nodes[state.chosen];
      if (!node) return side.replaceChildren(h("p", { class: "empty" }, "Add an element to begin."));
      const text = h("input", {
        id: section.id + "-text",
        value: node.text,
        onchange: (event) => {
          node.text = event.target.value || "Untitled";
          change("Renamed.");
        },
      });
      side.replaceChildren(
        h("h3", {}, "Selected element"),
        h("div", { class: "tool" }, h("label", { for: text.id }, "Text"), text),
        pick("Shape", node.shape, ["box", "round", "diamond"], (shape) => {
          node.shape = shape;
          change("");
        }),
        pick("Colour", String(node.tone), ["0", "1", "2"], (tone) => {
          node.tone = Number(tone);
          change("");
        }),
        h(
          "div",
          { class: "actions" },
          [
            ["Left", -20, 0],
            ["Right", 20, 0],
            ["Up", 0, -20],
            ["Down", 0, 20],
          ].map(([name, x, y]) =>
            button(
              name,
              () => {
                node.x = Math.max(0, node.x + x);
                node.y = Math.max(0, node.y + y);
                change("");
              },
              "ghost small",
              { "aria-label": `Move ${name.toLowerCase()}` },
            ),
          ),
        ),
        h(
          "div",
          { class: "actions" },
          button(
            state.joining ? "Now press another element" : "Join with another",
            () => {
              state.joining = !state.joining;
              draw();
            },
            "small",
            { "aria-pressed": String(state.joining) },
          ),
          button("Remove element", remove, "ghost small"),
        ),
      );
    }

    function pick(label, value, choices, then) {
      const id = `${section.id}-${label.toLowerCase().replace(/\W/g, "-")}`;
      return h(
        "div",
        { class: "tool" },
        h("label", { for: id }, label),
        h(
          "select",
          { id, onchange: (event) => then(event.target.value) },
          choices.map((choice) =>
            h(
              "option",
              { value: choice, selected: choice === value },
              { 0: "Light", 1: "Strong", 2: "Warm" }[choice] || choice,
            ),
          ),
        ),
      );
    }

    function grab(event, node) {
      const from = { x: event.clientX - node.x, y: event.clientY - node.y };
      const move = (next) => {
        node.x = Math.max(0, next.clientX - from.x);
        node.y = Math.max(0, next.clientY - from.y);
        canvas.querySelectorAll(".node")[diagram.nodes.indexOf(node)].style.cssText =
          `left:${node.x}px;top:${node.y}px`;
      };
      const drop = () => {
        removeEventListener("pointermove", move);
        keep("diagram", diagram);
      };
      addEventListener("pointermove", move);
      addEventListener(
        "pointerup",
        () => {
          drop();
          setTimeout(draw, 0);
        },
        { once: true },
      );
    }
  });
})();
