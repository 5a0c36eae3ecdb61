import { useState } from "react";
import shell from "../shell.js";
import Icon from "./Icon.jsx";

export default function Header({ place }) {
  const [open, setOpen] = useState(false);
  const entries = [{ id: "home", label: "Home", icon: "home" }, ...shell.sections];
  return (
    <header className={open ? "top menu-open" : "top"}>
      <div className="wrap">
        <a className="brand" href="#home">
          <span className="mark">
            <Icon name={shell.icon} />
          </span>
          <span>{shell.name}</span>
        </a>
        <button
          type="button"
          className="menu-toggle"
          aria-expanded={open}
          aria-controls="menu"
          onClick={() => setOpen(!open)}
        >
          Menu
        </button>
        <nav className="menu" id="menu" aria-label="Main">
          {entries.map(({ id, label, icon }) => (
            <a key={id} href={`#${id}`} aria-current={id === place ? "page" : undefined}>
              <Icon name={icon} />
              <span>{label}</span>
            </a>
          ))}
        </nav>
      </div>
    </header>
  );
}
