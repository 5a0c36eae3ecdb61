const PLACES = {
  spring: [['Mount Lu', 'hills', 'Peach blossom along the lower path.'], ['Zhoucun ancient town', 'town', 'Silk market and paper cuttings.'], ['Ceramics museum', 'kiln', 'Glazes from six dynasties.']],
  summer: [['Mata lake', 'hills', 'Reed boats and lotus until August.'], ['Night barbecue street', 'town', 'Two hundred stoves, one song.'], ['Kiln street', 'kiln', 'Cool courtyards and open workshops.']],
  autumn: [['Mount Lu', 'hills', 'Red maples in the last week of October.'], ['Qi great wall', 'town', 'The oldest wall, and the emptiest.'], ['Ceramics fair', 'kiln', 'Seconds at half the price.']],
  winter: [['Zhoucun lanterns', 'town', 'The town lights up at New Year.'], ['Hot springs', 'hills', 'Forty degrees under bare trees.'], ['Glass workshop', 'kiln', 'Blow your own ornament.']],
};
const at = (id) => document.getElementById(id);

function showSeason(season) {
  at('places').innerHTML = PLACES[season].map(([name, picture, text]) =>
    `<article><img src="img/${picture}.svg" alt="${name}"><h3>${name}</h3><p>${text}</p></article>`).join('');
}

if (at('places')) {
  for (const button of document.querySelectorAll('[data-season]')) button.addEventListener('click', () => showSeason(button.dataset.season));
  for (const button of document.querySelectorAll('.fold button')) {
    button.addEventListener('click', () => {
      const text = button.nextElementSibling;
      text.hidden = !text.hidden;
      button.setAttribute('aria-expanded', String(!text.hidden));
    });
  }
  showSeason('spring');
}
at('letter').addEventListener('submit', (event) => {
  event.preventDefault();
  at('joined').textContent = 'Welcome! The first letter comes before the next holiday.';
});
