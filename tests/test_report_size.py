"""How large the report gets, and what it leaves out to stay small."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.test_report_story import Story, told_story
from webgen_gym.errors import StorageFailed
from webgen_gym.records.report import Bounds, write_report
from webgen_gym.types import Outcome

MANY = 40


@pytest.fixture(scope="module")
def long_story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """One rollout of many turns, each with a screenshot of its own and a long file."""
    story = Story(tmp_path_factory.mktemp("long") / "run")
    line = story.rollout("bookshop")
    for number in range(MANY):
        text = "\n".join(f"line {row} of version {number}" for row in range(300))
        line.play({"index.html": text}, reply=text)
    line.finish(line.turns[-1])
    return story


def test_a_screenshot_is_on_the_page_once_however_often_it_was_seen(tmp_path: Path) -> None:
    story, line = told_story(tmp_path / "run")
    page = write_report(story.run, tmp_path / "report.html").read_text(encoding="utf-8")
    seen = {turn.observation.screenshot for turn in line.turns if turn.observation.screenshot}
    assert len(_shots(page)) == len(seen) == 2


def test_a_screenshot_is_kept_in_full_where_there_is_room(tmp_path: Path) -> None:
    story, _ = told_story(tmp_path / "run")
    page = write_report(story.run, tmp_path / "report.html").read_text(encoding="utf-8")
    assert {_size(shot) for shot in _shots(page)} == {(1024, 768)}


def test_with_little_room_the_chosen_turn_stays_in_full_and_the_others_are_reduced(
    long_story: Story, tmp_path: Path
) -> None:
    page = write_report(long_story.run, tmp_path / "report.html", Bounds(image_bytes=300_000)).read_text("utf-8")
    sizes = [_size(shot) for shot in _shots(page)]
    assert (sizes[0], len(sizes)) == ((1024, 768), MANY)
    assert {width for width, _ in sizes[1:]} == {_overview(page)["page"]["reduced_to"]} != {1024}


def test_with_no_room_screenshots_are_left_out_and_counted(long_story: Story, tmp_path: Path) -> None:
    page = write_report(long_story.run, tmp_path / "report.html", Bounds(image_bytes=30_000)).read_text("utf-8")
    assert sum(len(base64.b64decode(shot)) for shot in _shots(page)) <= 30_000
    assert _overview(page)["page"]["left_out"] == MANY - len(_shots(page)) > 0


def test_a_page_is_no_larger_than_its_bounds_say(long_story: Story, tmp_path: Path) -> None:
    bounds = Bounds(image_bytes=100_000, text_chars=200_000)
    path = write_report(long_story.run, tmp_path / "report.html", bounds)
    assert path.stat().st_size < 100_000 * 4 / 3 + 200_000 + 150_000


def test_what_is_cut_of_a_reply_and_a_diff_is_counted(long_story: Story, tmp_path: Path) -> None:
    page = write_report(long_story.run, tmp_path / "report.html", Bounds(text_chars=1)).read_text("utf-8")
    turn = _turns(page)[1]
    whole = "\n".join(f"line {row} of version 0" for row in range(300))
    assert len(turn["reply"]["text"]) + turn["reply"]["cut"] == len(whole)
    (file,) = turn["changes"]["files"]
    # The header of the hunk, 300 lines, and the word on the missing end of line.
    assert len(file["text"].split("\n")) + file["cut"] == 302


def test_a_line_of_a_diff_is_cut(tmp_path: Path) -> None:
    story = Story(tmp_path / "run")
    story.rollout("bookshop").play({"app.js": "x" * 5000})
    page = write_report(story.run, tmp_path / "report.html").read_text("utf-8")
    assert "… 4400 more characters" in _turns(page)[1]["changes"]["files"][0]["text"]


def test_a_binary_file_is_named_but_not_shown(tmp_path: Path) -> None:
    story = Story(tmp_path / "run")
    story.rollout("bookshop").play({"logo.png": "\x89PNG\0\0\0"})
    page = write_report(story.run, tmp_path / "report.html").read_text("utf-8")
    (file,) = _turns(page)[1]["changes"]["files"]
    assert (file["path"], file["binary"], file["text"]) == ("logo.png", True, "")


def test_a_turn_that_changed_nothing_has_no_diff(tmp_path: Path) -> None:
    story = Story(tmp_path / "run")
    line = story.rollout("bookshop")
    line.play({"index.html": "x"})
    line.say(Outcome.VALIDATED, "screenshot_validated")
    page = write_report(story.run, tmp_path / "report.html").read_text("utf-8")
    assert _turns(page)[2]["changes"] == {"files": [], "more_files": 0}


def test_numbers_that_json_cannot_write_do_not_stop_it(tmp_path: Path) -> None:
    story = Story(tmp_path / "run")
    story.rollout("bookshop").play({"index.html": "x"}, timings={"look": float("nan")})
    page = write_report(story.run, tmp_path / "report.html").read_text("utf-8")
    assert _turns(page)[1]["timings"] == {"look": None}


def test_a_page_that_cannot_be_written_is_said_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    story = Story(tmp_path / "run")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageFailed, match="report.html could not be written"):
        write_report(story.run, tmp_path / "file" / "report.html")


# ------------------------------------------------------------------ reading a page


def _shots(page: str) -> list[str]:
    return re.findall(r'id="shot-[0-9a-f]+">([^<]+)<', page)


def _size(shot: str) -> tuple[int, int]:
    with Image.open(io.BytesIO(base64.b64decode(shot))) as image:
        return image.size


def _overview(page: str) -> dict[str, Any]:
    found = re.search(r'id="overview">([^<]+)<', page)
    assert found is not None
    overview: dict[str, Any] = json.loads(found[1])
    return overview


def _turns(page: str) -> list[dict[str, Any]]:
    found = re.search(r'id="rollout-0">([^<]+)<', page)
    assert found is not None
    turns: list[dict[str, Any]] = json.loads(gzip.decompress(base64.b64decode(found[1])))
    return turns
