"""The run folder: nothing is lost by a kill, a full disk or a wrong folder."""

import json
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from webgen_gym.blobs import Blobs
from webgen_gym.browser.measure import EMPTY, unseen
from webgen_gym.errors import BadRun, StorageFailed
from webgen_gym.records.run_folder import RunFolder, observation_hash
from webgen_gym.types import Element, Observation, Outcome, Rect, Request, Reward, Score, Turn

CONFIG: Mapping[str, Any] = {"judge": "measured/1", "max_turns": 20}
SEEN = Observation("Build a shop.", {"index.html": b"x"}, "log", b"PNG", "feedback", 3.5, -1.0, 1)


def turn(number: int = 1, **changes: Any) -> Turn:
    made = Turn(
        task="shop",
        number=number,
        reply="a reply",
        outcome=Outcome.SHOWN,
        observation=SEEN,
        reward=Reward(3.5, MappingProxyType({"appearance": 3.5})),
        terminated=False,
        truncated=False,
        snapshot=f"{number:040x}",
        parent="",
        state_hash="f" * 40,
        appearance=Score(3.5),
    )
    return replace(made, **changes)


def opened(folder: Path, config: Mapping[str, Any] = CONFIG) -> RunFolder:
    return RunFolder.open(folder, config, {})


def test_what_was_appended_is_read_back(tmp_path: Path) -> None:
    run = opened(tmp_path / "run")
    run.append(turn(1), "shop")
    run.append(turn(2, reply="x" * 10_000), "shop")
    rows = RunFolder.read(tmp_path / "run").turns()
    assert [(row.number, row.rollout, len(row.reply)) for row in rows] == [(1, "shop", 7), (2, "shop", 10_000)]
    assert rows[0].observation_hash == observation_hash(SEEN)
    assert run.blobs.get(rows[0].raw["screenshot"]) == b"PNG"


PARAGRAPH = Element(
    tag="p",
    role="generic",
    text="half \ud83d",
    rect=Rect(1, 2, 3.5, 4),
    parent=-1,
    font_px=16.0,
    font_weight=400,
    font_family="Arial",
    color=(1, 2, 3, 0.5),
    background=(4, 5, 6, 1.0),
    background_image=False,
    behind=(4, 5, 6),
    interactive=False,
    styled=True,
)
LOOK = replace(
    unseen((1024, 768), ""),
    screenshot=b"PNG",
    title="Shop",
    requests=(Request("/a.png", "GET", 404),),
    measurements=replace(
        EMPTY,
        elements=(PARAGRAPH,),
    ),
)


def test_a_look_comes_back_as_the_judge_saw_it(tmp_path: Path) -> None:
    opened(tmp_path / "run").append(turn(1, look=LOOK), "shop")
    records = RunFolder.read(tmp_path / "run")
    assert records.look_of(records.turns()[0]) == LOOK


def test_a_turn_in_which_nothing_was_seen_has_no_look(tmp_path: Path) -> None:
    opened(tmp_path / "run").append(turn(1), "shop")
    records = RunFolder.read(tmp_path / "run")
    assert records.look_of(records.turns()[0]) is None


def test_a_look_that_is_gone_is_said_by_turn(tmp_path: Path) -> None:
    run = opened(tmp_path / "run")
    run.append(turn(7, look=LOOK), "shop")
    run.blobs.path(run.turns()[0].raw["look"]["whole"]).unlink()
    with pytest.raises(BadRun, match="cannot be read"):
        run.look_of(run.turns()[0])


def test_a_torn_last_line_is_left_out_when_read_and_cut_off_when_written(tmp_path: Path) -> None:
    run = opened(tmp_path / "run")
    run.append(turn(1), "shop")
    with (tmp_path / "run" / "turns.jsonl").open("ab") as file:
        file.write(b'{"rollout": "shop", "num')
    assert len(run.turns()) == 1
    del run
    again = opened(tmp_path / "run")
    again.append(turn(2), "shop")
    assert [row.number for row in again.turns()] == [1, 2]


def test_a_damaged_line_in_the_middle_is_named(tmp_path: Path) -> None:
    run = opened(tmp_path / "run")
    run.append(turn(1), "shop")
    with (tmp_path / "run" / "turns.jsonl").open("ab") as file:
        file.write(b"nonsense\n")
    run.append(turn(2), "shop")
    with pytest.raises(BadRun, match=r"Line 2 of .*turns\.jsonl is damaged"):
        run.turns()


def test_a_line_without_a_field_is_named(tmp_path: Path) -> None:
    run = opened(tmp_path / "run")
    (tmp_path / "run" / "turns.jsonl").write_text('{"rollout": "shop"}\n')
    with pytest.raises(BadRun, match="has no field 'task'"):
        run.turns()


def test_a_folder_of_another_version_is_refused(tmp_path: Path) -> None:
    opened(tmp_path / "run")
    path = tmp_path / "run" / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": 99}))
    with pytest.raises(BadRun, match="was written in format 99; this version of webgen-gym reads format 1"):
        opened(tmp_path / "run")


def test_another_configuration_is_refused_with_what_differs(tmp_path: Path) -> None:
    opened(tmp_path / "run")
    with pytest.raises(BadRun, match="max_turns was 20, is 5"):
        opened(tmp_path / "run", {**CONFIG, "max_turns": 5})


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(BadRun, match="is not empty and is not a run folder"):
        opened(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize("content", [b"", b"nonsense", b"[]", b'{"a": 1}'])
def test_an_unreadable_header_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "run.json").write_bytes(content)
    with pytest.raises(BadRun, match=r"run\.json cannot be read"):
        RunFolder.read(tmp_path)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadRun, match=r"is not a run folder; it has no run\.json"):
        RunFolder.read(tmp_path / "nowhere")


def test_a_damaged_blob_is_refused_by_name(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    name = blobs.put(b"content")
    blobs.path(name).write_bytes(b"other")
    with pytest.raises(BadRun, match="is damaged"):
        blobs.get(name)


def test_equal_blobs_are_stored_once(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    assert blobs.put(b"same") == blobs.put(b"same")
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


FULL_DISK = """
    import resource, signal, sys
    from pathlib import Path
    from tests.test_run_folder import opened, turn
    from webgen_gym.errors import StorageFailed

    run = opened(Path(sys.argv[1]))
    run.append(turn(1), "shop")
    # A write past this size fails as on a full disk.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    size = (run.folder / "turns.jsonl").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, resource.RLIM_INFINITY))
    try:
        run.append(turn(2), "shop")
    except StorageFailed as error:
        print(error)
"""


def test_a_full_disk_loses_nothing_that_was_recorded(tmp_path: Path) -> None:
    script = textwrap.dedent(FULL_DISK)
    argv = [sys.executable, "-c", script, str(tmp_path / "run")]
    done = subprocess.run(argv, capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=True)
    assert "All earlier turns are intact" in done.stdout
    run = opened(tmp_path / "run")
    assert [row.number for row in run.turns()] == [1]
    run.append(turn(2), "shop")
    assert [row.number for row in run.turns()] == [1, 2]


def test_a_folder_that_cannot_be_made_is_a_storage_failure(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises((StorageFailed, BadRun)):
        opened(tmp_path / "file" / "run")


def test_appending_from_two_processes_keeps_lines_whole(tmp_path: Path) -> None:
    opened(tmp_path / "run")
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from tests.test_run_folder import opened, turn
        run = opened(Path(sys.argv[1]))
        for number in range(50):
            run.append(turn(number), sys.argv[2])
    """)
    root = Path(__file__).parent.parent
    argv = [sys.executable, "-c", script, str(tmp_path / "run")]
    running = [subprocess.Popen([*argv, name], cwd=root) for name in ("one", "two")]
    assert [process.wait(60) for process in running] == [0, 0]
    rows = RunFolder.read(tmp_path / "run").turns()
    assert sorted((row.rollout, row.number) for row in rows) == [(r, n) for r in ("one", "two") for n in range(50)]
