"""Our turns beside the procedure of the original system (arXiv 2509.22644), on the same site with the same edits.

The original, at every step: npm install → npm run dev → wait for the address in its log, asked once a second → a new
Chromium with a new profile → load, 3 s → screenshot → end it all. In its training each step has a fresh folder besides.
Ours is the whole turn with the measured judge; nothing is taken from the cache of looks. Prints seconds and ratios.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import gymnasium as gym
from playwright.sync_api import Playwright, sync_playwright

import webgen_gym  # noqa: F401 - registers the ids
from benchmarks.react_site import SOURCE, app, react_site, static_site
from benchmarks.report import Report, medians, publish
from webgen_gym.browser.find import find_browser
from webgen_gym.judges.scripted import ScriptedFunctionality
from webgen_gym.limits import Limits
from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Task, WriteFile

REFERENCE_ROUNDS = 4
OUR_ROUNDS = 16
WARM_UP = 2
WAIT_S, POLL_S, STOP_S = 3.0, 1.0, 10.0
ADDRESS = re.compile(r"http://(?:localhost|\d+\.\d+\.\d+\.\d+):\d+")
TASK = Task("bench", "Please implement a website about ferries. Users should be able to read the timetable and book.")
KEPT, FRESH = "original, dependencies already installed", "original, a fresh folder"


# ------------------------------------------------------------------ the original


def reference_step(folder: Path, files: Mapping[str, str], playwright: Playwright, browser: str) -> None:
    """One step as the original takes it."""
    _write(folder, files)
    subprocess.run("npm install", shell=True, cwd=folder, capture_output=True, check=False)
    log = folder / "service.log"
    with log.open("wb") as output:
        service = subprocess.Popen(
            "npm run dev", shell=True, cwd=folder, stdout=output, stderr=output, start_new_session=True
        )
    try:
        _screenshot(_address(log), playwright, browser)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(service.pid, signal.SIGTERM)
        service.wait(timeout=STOP_S)


def _address(log: Path) -> str:
    while True:
        found = ADDRESS.search(re.sub(r"\x1b\[[0-9;]*m", "", log.read_text("utf-8", "replace")))
        if found:
            return found[0]
        time.sleep(POLL_S)


def _screenshot(address: str, playwright: Playwright, browser: str) -> None:
    launched = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
    page = launched.new_page(viewport={"width": 1024, "height": 768})
    page.goto(address)
    time.sleep(WAIT_S)
    page.screenshot()
    launched.close()


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")


def reference(rounds: int, *, fresh: bool) -> Iterator[float]:
    """Seconds of each step; the first one, which fills the caches of npm, is left out."""
    browser = shutil.which("chromium") or str(find_browser())
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        for turn in range(rounds + 1):
            folder = Path(place, f"step-{turn}" if fresh else "site")
            start = time.perf_counter()
            reference_step(folder, react_site(turn), playwright, browser)
            if turn:
                yield time.perf_counter() - start


# ------------------------------------------------------------------ ours


@contextmanager
def environment() -> Iterator[Callable[[Mapping[str, str]], float]]:
    """Seconds of a turn that writes files."""
    env = gym.make(
        "WebGen-v0", tasks=[TASK], gui=ScriptedFunctionality(0.0), max_turns=200, cache=False, disable_env_checker=True
    )
    env.reset()

    def turn(files: Mapping[str, str]) -> float:
        reply = write_bolt([WriteFile(path, text.encode()) for path, text in files.items()], title="t")
        # No model replies at once; the turn would wait for what is left of the time between two edits.
        time.sleep(Limits().edit_gap_s)
        start = time.perf_counter()
        _, _, _, _, info = env.step(reply)
        spent = time.perf_counter() - start
        assert info["outcome"] == "shown", info
        return spent

    yield turn
    env.close()


def edits_of_a_module() -> list[float]:
    """Turns that edit one source file of the npm project."""
    with environment() as turn:
        turn(react_site(0))
        return [turn({SOURCE: app(number)}) for number in range(1, WARM_UP + OUR_ROUNDS)][WARM_UP:]


def edits_of_a_page() -> list[float]:
    """Turns that edit the same page as a static site."""
    with environment() as turn:
        return [turn(static_site(number)) for number in range(WARM_UP + OUR_ROUNDS)][WARM_UP:]


def first_turns() -> list[float]:
    """First turns of new sites with dependencies that were seen before."""
    spent = []
    for number in range(1 + OUR_ROUNDS // 2):
        with environment() as turn:
            turn(static_site(0))
            spent.append(turn({**react_site(number, mark=f"site {number}"), "index.html": react_site(0)["index.html"]}))
    return spent[1:]


def main() -> None:
    spent = {
        KEPT: list(reference(REFERENCE_ROUNDS, fresh=False)),
        FRESH: list(reference(REFERENCE_ROUNDS, fresh=True)),
        "ours, an edit of one module": edits_of_a_module(),
        "ours, an edit of the same page without npm": edits_of_a_page(),
        "ours, first turn of a new site": first_turns(),
    }
    rows = medians(spent)
    speed = {name: f"{rows[KEPT] / value:.0f} × / {rows[FRESH] / value:.0f} ×" for name, value in rows.items()}
    note = "Faster than the original with installed dependencies / with a fresh folder: " + "; ".join(
        f"{name.removeprefix('ours, ')} {ratio}" for name, ratio in speed.items() if name.startswith("ours")
    )
    publish([Report("reference", "One step", "seconds", rows, ratio_to=KEPT, note=note + ".", digits=3)], __doc__)


if __name__ == "__main__":
    main()
