const KINDS = {
  text: (items) => items.map(([, text]) => <p key={text}>{text}</p>),
  list: (items) => (
    <ul className="block-list">
      {items.map(([name, text]) => (
        <li key={name}>
          <strong>{name}.</strong> {text}
        </li>
      ))}
    </ul>
  ),
  facts: (items) => (
    <dl className="facts">
      {items.map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{text}</dd>
        </div>
      ))}
    </dl>
  ),
  timeline: (items) => (
    <ol className="timeline">
      {items.map(([name, text]) => (
        <li key={name + text}>
          <strong>{name}</strong>
          <p>{text}</p>
        </li>
      ))}
    </ol>
  ),
  faq: (items) =>
    items.map(([name, text]) => (
      <details key={name}>
        <summary>{name}</summary>
        <p>{text}</p>
      </details>
    )),
  people: (items) => (
    <ul className="people">
      {items.map(([name, text]) => (
        <li key={name}>
          <span className="avatar" aria-hidden="true">
            {name[0]}
          </span>
          <div>
            <strong>{name}</strong>
            <p>{text}</p>
          </div>
        </li>
      ))}
    </ul>
  ),
};

export default function Blocks({ blocks }) {
  if (!blocks.length) return null;
  return (
    <div className="blocks">
      {blocks.map(({ kind, heading, items }) => (
        <article className="panel" key={heading}>
          {heading && <h3>{heading}</h3>}
          {KINDS[kind](items)}
        </article>
      ))}
    </div>
  );
}
