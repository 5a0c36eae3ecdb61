import { createRoot } from "react-dom/client";
import "./styles/index.css";
import "./widgets/index.js";
import App from "./App.jsx";

document.documentElement.classList.add("js");
createRoot(document.getElementById("root")).render(<App />);
