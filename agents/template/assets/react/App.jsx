import { useEffect, useState } from "react";
import shell from "./shell.js";
import Header from "./components/Header.jsx";
import Home from "./components/Home.jsx";
import View from "./components/View.jsx";
import Footer from "./components/Footer.jsx";

const known = new Set(["home", ...shell.sections.map((section) => section.id)]);
const front = new Set(shell.front);

// The view that the address names; an anchor inside the first view belongs to it.
function current() {
  const wanted = decodeURIComponent(window.location.hash.slice(1));
  return known.has(wanted) ? wanted : "home";
}

export default function App() {
  const [place, setPlace] = useState(current);

  useEffect(() => {
    const follow = () => {
      if (window.location.hash !== "#main") setPlace(current());
    };
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);

  useEffect(() => {
    const section = shell.sections.find((one) => one.id === place);
    document.title = section ? `${section.label} – ${shell.name}` : shell.name;
    if (front.has(place)) document.getElementById(place).scrollIntoView();
    else window.scrollTo(0, 0);
  }, [place]);

  const view = front.has(place) ? "home" : place;
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <Header key={place} place={place} />
      <main id="main" tabIndex={-1}>
        <Home shown={view === "home"} />
        {shell.sections
          .filter((section) => !front.has(section.id))
          .map((section) => (
            <View key={section.id} section={section} shown={section.id === view} />
          ))}
      </main>
      <Footer />
      <div id="toasts" role="status" aria-live="polite" />
    </>
  );
}
