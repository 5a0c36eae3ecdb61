from __future__ import annotations

import pytest

from webgen_gym.site.log import Names, entry, joined

NAMES = Names(
    {"/home/someone/run-17/site": "/site", "https://mirror.example.org/npm/": "https://registry/"}, port=41235
)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("  VITE v4.5.14  ready in 312 ms", "  VITE v4.5.14  ready in … s"),
        ("added 56 packages in 5s", "added 56 packages in … s"),
        ("added 56 packages, and audited 57 packages in 1m", "added 56 packages, and audited 57 packages in … s"),
        ("✓ built in 1.02s", "✓ built in … s"),
        ("Compiled / in 2.3s (436 modules)", "Compiled / in … s (436 modules)"),
        ("[types] Generated 5ms", "[types] Generated … s"),
        ("  ➜  Local:   http://127.0.0.1:5173/", "  ➜  Local:   http://localhost/"),
        ("  ➜  Local:   http://localhost:5173/", "  ➜  Local:   http://localhost/"),
        ("listening on [::1]:3000", "listening on localhost"),
        ("Port 41235 is in use", "Port PORT is in use"),
        ("file 412351 and 1.41235", "file 412351 and 1.41235"),
        ("12:34:56 PM [vite] hmr update /src/App.jsx", "[vite] hmr update /src/App.jsx"),
        ("[02:22:42] started", "started"),
        ("HTTP  11/21/2026 2:22:42 AM 127.0.0.1 GET /", "HTTP  127.0.0.1 GET /"),
        ("[2026-11-21T02:22:42.123Z]  GET /", "GET /"),
        ("/home/someone/run-17/site/src/App.jsx:3:14", "/site/src/App.jsx:3:14"),
        ("404 Not Found - GET https://mirror.example.org/npm/nope", "404 Not Found - GET https://registry/nope"),
        ("(node:19926) Warning", "(node) Warning"),
        ("a\n\n\n\nb", "a\n\nb"),
        ("[10%] building\n[65%] building\nDONE", "DONE"),
        (
            "npm error A complete log of this run can be found in: /x/_logs/1-debug-0.log\nnpm error end",
            "npm error end",
        ),
        (
            "boom\n    at parse (/site/node_modules/x/index.js:1:2)\n    at main (/site/src/a.js:1:2)",
            "boom\n    at main (/site/src/a.js:1:2)",
        ),
    ],
)
def test_what_changes_from_run_to_run_is_taken_out(said: str, kept: str) -> None:
    assert NAMES.normal(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "src/App.jsx:12:34: error TS2304",
        "  3 |   transition: all 300ms ease;",
        "react@18.2.0 node v20.20.2",
        "10 errors, 3 warnings",
        "ratio 16:9 and 1:2:3",
    ],
)
def test_what_belongs_to_the_message_stays(said: str) -> None:
    assert NAMES.normal(said) == said.strip("\n")


def test_a_message_of_ours_keeps_its_numbers() -> None:
    message = "Nothing listens on port 41235, the one given on its command line, after 60 s (limits.start_s)."
    assert NAMES.hide(message) == message.replace("41235", "PORT")


def test_a_log_reads_like_a_terminal() -> None:
    assert joined(["a note", entry("npm install", "added 1 package\n"), "", entry("vite", "")]) == (
        "a note\n\n$ npm install\nadded 1 package\n\n$ vite\n"
    )
