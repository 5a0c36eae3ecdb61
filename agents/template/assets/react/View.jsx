import Blocks from "./Blocks.jsx";
import Icon from "./Icon.jsx";
import Widget from "./Widget.jsx";

export default function View({ section, shown }) {
  const { id, label, icon, lead, widget, blocks } = section;
  return (
    <section className={shown ? "view is-current" : "view"} id={id} aria-labelledby={`${id}-title`}>
      <div className="wrap">
        <header className="view-head">
          <span className="view-icon">
            <Icon name={icon} />
          </span>
          <h2 id={`${id}-title`}>{label}</h2>
          <p>{lead}</p>
        </header>
        {widget && <Widget section={id} />}
        <Blocks blocks={blocks} />
      </div>
    </section>
  );
}
