"""Checking that tests have teeth: what is found on small sites, and that the bundled tasks have them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conftest import Runner
from webgen_gym.browser.chromium import Chromium
from webgen_gym.check import Checked, check, runs_of
from webgen_gym.tasks.catalogue import place
from webgen_gym.tasks.folders import Spoiled, Swap, TaskFolder, read_folders
from webgen_gym.types import Step, Task, UITest

BUNDLED = {folder.task.id: folder for folder in read_folders(place())}
QUICK = ("museum-news", "noughts-and-crosses", "photo-portfolio")
NAMES = ("heading", "add", "keep", "count", "clear")

SITE = """<!doctype html><title>Kites</title><h1>Dragon shop</h1><p id="n"></p>
<button onclick="add()">Add</button><button onclick="clear_()">Clear</button><script>
let kites = +(localStorage.kites || 0);
const draw = () => { document.getElementById('n').textContent = kites + ' kites'; };
const keep = () => { localStorage.kites = kites; };
const add = () => { kites++; keep(); draw(); };
const clear_ = () => { kites = 0; keep(); draw(); };
draw();
</script>"""

ADD, CLEAR, AGAIN = Step("press", "add"), Step("press", "clear"), Step("open", value="/")
TESTS = (
    UITest("Look.", "", steps=(Step("see", value="Dragon shop"), Step("see", value="0 kites")), name="heading"),
    UITest("Add one.", "", steps=(ADD, Step("see", value="1 kites")), name="add"),
    UITest("Add one and reload.", "", steps=(ADD, AGAIN, Step("see", value="1 kites")), name="keep"),
    UITest("Add two.", "", steps=(ADD, ADD, Step("see", value="2 kites")), name="count"),
    UITest("Clear.", "", steps=(ADD, CLEAR, Step("see", value="0 kites")), name="clear"),
)
GOOD = (
    Spoiled("No heading", ("heading",), (Swap("index.html", "Dragon shop", ""),)),
    Spoiled("Nothing drawn", ("add", "count"), (Swap("index.html", "kites++; keep(); draw();", "kites++; keep();"),)),
    Spoiled("Nothing kept", ("keep",), (Swap("index.html", "localStorage.kites = kites;", ""),)),
    Spoiled("Stays at one", ("count",), (Swap("index.html", "kites++;", "kites = 1;"),)),
    Spoiled("Clear is dead", ("clear",), (Swap("index.html", "kites = 0;", ""),)),
)


def kites(*, site: str = SITE, spoiled: Iterable[Spoiled] = GOOD) -> TaskFolder:
    return TaskFolder(Task("kites", "Build it.", ui_tests=TESTS), {"index.html": site.encode()}, tuple(spoiled))


def checked(run: Runner, chromium: Chromium, folder: TaskFolder, *, repeat: int = 1, jobs: int = 4) -> Checked:
    (outcome,) = run(check([folder], chromium, repeat=repeat, jobs=jobs))
    return outcome


def with_fails(name: str, *fails: str) -> tuple[Spoiled, ...]:
    return tuple(Spoiled(item.name, fails, item.edits) if item.name == name else item for item in GOOD)


def test_a_folder_whose_tests_have_teeth_passes(run: Runner, chromium: Chromium) -> None:
    assert checked(run, chromium, kites()) == Checked("kites", 5, 5, 30, ())


def test_a_reference_that_fails_a_test_is_named_with_the_step(run: Runner, chromium: Chromium) -> None:
    wrong = checked(run, chromium, kites(site=SITE.replace("Dragon shop", "Shop"), spoiled=GOOD[1:])).wrong
    assert wrong[1].startswith("On the reference site 'heading' fails, and is meant to pass: step 1 (see 'Dragon shop'")


def test_a_test_that_passes_on_the_site_spoiled_for_it_is_named(run: Runner, chromium: Chromium) -> None:
    folder = kites(spoiled=with_fails("Stays at one", "count", "keep"))
    assert checked(run, chromium, folder).wrong == ("On the site 'Stays at one' 'keep' passes, and is meant to fail.",)


def test_a_test_that_fails_for_the_bug_of_another_is_named(run: Runner, chromium: Chromium) -> None:
    (wrong,) = checked(run, chromium, kites(spoiled=with_fails("Nothing drawn", "add"))).wrong[:1]
    assert wrong.startswith("On the site 'Nothing drawn' 'count' fails, and is meant to pass: step 3 (see '2 kites'): ")


def test_an_edit_that_does_not_fit_is_named_and_the_other_sites_are_played(run: Runner, chromium: Chromium) -> None:
    outcome = checked(
        run, chromium, kites(spoiled=(*GOOD, Spoiled("Bad", ("add",), (Swap("index.html", "draw", ""),))))
    )
    assert outcome.runs == 30
    assert len(outcome.wrong) == 1
    assert outcome.wrong[0].startswith("'Bad' edits a text that stands 4 times in index.html")


def test_a_site_that_changes_between_the_rounds_is_found(run: Runner, chromium: Chromium) -> None:
    files = {"index.html": SITE.encode()}
    folder = TaskFolder(kites().task, files, ())
    left = [runs_of(folder)]

    def ran() -> None:
        left[0] -= 1
        if left[0] == 0:
            files["index.html"] = SITE.replace("kites++;", "").encode()

    (outcome,) = run(check([folder], chromium, repeat=2, jobs=1, ran=ran))
    assert any("'add' passes at first and fails (step 2 (see '1 kites')" in sentence for sentence in outcome.wrong)


READS, WRITES = "localStorage.kites || 0", "localStorage.kites = kites;"
HIDES = "document.head.insertAdjacentHTML('beforeend', '<style>:has(button:hover) h1 { visibility: hidden }</style>')"
# A new document hears of the mouse when it is painted. Until then it asks for something, and so has not settled.
PAINTED = """(() => {
  let paints = 0;
  const watch = () => new IntersectionObserver((_, watcher) => {
    watcher.disconnect();
    if (++paints < 3) watch();
  }).observe(document.body);
  const ask = () => paints < 3 && fetch('/').then((page) => page.text()).then(ask);
  watch();
  ask();
})()"""
LEAKS = {
    "local storage": (READS, WRITES),
    "session storage": ("sessionStorage.kites || 0", "sessionStorage.kites = kites;"),
    "the name of the window": ("window.name", "window.name = kites;"),
    "cookies": ("document.cookie.slice(2)", "document.cookie = 'k=' + kites;"),
    "the place of the mouse": (f"{HIDES}, {PAINTED}, {READS}", WRITES),
    "what is stored on leaving": (READS, "onpagehide = () => { localStorage.kites = kites; };"),
}


@pytest.mark.parametrize(("reads", "writes"), LEAKS.values(), ids=LEAKS)
def test_a_run_does_not_see_what_the_one_before_left(run: Runner, chromium: Chromium, reads: str, writes: str) -> None:
    site = SITE.replace(WRITES, writes).replace(READS, reads)
    outcome = checked(run, chromium, kites(site=site, spoiled=()), repeat=2, jobs=1)
    assert [sentence for sentence in outcome.wrong if sentence.startswith("On")] == []


TOML = """id = "kites"
instruction = "Build it."
[[ui_tests]]
task = "Add one."
steps = [{ verb = "press", target = "add" }, { verb = "see", value = "1 kites" }]
"""
SPOILED = """[[spoiled]]
name = "Add is dead"
fails = ["Add one."]
edits = [{ file = "index.html", find = "kites++;", replace = "" }]
"""


def test_the_command_says_what_is_wrong_and_leaves_with_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "index.html").write_text(SITE)
    (tmp_path / "task.toml").write_text(TOML)
    (tmp_path / "spoiled.toml").write_text(SPOILED)
    argv = [sys.executable, "-m", "webgen_gym.cli", "tasks", "check", str(tmp_path), "--repeat", "2"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "kites: It has 1 executable UI tests; a task with teeth has 5 at least.\n" in done.stdout
    assert "On the" not in done.stdout


@pytest.mark.parametrize("name", QUICK)
def test_a_bundled_task_has_teeth(run: Runner, chromium: Chromium, name: str) -> None:
    assert checked(run, chromium, BUNDLED[name]).wrong == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", BUNDLED)
def test_every_bundled_task_has_teeth_three_times_over(run: Runner, chromium: Chromium, name: str) -> None:
    assert checked(run, chromium, BUNDLED[name], repeat=3).wrong == ()
