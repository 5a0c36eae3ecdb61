"""The report as a reader meets it: opened from disk in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.test_report_story import BOOKSHOP, Story, appearance, look, picture, told_story
from webgen_gym.browser.find import find_browser
from webgen_gym.records.report import write_report
from webgen_gym.types import CheckResult, ConsoleLine, Evidence, Request, Score, Task, UITest, Unscored

HOSTILE = (
    "</script><script>window.pwned = 1</script><img src=x onerror='window.pwned = 1'><!-- ${{{}}} \u2028 \ud800 &lt;"
)


@dataclass
class Reader:
    """A browser window, and all that it asked for and complained of."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: Path, address: str = "") -> Page:
        self.page.goto(path.as_uri() + address)
        self.page.wait_for_selector("h1")
        return self.page

    def at_turn(self, path: Path, place: int, rollout: str = "bookshop") -> Page:
        self.open(path, f"#rollout={rollout}&turn={place}")
        self.page.wait_for_selector(f".column.here[data-place='{place}']")
        return self.page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def reader(browser: Browser) -> Iterator[Reader]:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(5000)
    reader = Reader(page)
    page.on("request", lambda request: reader.requests.append(request.url))
    page.on("console", lambda line: reader.complaints.append(line.text))
    page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    yield reader
    page.close()


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    story, _ = told_story(tmp_path_factory.mktemp("report") / "a run")
    return write_report(story.run, story.run.folder / "report.html")


# ------------------------------------------------------------------ what it needs


def test_the_page_asks_for_nothing_but_itself(report: Path, reader: Reader) -> None:
    reader.at_turn(report, 4)
    assert [url for url in reader.requests if not url.startswith("data:")] == [report.as_uri()]


def test_the_page_names_no_address_to_load_from(report: Path) -> None:
    assert re.findall(r"""(?:src|href|url\()=?["'(]?\s*(?:https?:)?//""", report.read_text(encoding="utf-8")) == []


def test_the_script_makes_no_markup_and_no_code_of_text() -> None:
    assets = Path(__file__).parent.parent / "webgen_gym" / "records" / "assets"
    text = "".join(path.read_text(encoding="utf-8") for path in assets.glob("*.js"))
    assert re.findall(r"\.(?:inner|outer)HTML|insertAdjacentHTML|document\.write|eval\(|Function\(", text) == []


def test_the_same_run_gives_the_same_bytes(report: Path, tmp_path: Path) -> None:
    story, _ = told_story(tmp_path / "a run")
    (story.run.folder / "run.json").write_bytes((report.parent / "run.json").read_bytes())
    again = write_report(Story(story.run.folder).run, tmp_path / "again.html")
    assert again.read_bytes() == report.read_bytes()


# ------------------------------------------------------------------ what comes from a run is only text


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    story = Story(tmp_path_factory.mktemp("hostile") / "<img src=x onerror=alert(1)>")
    task = Task(HOSTILE, HOSTILE, category=HOSTILE, ui_tests=(UITest(HOSTILE, HOSTILE),))
    line = story.rollout("hostile", task)
    verdict = Score(
        1.0,
        {HOSTILE: 1.0},
        (Evidence(HOSTILE, HOSTILE, -1.0),),
        (HOSTILE,),
        (CheckResult(HOSTILE, False, HOSTILE),),
        HOSTILE,
    )
    seen = look(
        picture("x"),
        url=HOSTILE,
        title=HOSTILE,
        console=(ConsoleLine(HOSTILE, HOSTILE),),
        page_errors=(HOSTILE,),
        requests=(Request("javascript:window.pwned=1", HOSTILE, 0, failure=HOSTILE),),
    )
    path = HOSTILE.replace("\ud800", "").replace("/", "_").replace("\u2028", "")
    turn = line.play({path: HOSTILE}, HOSTILE, appearance=verdict, functionality=verdict, look=seen, feedback=HOSTILE)
    line.finish(turn)
    return write_report(story.run, story.run.folder / "report.html")


def test_hostile_text_is_inert_on_the_overview(hostile: Path, reader: Reader) -> None:
    page = reader.open(hostile)
    page.wait_for_selector(".rollout-row")
    assert (page.evaluate("window.pwned"), reader.complaints) == (None, [])
    assert page.text_content(".about a") == HOSTILE


def test_hostile_text_is_inert_in_every_part_of_a_turn(hostile: Path, reader: Reader) -> None:
    page = reader.at_turn(hostile, 1, "hostile")
    for tab in ("changes", "reply", "feedback", "log", "ids"):
        page.click(f"[data-tab='{tab}']")
        assert page.locator("main img[src='x'], main script, main a[href^='javascript']").count() == 0
    assert (page.evaluate("window.pwned"), reader.complaints) == (None, [])


def test_a_script_that_got_in_would_not_run_and_could_reach_nobody(report: Path, reader: Reader) -> None:
    page = reader.open(report)
    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.pwned = 1';
            const image = new Image();
            image.src = 'http://127.0.0.1:9/';
            document.body.append(script, image);
        }"""
    )
    assert page.evaluate("window.pwned") is None
    refused = [re.findall(r"directive:? [\"'](?:script-src|img-src)", complaint) for complaint in reader.complaints]
    assert [len(found) for found in refused] == [1, 1]


def test_a_reply_is_shown_letter_by_letter(hostile: Path, reader: Reader) -> None:
    page = reader.at_turn(hostile, 1, "hostile")
    page.keyboard.press("2")
    assert page.text_content(".code") == HOSTILE


# ------------------------------------------------------------------ finding one's way


def test_every_turn_is_reached_with_the_arrow_keys(report: Path, reader: Reader) -> None:
    page = reader.at_turn(report, 0)
    titles = []
    for place in range(7):
        page.wait_for_selector(f".column.here[data-place='{place}']")
        titles.append(page.inner_text("#turn-title"))
        page.keyboard.press("ArrowRight")
    assert titles == ["Turn 0", "Turn 1", "Turn 2", "Turn 3", "Turn 4", "Turn 5", "Void turn after 5"]


def test_the_chosen_turn_is_marked_in_the_timeline_the_tree_and_the_turn(report: Path, reader: Reader) -> None:
    page = reader.at_turn(report, 5)
    assert page.inner_text(".column.chosen .column-number") == "★ 5"
    assert page.locator(".node[data-place='5'] .ring").count() == page.locator(".ring").count() == 1
    assert page.inner_text(".chosen-chip") == "★ chosen"


def test_going_back_is_drawn_as_a_branch(report: Path, reader: Reader) -> None:
    page = reader.at_turn(report, 4)
    assert page.locator(".way-back").count() == 1
    assert "went back, played from turn 1" in page.inner_text(".flags")


def test_up_and_down_lead_through_the_rollouts_in_the_order_of_the_list(tmp_path: Path, reader: Reader) -> None:
    path = _three_rollouts(tmp_path)
    page = reader.open(path)
    page.click("[data-sort='appearance']")
    page.click(".rollout-row >> nth=0")
    names = [_title(page, "best")]
    for name in ("middle", "worst"):
        page.keyboard.press("ArrowDown")
        names.append(_title(page, name))
    assert names == ["best", "middle", "worst"]


def test_the_search_field_leaves_what_matches(tmp_path: Path, reader: Reader) -> None:
    page = reader.open(_three_rollouts(tmp_path))
    page.keyboard.press("/")
    page.keyboard.type("MIDD")
    assert page.locator(".about a").all_inner_texts() == ["middle"]


# ------------------------------------------------------------------ what is told of a turn


def test_the_diff_shows_the_changed_line_against_the_parent(report: Path, reader: Reader) -> None:
    page = reader.at_turn(report, 4)
    assert page.locator(".diff .del .text").all_inner_texts() == ["-<h1>Books</h1>", "-<p>Soon.</p>"]
    assert page.locator(".diff .add .text").all_inner_texts()[0] == "+<h1>Fern &amp; Folio</h1>"


def test_a_turn_tells_findings_checks_and_what_the_browser_complained_of(report: Path, reader: Reader) -> None:
    page = reader.at_turn(report, 4)
    assert page.inner_text(".findings .minus") == "−0.80"
    assert page.locator(".look code").all_inner_texts() == [
        "ReferenceError: cart is not defined",
        "cart is not defined",
        "GET https://fonts.example/inter.css",
    ]
    reader.at_turn(report, 5)
    assert page.locator(".checks .failed").all_inner_texts() == ["✗\nCart — the button did nothing"]


def test_a_turn_that_showed_nothing_says_why(report: Path, reader: Reader) -> None:
    page = reader.at_turn(report, 3)
    assert "The build failed." in page.inner_text(".blank")


def test_a_malformed_reply_is_told_with_its_fault(report: Path, reader: Reader) -> None:
    page = reader.at_turn(report, 2)
    assert page.inner_text(".faults li") == "no_action\nThe reply has no action."


def test_a_turn_names_the_git_command_that_shows_it(report: Path, reader: Reader) -> None:
    page = reader.at_turn(report, 1)
    page.keyboard.press("5")
    assert re.fullmatch(r"git -C 'a run/repo.git' show [0-9a-f]{40}", page.inner_text(".tab-body .code"))


def test_an_unscored_verdict_is_not_a_zero(tmp_path: Path, reader: Reader) -> None:
    story = Story(tmp_path / "run")
    story.rollout("bookshop").play({"index.html": "x"}, appearance=Unscored("judge_failed", "no grade in its answer"))
    page = reader.at_turn(write_report(story.run, tmp_path / "report.html"), 1)
    assert "judge_failed: no grade in its answer" in page.inner_text(".unscored")


# ------------------------------------------------------------------ damaged runs


def test_missing_and_damaged_blobs_are_said_so(tmp_path: Path, reader: Reader) -> None:
    story = Story(tmp_path / "run")
    turn = story.rollout("bookshop").play({"index.html": "x"}, reply="long " * 2000)
    story.run.blobs.path(story.run.blobs.put(turn.observation.screenshot)).write_bytes(b"no picture")
    story.run.blobs.path(story.run.blobs.put(turn.reply.encode())).unlink()
    page = reader.at_turn(write_report(story.run, tmp_path / "report.html"), 1)
    page.keyboard.press("2")
    assert "missing from the run folder, or damaged" in page.inner_text(".blank")
    assert "The reply is missing" in page.inner_text(".tab-body")


def test_a_run_without_its_snapshots_is_shown_all_the_same(tmp_path: Path, reader: Reader) -> None:
    story, _ = told_story(tmp_path / "run")
    (story.run.folder / "repo.git" / "HEAD").unlink()
    page = reader.at_turn(write_report(story.run, tmp_path / "report.html"), 4)
    assert "repo.git cannot be opened" in page.inner_text(".tab-body")
    assert str(tmp_path) not in page.content()


def test_a_run_with_no_turn_at_all_has_a_page(tmp_path: Path, reader: Reader) -> None:
    story = Story(tmp_path / "run")
    page = reader.open(write_report(story.run, tmp_path / "report.html"))
    assert "No rollout matches." in page.inner_text("#rows")


def test_a_rollout_with_no_turn_has_a_page(tmp_path: Path, reader: Reader) -> None:
    story = Story(tmp_path / "run")
    story.run.append_result({"rollout": "empty", "task": "t", "snapshot": "", "turn": -1})
    page = reader.open(write_report(story.run, tmp_path / "report.html"), "#rollout=empty&turn=3")
    page.wait_for_selector(".rollout-head")
    assert "No turn of this rollout was recorded." in page.inner_text("main")
    assert reader.complaints == []


# ------------------------------------------------------------------ for everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["", "#rollout=bookshop&turn=5"])
def test_axe_finds_nothing_to_object_to(report: Path, reader: Reader, scheme: Any, address: str) -> None:
    reader.page.emulate_media(color_scheme=scheme)
    page = reader.open(report, address)
    page.wait_for_selector(".column.here" if address else ".rollout-row")
    found = Axe().run(page).response["violations"]
    assert [(item["id"], item["nodes"][0]["target"], item["nodes"][0]["failureSummary"]) for item in found] == []


@pytest.mark.parametrize("address", ["", "#rollout=bookshop&turn=4"])
def test_nothing_is_wider_than_a_narrow_window(report: Path, reader: Reader, address: str) -> None:
    reader.page.set_viewport_size({"width": 900, "height": 900})
    page = reader.open(report, address)
    page.wait_for_selector(".column.here" if address else ".rollout-row")
    assert page.evaluate("document.documentElement.scrollWidth") <= 900


# ------------------------------------------------------------------ stories


def _title(page: Page, expected: str) -> str:
    page.wait_for_selector(f".rollout-head h1:has-text('{expected}')")
    return page.inner_text("h1")


def _three_rollouts(folder: Path) -> Path:
    story = Story(folder / "run")
    for name, value in (("worst", 1.0), ("best", 4.0), ("middle", 3.0)):
        line = story.rollout(name, Task(name, BOOKSHOP.instruction))
        line.finish(line.play({"index.html": name}, appearance=appearance(value)))
    return write_report(story.run, folder / "report.html")
