"""A static turn of WebGenStatic-v0 beside bare Playwright: goto and screenshot on a page that is kept.

The same browser program, the same page, the same window, in turn. Prints medians in milliseconds and the ratio.
"""

from __future__ import annotations

import functools
import http.server
import statistics
import tempfile
import threading
import time
from pathlib import Path

import gymnasium as gym
from playwright.sync_api import sync_playwright

from webgen_gym.browser.find import find_browser
from webgen_gym.judges.scripted import ScriptedAppearance, ScriptedFunctionality
from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Task, WriteFile

ROUNDS = 30
# Built by a script, because sixty equal cards written out would count as degenerate repetition.
CARDS = (
    "<main></main><script>for (let n = 0; n < 60; n++) document.querySelector('main').insertAdjacentHTML("
    "'beforeend', `<section class=card><h2>Card ${n}</h2><p>Some words about card ${n}.</p>"
    "<button>Open</button></section>`)</script>"
)
STYLE = (
    "body{font:16px sans-serif} .card{display:inline-block;width:180px;margin:8px;padding:16px;"
    "background:linear-gradient(#eef,#99c)}"
)


def page(turn: int) -> bytes:
    return f"<!doctype html><title>t</title><style>{STYLE}</style><h1>Turn {turn}</h1>{CARDS}".encode()


def environment(judge: object) -> list[float]:
    """Milliseconds of ``env.step`` for edits of one file."""
    env = gym.make(
        "webgen_gym:WebGenStatic-v0",
        tasks=[Task("bench", "Build sixty cards.")],
        judge=judge,
        gui=ScriptedFunctionality(0.0),
        max_turns=10 * ROUNDS,
        disable_env_checker=True,
    )
    env.reset()
    spent = []
    for turn in range(ROUNDS + 3):
        reply = write_bolt([WriteFile("index.html", page(turn))], title="t")
        start = time.perf_counter()
        env.step(reply)
        spent.append((time.perf_counter() - start) * 1000)
    env.close()
    return spent[3:]


def bare_playwright(folder: Path) -> list[float]:
    """Milliseconds of writing the file, goto and screenshot."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    spent = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(find_browser()), args=["--no-sandbox", "--disable-gpu"]
        )
        shown = browser.new_page(viewport={"width": 1024, "height": 768})
        for turn in range(ROUNDS + 3):
            start = time.perf_counter()
            (folder / "index.html").write_bytes(page(turn))
            shown.goto(f"http://127.0.0.1:{server.server_port}/")
            shown.screenshot()
            spent.append((time.perf_counter() - start) * 1000)
        browser.close()
    server.shutdown()
    server.server_close()
    return spent[3:]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        bare = statistics.median(bare_playwright(Path(temporary)))
    rows = {
        "bare Playwright, goto + screenshot": bare,
        "turn without judge": statistics.median(environment(ScriptedAppearance(3.0))),
        "turn with the measured judge": statistics.median(environment("measured")),
    }
    for name, value in rows.items():
        print(f"{name:38}{value:8.1f} ms{value / bare:8.2f} ×")


if __name__ == "__main__":
    main()
