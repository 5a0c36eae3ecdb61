// Reward bars, sparklines, and the tree of a rollout's turns.

const PART_CLASSES = { appearance: 'p-appearance', functionality: 'p-functionality', malformed: 'p-malformed' };
const partClass = (name, place) => (Object.hasOwn(PART_CLASSES, name) ? PART_CLASSES[name] : `p-other-${place % 3}`);

const above = (turn) => turn.parts.reduce((sum, part) => sum + Math.max(part || 0, 0), 0);
const below = (turn) => turn.parts.reduce((sum, part) => sum + Math.min(part || 0, 0), 0);

// The scale of all reward bars of the run: the paper's 0 to 10, wider where a reward goes beyond it.
function rewardScale(rollouts) {
  let most = 10;
  let least = -1;
  for (const turn of rollouts.flatMap((rollout) => rollout.turns)) {
    most = Math.max(most, above(turn));
    least = Math.min(least, below(turn));
  }
  return { most, least };
}

// The parts of one turn's reward, positive ones stacked upwards from the zero line, negative ones downwards.
function rewardBar(turn, names, scale, box) {
  const unit = box.height / (scale.most - scale.least);
  const zero = box.y + scale.most * unit;
  let up = zero;
  let down = zero;
  const bars = turn.parts.map((part, place) => {
    if (!part) return null;
    const height = Math.max(Math.abs(part) * unit, 1);
    if (part > 0) up -= height;
    const y = part > 0 ? up : down;
    if (part < 0) down += height;
    return svg('rect', { x: box.x, y, width: box.width, height, class: partClass(names[place], place) });
  });
  return bars.filter(Boolean);
}

function sparkline(rollout, names, scale) {
  const [width, height] = [150, 48];
  const step = Math.min(width / Math.max(rollout.turns.length, 1), 14);
  const zero = (scale.most * height) / (scale.most - scale.least);
  const chosen = rollout.chosen ? rollout.chosen.place : -1;
  const bars = rollout.turns.map((turn, place) => {
    const box = { x: place * step, y: 0, width: Math.max(step - 1.5, 0.7), height };
    const mark =
      place === chosen
        ? svg('rect', { x: box.x, y: height + 3, width: box.width, height: 3, class: 'spark-chosen' })
        : null;
    return [rewardBar(turn, names, scale, box), mark];
  });
  const rewards = rollout.turns.map((turn) => number(turn.reward, 1)).join(', ');
  return svg(
    'svg',
    {
      class: 'spark',
      width,
      height: height + 7,
      viewBox: `0 0 ${width} ${height + 7}`,
      role: 'img',
      'aria-label': rollout.turns.length ? `Reward per turn: ${rewards}` : 'No turns',
    },
    svg('line', { x1: 0, x2: width, y1: zero, y2: zero, class: 'axis' }),
    bars,
  );
}

// -------------------------------------------------------------- the tree

// A lane for every turn: it goes on in its parent's lane while nothing came there since; else it opens the first lane
// that is free from its parent on. So each lane reads from left to right, and going back is a step to another lane.
function lanesOf(turns) {
  const lanes = [];
  const last = [];
  turns.forEach(({ parent }, place) => {
    const home = parent >= 0 ? lanes[parent] : -1;
    let lane = home >= 0 && last[home] === parent ? home : last.findIndex((used) => used <= parent);
    if (lane < 0) lane = last.length;
    lanes.push(lane);
    last[lane] = place;
  });
  return lanes;
}

// The places from the beginning to a turn.
function pathTo(turns, place) {
  const path = new Set();
  for (let at = place; at >= 0 && !path.has(at); at = turns[at].parent) path.add(at);
  return path;
}

const LANE_HEIGHT = 26;

function tree(turns, chosen, columnWidth, onPick) {
  const lanes = lanesOf(turns);
  const path = pathTo(turns, chosen);
  const radius = Math.min(8, columnWidth * 0.36);
  const x = (place) => (place + 0.5) * columnWidth;
  const y = (place) => 14 + lanes[place] * LANE_HEIGHT;
  const width = turns.length * columnWidth;
  const height = 14 + Math.max(0, ...lanes) * LANE_HEIGHT + 28;
  const edges = turns.map(({ parent }, place) => edge(parent, place));
  const nodes = turns.map((turn, place) => node(turn, place));
  return svg(
    'svg',
    { class: 'tree', width, height, viewBox: `0 0 ${width} ${height}`, 'aria-hidden': true },
    edges,
    nodes,
  );

  function edge(parent, place) {
    if (parent < 0) return null;
    const on = path.has(place) && path.has(parent);
    const bend = Math.min(columnWidth, x(place) - x(parent)) * 0.7;
    const [x1, y1, x2, y2] = [x(parent), y(parent), x(place), y(place)];
    const line = `M${x1} ${y1} C${x1 + bend * 0.6} ${y1} ${x1 + bend * 0.4} ${y2} ${x1 + bend} ${y2} L${x2} ${y2}`;
    return [
      svg('path', { d: line, class: on ? 'edge on' : 'edge' }),
      parent === place - 1 ? null : back(parent, place),
    ];
  }

  // The way back: from the turn before to the version that was gone back to.
  function back(parent, place) {
    const [x1, y1, x2, y2] = [x(place - 1), y(place - 1) + radius, x(parent), y(parent) + radius + 3];
    const dip = Math.max(y1, y2) + 18;
    return [
      svg('path', { d: `M${x1} ${y1} C${x1} ${dip} ${x2} ${dip} ${x2} ${y2}`, class: 'way-back' }),
      svg('path', { d: `M${x2 - 3.5} ${y2 + 4} L${x2} ${y2 - 1} L${x2 + 3.5} ${y2 + 4} Z`, class: 'arrow' }),
    ];
  }

  function node(turn, place) {
    const classes = `node ${outcomeClass(turn.outcome)}${path.has(place) ? ' on' : ''}`;
    const glyph = radius >= 6 ? outcomeGlyph(turn.outcome) : '';
    return svg(
      'g',
      { class: classes, 'data-place': place, onclick: () => onPick(place) },
      svg('title', {}, `${turnName(turn)}: ${outcomeLabel(turn.outcome)}`),
      place === chosen ? svg('circle', { cx: x(place), cy: y(place), r: radius + 3.5, class: 'ring' }) : null,
      svg('circle', { cx: x(place), cy: y(place), r: radius, class: 'dot' }),
      glyph ? svg('text', { x: x(place), y: y(place) + 3.6, class: 'glyph' }, glyph) : null,
    );
  }
}

// -------------------------------------------------------------- the timeline

// One column per turn: picture, reward, number; the tree of branches below, on the same columns.
function timeline(rollout, shots, view) {
  const { names, scale, onPick, width } = view;
  const turns = rollout.turns;
  const columnWidth = Math.max(20, Math.min(84, Math.floor(width / Math.max(turns.length, 1))));
  const chosen = rollout.chosen ? rollout.chosen.place : -1;
  const columns = turns.map((turn, place) => column(turn, place));
  const strip = h('div', { class: 'columns' }, columns);
  strip.style.gridTemplateColumns = `repeat(${turns.length}, ${columnWidth}px)`;
  return h(
    'div',
    { class: 'timeline', role: 'group', 'aria-label': 'Turns' },
    strip,
    tree(turns, chosen, columnWidth, onPick),
  );

  // Where columns are narrow only every fifth number has room.
  function numberOf(turn, place) {
    if (place === chosen) return columnWidth < 32 ? '★' : `★ ${turn.number}`;
    if (turn.outcome === 'void') return columnWidth < 32 ? '∅' : 'void';
    return columnWidth < 32 && turn.number % 5 ? '·' : String(turn.number);
  }

  function column(turn, place) {
    const box = {
      x: columnWidth / 2 - Math.min(26, columnWidth - 6) / 2,
      y: 2,
      width: Math.min(26, columnWidth - 6),
      height: 74,
    };
    const zero = box.y + (scale.most * box.height) / (scale.most - scale.least);
    const star = place === chosen ? ', chosen' : '';
    const label = `${turnName(turn)}, ${outcomeLabel(turn.outcome)}, reward ${number(turn.reward)}${star}`;
    return h(
      'button',
      {
        type: 'button',
        class: `column${place === chosen ? ' chosen' : ''}`,
        'data-place': place,
        'aria-label': label,
        title: label,
        onclick: () => onPick(place),
      },
      columnWidth >= 44 ? thumbnail(shots[place], '') : null,
      svg(
        'svg',
        { width: columnWidth, height: 78, 'aria-hidden': true },
        svg('line', { x1: 0, x2: columnWidth, y1: zero, y2: zero, class: 'axis' }),
        rewardBar(turn, names, scale, box),
      ),
      h('span', { class: 'column-number' }, numberOf(turn, place)),
    );
  }
}
