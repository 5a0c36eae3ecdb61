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
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import gymnasium as gym
from playwright.sync_api import sync_playwright

from benchmarks.report import Report, publish
from webgen_gym.browser.find import find_browser
from webgen_gym.judges.base import AppearanceJudge
from webgen_gym.judges.scripted import ScriptedAppearance, ScriptedFunctionality
from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Task, WriteFile

WARM_UP = 3
ROUNDS = 40
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


Turn = Callable[[int], None]


@contextmanager
def environment(judge: AppearanceJudge | str) -> Iterator[Turn]:
    """``env.step`` with an edit of one file."""
    env = gym.make(
        "webgen_gym:WebGenStatic-v0",
        tasks=[Task("bench", "Build sixty cards.")],
        judge=judge,
        gui=ScriptedFunctionality(0.0),
        max_turns=2 * ROUNDS,
        cache=False,
        disable_env_checker=True,
    )
    env.reset()
    yield lambda turn: void(env.step(write_bolt([WriteFile("index.html", page(turn))], title="t")))
    env.close()


@contextmanager
def bare_playwright() -> Iterator[Turn]:
    """Writing the file, goto and screenshot."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _served(Path(folder)) as address,
        sync_playwright() as playwright,
        playwright.chromium.launch(
            executable_path=str(find_browser()), args=["--no-sandbox", "--disable-gpu"]
        ) as browser,
    ):
        shown = browser.new_page(viewport={"width": 1024, "height": 768})

        def turn(number: int) -> None:
            Path(folder, "index.html").write_bytes(page(number))
            shown.goto(address)
            shown.screenshot()

        yield turn


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def void(_: object) -> None:
    """For a lambda that returns nothing."""


def main() -> None:
    with (
        bare_playwright() as bare,
        environment(ScriptedAppearance(3.0)) as unjudged,
        environment("measured") as judged,
    ):
        rows = {
            "bare Playwright, goto + screenshot": bare,
            "turn without judge": unjudged,
            "turn with the measured judge": judged,
        }
        spent: dict[str, list[float]] = {name: [] for name in rows}
        # One after the other in each round, so that whatever else the machine does falls on all alike.
        for number in range(WARM_UP + ROUNDS):
            for name, turn in rows.items():
                start = time.perf_counter()
                turn(number)
                spent[name].append((time.perf_counter() - start) * 1000)
    medians = {name: statistics.median(times[WARM_UP:]) for name, times in spent.items()}
    publish([Report("turn", "A static turn", "milliseconds", medians, ratio_to=next(iter(medians)))], __doc__)


if __name__ == "__main__":
    main()
