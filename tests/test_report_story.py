"""A run folder told turn by turn, for the tests of the report; and what the report makes of its order."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from PIL import Image, ImageDraw

from webgen_gym.browser.measure import unseen
from webgen_gym.records.report import history
from webgen_gym.records.run_folder import RunFolder
from webgen_gym.rewards import paper
from webgen_gym.snapshots import Snapshots
from webgen_gym.state import State, encode, points
from webgen_gym.types import (
    Build,
    CheckResult,
    ConsoleLine,
    Evidence,
    Fault,
    FaultCode,
    Files,
    Look,
    Observation,
    Outcome,
    Request,
    Score,
    Stage,
    Task,
    Turn,
    UITest,
    Verdict,
)

CONFIG = {
    "judge": "measured-1",
    "gui": "explore-1",
    "gui_on": "validate",
    "sandbox": "auto",
    "viewport": [1024, 768],
    "max_turns": 20,
    "static_only": True,
}
BOOKSHOP = Task(
    id="bookshop",
    instruction="Build a website for a second-hand bookshop with a catalogue, a search field and a shopping cart.",
    category="shop",
    ui_tests=(UITest("Search for 'garden'.", "Only garden guides are listed."),),
)
UP = Build(ok=True, stage=Stage.UP, kind="static", message="The site started.")


def picture(text: str, size: tuple[int, int] = (1024, 768)) -> bytes:
    """A PNG that differs with its text."""
    image = Image.new("RGB", size, (244, 240, 232))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, size[0], size[1] // 8), fill=(40, 80, 60))
    draw.text((40, 30), text, fill=(255, 255, 255))
    for row in range(8):
        draw.text((60, 150 + row * 60), f"{text} {row}: a line of the page", fill=(30, 30, 30))
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def look(screenshot: bytes, **changes: Any) -> Look:
    """What the browser saw, with nothing measured."""
    empty = unseen((1024, 768), "")
    seen = {"screenshot": screenshot, "url": "http://site.webgen.test/", "status": 200, "title": "Fern & Folio"}
    values = {name: getattr(empty, name) for name in Look.__slots__}
    return Look(**{**values, **seen, **changes})


def appearance(value: float, finding: str = "Most of the page is empty.") -> Score:
    """A verdict with one finding."""
    return Score(
        value,
        MappingProxyType({"rendering": 5.0, "relevance": value, "layout": value, "design": value}),
        (Evidence("layout", finding, value - 5.0), Evidence("rendering", "Everything was loaded.")),
        ("Fill the lower half of the page.",),
        summary="The page looks fair.",
    )


def functionality(value: float, *checks: CheckResult) -> Score:
    """A verdict on functions."""
    return Score(value, checks=checks, summary=f"{sum(check.passed for check in checks)} of {len(checks)} worked.")


@dataclass
class Line:
    """One rollout under way: what it is told next is a turn on top of where it stands."""

    run: RunFolder
    store: Snapshots
    name: str
    task: Task
    number: int = 0
    parent: str = ""
    files: Files = field(default_factory=dict)
    screenshot: bytes = b""
    turns: list[Turn] = field(default_factory=list)

    def start(self) -> Line:
        """The turn of the reset."""
        self._add(Outcome.STARTED, "", {})
        return self

    def play(self, files: Mapping[str, str], reply: str = "", **rest: Any) -> Turn:
        """A turn in which files were written and shown; ``rest`` are fields of Turn."""
        self.files = {**self.files, **{path: text.encode("utf-8", "surrogatepass") for path, text in files.items()}}
        self.screenshot = picture(f"{self.name} {self.number + 1}")
        told = reply or "".join(f'<boltAction type="file" filePath="{path}">{text}' for path, text in files.items())
        shown = {"build": UP, "look": look(self.screenshot), "appearance": appearance(3.0), **rest}
        return self._add(rest.pop("outcome", Outcome.SHOWN), told, shown)

    def say(self, outcome: Outcome, reply: str = "", **rest: Any) -> Turn:
        """A turn that changed no file."""
        return self._add(outcome, reply, rest)

    def back(self, turn: Turn) -> None:
        """Stand where the turn left off; the budget runs on."""
        self.parent = turn.snapshot
        self.files, self.screenshot = turn.observation.files, turn.observation.screenshot

    def finish(self, turn: Turn | None) -> None:
        """Record the result."""
        seen = turn.observation if turn else None
        self.run.append_result(
            {
                "rollout": self.name,
                "task": self.task.id,
                "agent": "scripted",
                "seed": 0,
                "void": False,
                "snapshot": turn.snapshot if turn else "",
                "turn": turn.number if turn else -1,
                "appearance": seen.appearance if seen else -1.0,
                "functionality": seen.functionality if seen else -1.0,
                "tested": bool(seen and seen.functionality >= 0),
            }
        )

    def _add(self, outcome: Outcome, reply: str, fields: Mapping[str, Any]) -> Turn:
        values = dict(fields)
        void = outcome is Outcome.VOID
        number = self.number if outcome is Outcome.STARTED else self.number + 1
        told = values.pop("feedback", f"Turn {number} was {outcome.value}.")
        malformed = outcome is Outcome.MALFORMED
        reward = values.pop("reward", None) or paper(
            values.get("appearance"), values.get("functionality"), malformed=malformed
        )
        ids = self._void_ids() if void else self._commit(number, outcome, told)
        turn = Turn(
            task=self.task.id,
            number=self.number if void else number,
            reply=reply,
            outcome=outcome,
            observation=self._seen(number, told, values.get("appearance"), values.get("functionality")),
            reward=reward,
            terminated=values.pop("terminated", False),
            truncated=values.pop("truncated", void),
            timings=values.pop("timings", {"site": 0.02, "look": 0.8, "appearance": 0.1, "store": 0.01}),
            **ids,
            **values,
        )
        self.run.append(turn, self.name)
        self.turns.append(turn)
        if not void:
            self.number, self.parent = number, turn.snapshot
        return turn

    def _commit(self, number: int, outcome: Outcome, told: str) -> dict[str, Any]:
        state = State(self.task, number, outcome, error=False, random="", feedback=told)
        made = self.store.commit(self.name, self.files, encode(state), parent=self.parent, message=f"turn {number}")
        return {"snapshot": made.id, "parent": made.parent, "state_hash": made.state_hash}

    def _void_ids(self) -> dict[str, Any]:
        stored = self.store.load(self.parent)
        return {"snapshot": stored.id, "parent": stored.parent, "state_hash": stored.state_hash}

    def _seen(self, number: int, told: str, looks: Verdict | None, works: Verdict | None) -> Observation:
        shot = self.screenshot
        return Observation(self.task.instruction, self.files, "", shot, told, points(looks), points(works), number)


class Story:
    """A run folder being written."""

    def __init__(self, folder: Path) -> None:
        self.run = RunFolder.open(folder, CONFIG, {})
        self.store = Snapshots(folder / "repo.git")

    def rollout(self, name: str, task: Task = BOOKSHOP) -> Line:
        """A rollout at its beginning."""
        return Line(self.run, self.store, name, task).start()


def told_story(folder: Path) -> tuple[Story, Line]:
    """A run with one rollout in which every kind of thing happens: played, went back, malformed, validated, void."""
    story = Story(folder)
    line = story.rollout("bookshop")
    first = line.play({"index.html": "<h1>Books</h1>\n<p>Soon.</p>\n", "style.css": "h1 { color: green }\n"})
    line.say(
        Outcome.MALFORMED, "no files here", faults=(Fault(FaultCode.NO_ACTION, "The reply has no action."),), error=True
    )
    line.screenshot = b""
    failed = Build(
        ok=False, stage=Stage.BUILD, kind="vite", message="The build failed.", log="error TS1005: ';' expected"
    )
    line.say(Outcome.BUILD_FAILED, "a broken build", build=failed, appearance=Score(0.0), error=True)
    line.back(first)
    line.play(
        {"index.html": "<h1>Fern &amp; Folio</h1>\n<p>Twelve hundred books.</p>\n"},
        appearance=appearance(4.2),
        look=look(
            picture("bookshop 4"),
            console=(ConsoleLine("error", "cart is not defined", 3),),
            page_errors=("ReferenceError: cart is not defined",),
            requests=(Request("https://fonts.example/inter.css", "GET", 0, blocked=True),),
        ),
    )
    checks = (CheckResult("Search", True), CheckResult("Cart", False, "the button did nothing"))
    tested = line.say(
        Outcome.VALIDATED,
        "screenshot_validated",
        build=UP,
        appearance=appearance(4.2),
        functionality=functionality(2.5, *checks),
        credit_to=4,
    )
    line.say(Outcome.VOID)
    line.finish(tested)
    return story, line


@pytest.fixture
def told(tmp_path: Path) -> tuple[Story, Line]:
    return told_story(tmp_path / "a run")


def test_a_turn_played_after_going_back_hangs_on_the_version_gone_back_to(told: tuple[Story, Line]) -> None:
    (rollout,) = history.read(told[0].run).rollouts
    assert [turn.parent for turn in rollout.turns] == [-1, 0, 1, 2, 1, 4, 5]


def test_the_recorded_result_names_the_chosen_turn(told: tuple[Story, Line]) -> None:
    (rollout,) = history.read(told[0].run).rollouts
    assert rollout.chosen == history.Chosen(place=5, number=5, appearance=4.2, functionality=2.5, recorded=True)


def test_without_a_result_the_best_turn_so_far_is_taken_by_the_papers_rule(told: tuple[Story, Line]) -> None:
    run = told[0].run
    (run.folder / "results.jsonl").unlink()
    (rollout,) = history.read(run).rollouts
    assert rollout.chosen == history.Chosen(place=5, number=5, appearance=4.2, functionality=2.5, recorded=False)


def test_a_void_turn_has_no_snapshot_and_hangs_on_the_turn_before(told: tuple[Story, Line]) -> None:
    void = history.read(told[0].run).rollouts[0].turns[-1]
    assert (void.snapshot, void.parent) == ("", 5)


def test_a_rollout_that_went_on_from_anothers_snapshot_says_so(told: tuple[Story, Line]) -> None:
    story, line = told
    other = Line(story.run, story.store, "branch", BOOKSHOP, number=1)
    other.back(line.turns[1])
    other.play({"index.html": "<h1>Another way</h1>"})
    branch = history.read(story.run).rollouts[1]
    assert branch.turns[0].origin == "bookshop, turn 1"


def test_a_damaged_line_is_left_out_and_counted(told: tuple[Story, Line]) -> None:
    path = told[0].run.folder / "turns.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:3], b'{"rollout": "boo\n', *lines[3:]]))
    read = history.read(told[0].run)
    assert (read.turns, read.damaged_lines) == (7, 1)


def test_a_rollout_without_a_turn_is_listed(told: tuple[Story, Line]) -> None:
    told[0].run.append_result({"rollout": "empty", "task": "t", "snapshot": "", "turn": -1})
    empty = history.read(told[0].run).rollouts[1]
    assert (empty.name, empty.turns, empty.chosen) == ("empty", (), None)
