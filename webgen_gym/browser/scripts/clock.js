// Runs first in every document, in the page's own world: time stands still until it is advanced,
// and chance is seeded. So a look shows the same pixels at any speed of the machine, and a page
// that waits two seconds for its toast costs no seconds.
(() => {
  if (window.__webgenClock) return;
  const START = Date.UTC(2026, 0, 15, 10, 0, 0);
  const FRAME_MS = 16;
  const NESTED_MIN_MS = 4;
  // A read moves the clock a little: a loop that waits for time to pass must end.
  const READ_MS = 0.01;
  // What the browser does beside the page, such as a look into a database, has a moment to come to its end.
  const BESIDE_MS = 2;
  const RealDate = Date;
  const realNow = performance.now.bind(performance);
  const realTimeout = window.setTimeout.bind(window);
  const channel = new MessageChannel();
  const waiting = [];
  channel.port1.onmessage = () => waiting.shift()();
  const macrotask = () => new Promise((resolve) => { waiting.push(resolve); channel.port2.postMessage(0); });

  // No page closes a tab that a person opened. One whose history was cleared is taken for a page's own.
  window.close = () => {};

  let now = 0;
  let nextId = 1;
  let running = false;
  const timers = new Map();

  const read = () => { now += READ_MS; return now; };
  const wall = () => Math.floor(START + read());

  window.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length ? args : [wall()], newTarget === window.Date ? target : newTarget),
    apply: () => new RealDate(wall()).toString(),
    get: (target, key, receiver) => (key === 'now' ? wall : Reflect.get(target, key, receiver)),
  });
  RealDate.prototype.constructor = window.Date;
  Performance.prototype.now = () => read();

  const add = (due, callback, every) => {
    const id = nextId++;
    timers.set(id, { id, due, callback, every });
    return id;
  };
  const delayOf = (value) => Math.max(running ? NESTED_MIN_MS : 0, Number(value) || 0);
  const callable = (handler, args) =>
    typeof handler === 'function' ? () => handler.apply(window, args) : () => (0, eval)(String(handler));
  window.setTimeout = (handler, delay, ...args) => add(now + delayOf(delay), callable(handler, args), 0);
  window.setInterval = (handler, delay, ...args) => {
    const every = Math.max(NESTED_MIN_MS, Number(delay) || 0);
    return add(now + every, callable(handler, args), every);
  };
  window.requestAnimationFrame = (callback) =>
    add((Math.floor(now / FRAME_MS) + 1) * FRAME_MS, () => callback(now), 0);
  window.requestIdleCallback = (callback) =>
    add(now + 1, () => callback({ didTimeout: false, timeRemaining: () => 10 }), 0);
  const drop = (id) => { timers.delete(Number(id)); };
  window.clearTimeout = window.clearInterval = drop;
  window.cancelAnimationFrame = window.cancelIdleCallback = drop;

  // sfc32, seeded by constants: the same document draws the same numbers.
  let a = 0x9e3779b9, b = 0x243f6a88, c = 0xb7e15162, d = 1;
  const next = () => {
    const t = (a + b | 0) + d | 0;
    d = d + 1 | 0;
    a = b ^ b >>> 9;
    b = c + (c << 3) | 0;
    c = (c << 21 | c >>> 11) + t | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next();
  Math.random = () => next() / 4294967296;
  if (window.crypto) {
    Crypto.prototype.getRandomValues = function (array) {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      for (let i = 0; i < bytes.length; i++) bytes[i] = next() & 255;
      return array;
    };
    Crypto.prototype.randomUUID = function () {
      const h = Array.from(crypto.getRandomValues(new Uint8Array(16)), (v) => v.toString(16).padStart(2, '0')).join('');
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
    };
  }

  const earliest = (until) => {
    let found = null;
    for (const timer of timers.values()) {
      if (timer.due <= until && (!found || timer.due < found.due || (timer.due === found.due && timer.id < found.id))) {
        found = timer;
      }
    }
    return found;
  };
  const fire = (timer) => {
    now = Math.max(now, timer.due);
    if (timer.every) timer.due = now + timer.every;
    else timers.delete(timer.id);
    running = true;
    try { timer.callback(); } catch (error) { reportError(error); } finally { running = false; }
  };

  // Moves the clock by `ms`, and on by `idleMs` where nothing is to happen in that time; at most `realMs` of real time.
  // Returns how much of the idle time has passed, -1 where it did not come to the end.
  const advance = async (ms, realMs, idleMs = 0) => {
    let until = now + ms;
    const stop = realNow() + realMs;
    for (let timer = earliest(until); timer; timer = earliest(until)) {
      if (realNow() > stop) return -1;
      fire(timer);
      await macrotask();
    }
    now = Math.max(now, until);
    await macrotask();
    for (let i = 0; i < window.frames.length; i++) {
      try { await window.frames[i].__webgenClock.advance(ms, stop - realNow()); } catch { /* another origin */ }
    }
    if (!idleMs || window.frames.length) return 0;
    await new Promise((resolve) => realTimeout(resolve, BESIDE_MS));
    until = now + idleMs;
    if (earliest(until)) return 0;
    now = until;
    await macrotask();
    return idleMs;
  };
  Object.defineProperty(window, '__webgenClock', { value: Object.freeze({ advance }), enumerable: false });
})();
