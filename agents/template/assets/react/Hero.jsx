import shell from "../shell.js";
import picture from "../assets/hero.svg";
import Icon from "./Icon.jsx";

function Search({ target, noun }) {
  const find = (event) => {
    event.preventDefault();
    window.Site.query = new FormData(event.currentTarget).get("q").trim();
    window.location.hash = target;
    window.Site.emit(`query:${target}`);
  };
  return (
    <form className="hero-search" role="search" onSubmit={find}>
      <label className="visually-hidden" htmlFor="hero-q">
        Search {noun}
      </label>
      <input type="search" id="hero-q" name="q" placeholder={`Search ${noun} …`} />
      <button type="submit" className="button">
        Search
      </button>
    </form>
  );
}

export default function Hero() {
  const { hero, icon, search, picture: withPicture } = shell;
  return (
    <div className="hero">
      <div className="wrap">
        <div className="hero-text">
          <p className="eyebrow">
            <Icon name={icon} /> {hero.eyebrow}
          </p>
          <h1 id="home-title">{hero.headline}</h1>
          <p className="lead">{hero.lead}</p>
          <div className="actions">
            {hero.actions.map(([label, target], index) => (
              <a key={target} className={index ? "button large ghost" : "button large"} href={`#${target}`}>
                {label}
              </a>
            ))}
          </div>
          {search && <Search target={search[0]} noun={search[1]} />}
        </div>
        {withPicture && (
          <div className="hero-art">
            <img src={picture} alt={`Illustration for ${shell.name}`} width="480" height="320" />
          </div>
        )}
      </div>
    </div>
  );
}
