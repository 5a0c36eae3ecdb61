import shell from "../shell.js";
import Hero from "./Hero.jsx";
import Icon from "./Icon.jsx";
import Widget from "./Widget.jsx";

function Block({ title, more, children }) {
  return (
    <div className="home-block">
      <div className="home-head">
        <h2>{title}</h2>
        {more}
      </div>
      {children}
    </div>
  );
}

function Ways() {
  return (
    <Block title="What you can do here">
      <ul className="ways">
        {shell.sections.map(({ id, label, icon, lead }) => (
          <li key={id}>
            <a className="way" href={`#${id}`}>
              <span className="chip-icon">
                <Icon name={icon} />
              </span>
              <h3>{label}</h3>
              <p>{lead}</p>
            </a>
          </li>
        ))}
      </ul>
    </Block>
  );
}

function Highlight({ label, section, all, cards }) {
  return (
    <Block title={`${label}: a first look`} more={<a href={`#${section}`}>See all {all}</a>}>
      <ul className="grid">
        {cards.map(({ title, facts, text }) => (
          <li className="card" key={title}>
            <div className="card-body">
              <h3>{title}</h3>
              <dl className="meta">
                {facts.map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
              {text && <p className="clip">{text}</p>}
              <div className="card-foot">
                <a className="button small" href={`#${section}`}>
                  Open {label}
                </a>
              </div>
            </div>
          </li>
        ))}
      </ul>
    </Block>
  );
}

function Front({ id }) {
  const { label, lead, widget } = shell.sections.find((one) => one.id === id);
  return (
    <div className="home-block" id={id}>
      {widget !== "dashboard" && id !== "play" && (
        <div className="home-head">
          <h2>{label}</h2>
          <p className="muted">{lead}</p>
        </div>
      )}
      <Widget section={id} />
    </div>
  );
}

export default function Home({ shown }) {
  const { front, facts, highlight, steps, voices, topics, call } = shell;
  return (
    <section className={shown ? "view is-current" : "view"} id="home" aria-labelledby="home-title">
      <Hero />
      <div className="wrap">
        {facts.length > 0 && (
          <dl className="numbers">
            {facts.map(([label, value]) => (
              <div key={label}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {front.map((id) => (
          <Front id={id} key={id} />
        ))}
        <Ways />
        {highlight && <Highlight {...highlight} />}
        {topics.length > 0 && (
          <Block title="At a glance">
            <ul className="topics">
              {topics.map(([text, target]) => (
                <li key={text}>
                  <a href={`#${target}`}>{text}</a>
                </li>
              ))}
            </ul>
          </Block>
        )}
        {steps.length > 0 && (
          <Block title="How it works">
            <ol className="steps">
              {steps.map(([title, text]) => (
                <li key={title}>
                  <h3>{title}</h3>
                  <p>{text}</p>
                </li>
              ))}
            </ol>
          </Block>
        )}
        {voices.length > 0 && (
          <Block title="What people say">
            <ul className="voices">
              {voices.map(([who, text]) => (
                <li className="voice" key={who}>
                  <p>“{text}”</p>
                  <footer>{who}</footer>
                </li>
              ))}
            </ul>
          </Block>
        )}
        {call && (
          <div className="home-block call">
            <div>
              <h2>Ready to begin?</h2>
              <p>{shell.name} is open right now.</p>
            </div>
            <a className="button large" href={`#${call[1]}`}>
              {call[0]}
            </a>
          </div>
        )}
      </div>
    </section>
  );
}
