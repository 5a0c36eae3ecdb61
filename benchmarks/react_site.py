"""The small Vite and React site that several benchmarks build: what it depends on, and edits of one source file."""

from __future__ import annotations

import json
from collections.abc import Mapping

MANIFEST = {
    "name": "site",
    "private": True,
    "type": "module",
    "scripts": {"dev": "vite", "build": "vite build"},
    "dependencies": {"react": "19.2.0", "react-dom": "19.2.0"},
    "devDependencies": {"vite": "7.2.2", "@vitejs/plugin-react": "5.1.1"},
}
CONFIG = (
    "import { defineConfig } from 'vite';\nimport react from '@vitejs/plugin-react';\n"
    "export default defineConfig({ plugins: [react()] });\n"
)
INDEX = (
    '<!doctype html>\n<html lang="en"><head><title>Ferries</title></head>\n<body><div id="root"></div>\n'
    '<script type="module" src="/src/main.jsx"></script></body></html>\n'
)
MAIN = (
    "import { createRoot } from 'react-dom/client';\nimport App from './App.jsx';\nimport './style.css';\n"
    "createRoot(document.getElementById('root')).render(<App />);\n"
)
STYLE = (
    "body{margin:0;font:16px sans-serif;background:#f4f7fb} h1{margin:32px} main{display:grid;gap:16px;padding:32px;"
    "grid-template-columns:repeat(4,1fr)} section{background:#fff;border-radius:12px;padding:16px}"
    " button{padding:10px 18px;border:0;border-radius:8px;background:#1f5fbf;color:#fff}\n"
)
SOURCE = "src/App.jsx"


def app(turn: int) -> str:
    """The source file that every turn edits."""
    return (
        f"const routes = Array.from({{ length: 12 }}, (_, n) => `Ferry ${{n + {turn}}}`);\n"
        "export default function App() {\n"
        f"  return <><h1>Timetable, edition {turn}</h1><main>{{routes.map((route) => <section key={{route}}>"
        "<h2>{route}</h2><p>Leaves at noon, every day.</p><button>Book</button></section>)}</main></>;\n"
        "}\n"
    )


def react_site(turn: int, *, mark: str = "") -> Mapping[str, str]:
    """Every file of the npm project. ``mark`` makes it another site without changing what it depends on."""
    return {
        "package.json": json.dumps(MANIFEST, indent=1),
        "vite.config.js": CONFIG,
        "index.html": INDEX,
        "src/main.jsx": MAIN,
        "src/style.css": STYLE + (f"/* {mark} */\n" if mark else ""),
        SOURCE: app(turn),
    }


def static_site(turn: int) -> Mapping[str, str]:
    """The same page without npm; the cards come from a script here too, or they would count as repetition."""
    card = "<section><h2>Ferry ${n}</h2><p>Leaves at noon, every day.</p><button>Book</button></section>"
    script = (
        f"<script>for (let n = {turn}; n < {turn} + 12; n++)"
        f" document.querySelector('main').insertAdjacentHTML('beforeend', `{card}`)</script>"
    )
    head = f"<head><title>Ferries</title><style>{STYLE}</style></head>"
    body = f"<body><h1>Timetable, edition {turn}</h1><main></main>{script}</body>"
    return {"index.html": f'<!doctype html>\n<html lang="en">{head}{body}</html>\n'}
