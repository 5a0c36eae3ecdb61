import { useEffect, useRef } from "react";
import shell from "../shell.js";

// An island: the widgets are plain scripts that draw into an element and keep their own state.
export default function Widget({ section }) {
  const element = useRef(null);
  useEffect(() => {
    window.Site.mount(element.current);
  }, []);
  const { widget } = shell.sections.find((one) => one.id === section);
  return <div ref={element} data-widget={widget} data-section={section} />;
}
