let deck = JSON.parse(localStorage.deck || 'null') || [
  ['culina', 'kitchen'],
  ['furca', 'fork'],
  ['mensa', 'table'],
];
let i = 0,
  back = false,
  qi = 0,
  score = 0;
const app = document.getElementById('app');
function study() {
  app.innerHTML = `<p>${i + 1} of ${deck.length}</p><div class="card" id="card">${deck[i][back ? 1 : 0]}</div><button id="p">Previous</button> <button id="n">Next</button>`;
  card.onclick = () => {
    back = !back;
    study();
  };
  p.onclick = () => {
    i = Math.max(0, i - 1);
    back = false;
    study();
  };
  n.onclick = () => {
    i = Math.min(deck.length - 1, i + 1);
    back = false;
    study();
  };
}
function quiz() {
  qi = 0;
  score = 0;
  ask();
}
function ask() {
  if (qi >= deck.length) {
    app.innerHTML = `<h2>Done!</h2><p>You got ${score} out of ${deck.length} correct.</p>`;
    return;
  }
  app.innerHTML = `<h2>What does “${deck[qi][0]}” mean?</h2><form id="f"><input id="a" placeholder="Type the meaning" autocomplete="off"> <button>Check</button></form>`;
  f.onsubmit = (e) => {
    e.preventDefault();
    if (a.value.trim().toLowerCase() === deck[qi][1]) score++;
    qi++;
    ask();
  };
}
function add() {
  app.innerHTML = `<h2>Add a card</h2><form id="f"><p><label for="w">Word</label> <input id="w" required></p><p><label for="m">Meaning</label> <input id="m" required></p><button>Add card</button></form><p id="msg"></p>`;
  f.onsubmit = (e) => {
    e.preventDefault();
    deck.push([w.value, m.value]);
    localStorage.deck = JSON.stringify(deck);
    document.getElementById('msg').textContent = 'Card added.';
    f.reset();
  };
}
document.querySelectorAll('[data-v]').forEach((x) => (x.onclick = () => ({ study, quiz, add })[x.dataset.v]()));
study();
