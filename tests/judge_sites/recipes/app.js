const RECIPES = [
  { name: 'Lemon barley soup', diet: 'Vegan', minutes: 35, serves: 4, needs: [[200, 'g barley'], [2, 'lemons'], [3, 'carrots']] },
  { name: 'Char-grilled leeks', diet: 'Vegetarian', minutes: 25, serves: 2, needs: [[4, 'leeks'], [80, 'g feta'], [30, 'g hazelnuts']] },
  { name: 'Harbour fish stew', diet: 'Fish', minutes: 40, serves: 4, needs: [[600, 'g cod'], [400, 'g tomatoes'], [1, 'fennel bulbs']] },
  { name: 'Chickpea flatbreads', diet: 'Vegan', minutes: 30, serves: 3, needs: [[240, 'g chickpea flour'], [1, 'red onions']] },
];
const NOTES = ['A dull knife is the most dangerous guest.', 'Warm the plates and nobody asks about the garnish.'];
const at = (id) => document.getElementById(id);
const saved = [];
let diet = 'All';
let portions = 4;
let open = RECIPES[0];
let note = 0;

function showList() {
  const query = at('query').value.toLowerCase();
  const found = RECIPES.filter((recipe) => (diet === 'All' || recipe.diet === diet)
    && JSON.stringify(recipe).toLowerCase().includes(query));
  at('recipes').innerHTML = found.map((recipe) => `<article><img src="img/${recipe.diet.toLowerCase()}.svg" alt="">
    <div><h3>${recipe.name}</h3><p>${recipe.diet} · ${recipe.minutes} minutes</p>
    <button data-open="${recipe.name}">View recipe</button><button data-save="${recipe.name}">Save</button></div></article>`).join('')
    || '<p>No recipe matches. Try another ingredient.</p>';
}

function showDetail() {
  at('detail').innerHTML = `<h2>${open.name}</h2><p>For ${portions} people:
    <button id="fewer" aria-label="Fewer portions">−</button> <button id="more" aria-label="More portions">+</button></p>
    <ul>${open.needs.map(([amount, what]) => `<li>${Math.round(amount * portions / open.serves * 10) / 10} ${what}</li>`).join('')}</ul>`;
  at('fewer').onclick = () => { portions = Math.max(1, portions - 1); showDetail(); };
  at('more').onclick = () => { portions += 1; showDetail(); };
}

if (at('recipes')) {
  document.querySelector('.filters').addEventListener('click', (event) => {
    diet = event.target.dataset.diet ?? diet;
    for (const button of document.querySelectorAll('.filters button')) button.classList.toggle('on', button.dataset.diet === diet);
    showList();
  });
  at('find').addEventListener('submit', (event) => { event.preventDefault(); showList(); });
  at('recipes').addEventListener('click', ({ target }) => {
    if (target.dataset.open) { open = RECIPES.find((recipe) => recipe.name === target.dataset.open); portions = open.serves + 0; }
    if (target.dataset.save && !saved.includes(target.dataset.save)) saved.push(target.dataset.save);
    if (saved.length) at('saved').innerHTML = saved.map((name) => `<li>${name}</li>`).join('');
    showDetail();
  });
  showList();
  showDetail();
} else {
  at('find').addEventListener('submit', (event) => event.preventDefault());
}
at('tip').addEventListener('click', () => { at('tip').previousElementSibling.textContent = NOTES[note++ % NOTES.length]; });
