const PICTURES = [
  ['Car park, level seven', 'city'], ['Breakwater', 'coast'], ['Last tram', 'night'],
  ['Stairwell B', 'city'], ['Salt pans in March', 'coast'], ['Gasworks, 4 a.m.', 'night'],
];
const at = (id) => document.getElementById(id);

function showGallery(kind) {
  at('gallery').innerHTML = PICTURES.filter(([, of]) => kind === 'all' || of === kind)
    .map(([name, of]) => `<button data-name="${name}" data-kind="${of}"><img src="img/${of}.svg" alt="${name}"><span>${name}</span></button>`).join('');
  for (const button of document.querySelectorAll('.filters button')) button.classList.toggle('on', button.dataset.kind === kind);
}

if (at('gallery')) {
  document.querySelector('.filters').addEventListener('click', ({ target }) => { if (target.dataset.kind) showGallery(target.dataset.kind); });
  at('gallery').addEventListener('click', (event) => {
    const picture = event.target.closest('button');
    if (!picture) return;
    at('large').src = `img/${picture.dataset.kind}.svg`;
    at('caption').textContent = picture.dataset.name;
    at('lightbox').hidden = false;
  });
  at('close').addEventListener('click', () => { at('lightbox').hidden = true; });
  showGallery('all');
}
at('prices').addEventListener('click', () => { at('list').hidden = !at('list').hidden; });
at('message').addEventListener('submit', (event) => {
  event.preventDefault();
  event.target.reset();
  at('sent').textContent = 'Thank you. I answer within two days.';
});
