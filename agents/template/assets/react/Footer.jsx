import shell from "../shell.js";

export default function Footer() {
  return (
    <footer className="foot">
      <div className="wrap">
        <div>
          <h2>{shell.name}</h2>
          <p>{shell.hero.headline}.</p>
        </div>
        <nav aria-label="Footer">
          <h2>Explore</h2>
          <ul>
            {shell.sections.slice(0, 6).map(({ id, label }) => (
              <li key={id}>
                <a href={`#${id}`}>{label}</a>
              </li>
            ))}
          </ul>
        </nav>
        <div>
          <h2>Reach us</h2>
          <ul>
            <li>+1 555 0142</li>
            <li>hello@example.com</li>
            <li>12 Maple Street, Lisbon</li>
          </ul>
        </div>
      </div>
    </footer>
  );
}
