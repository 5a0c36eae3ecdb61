"""The command line: what it writes, what it says, and its exit code per cause."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from webgen_gym import cli
from webgen_gym.errors import JudgeFault

ROOT = Path(__file__).parent.parent


def webgen(*argv: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:

    command = [sys.executable, "-m", "webgen_gym.cli", *argv]
    surroundings = {**os.environ, "COLUMNS": "160", **(env or {})}
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=surroundings, timeout=120, check=False)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of two bundled tasks."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    done = webgen(
        "run", "--env", "WebGenStatic-v0", "--turns", "3", "--limit", "2", "--jobs", "2", "--out", str(folder)
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_a_run_leaves_its_records_and_a_report(recorded: Path) -> None:
    names = {path.name for path in recorded.iterdir()}
    assert {"run.json", "turns.jsonl", "results.jsonl", "blobs", "repo.git", "report.html"} <= names
    results = [json.loads(line) for line in (recorded / "results.jsonl").read_text().splitlines()]
    assert len(results) == 2
    assert all(result["snapshot"] for result in results)


def test_the_same_command_again_plays_nothing_more(recorded: Path) -> None:
    before = (recorded / "turns.jsonl").read_bytes()
    done = webgen("run", "--env", "WebGenStatic-v0", "--turns", "3", "--limit", "2", "--out", str(recorded))
    assert done.returncode == 0
    assert (recorded / "turns.jsonl").read_bytes() == before


def test_a_replay_finds_every_turn_the_same(recorded: Path) -> None:
    done = webgen("replay", str(recorded))
    assert "0 differ" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_a_replay_that_differs_says_where_and_has_its_own_exit_code(recorded: Path, tmp_path: Path) -> None:

    copy = tmp_path / "copy"
    shutil.copytree(recorded, copy)
    lines = (copy / "turns.jsonl").read_text().splitlines()
    changed = {**json.loads(lines[1]), "state_hash": "0" * 40}
    (copy / "turns.jsonl").write_text("\n".join([lines[0], json.dumps(changed), *lines[2:]]) + "\n")
    done = webgen("replay", str(copy))
    assert "differs in files" in done.stdout
    assert done.returncode == 5


def test_a_report_can_be_written_elsewhere(recorded: Path, tmp_path: Path) -> None:
    done = webgen("view", str(recorded), "--out", str(tmp_path / "page.html"))
    assert done.returncode == 0
    assert (tmp_path / "page.html").stat().st_size > 10_000


def test_the_tasks_are_listed_and_shown(recorded: Path) -> None:
    listed = webgen("tasks")
    task = json.loads((recorded / "results.jsonl").read_text().splitlines()[0])["task"]
    assert task in listed.stdout
    shown = webgen("tasks", "show", task)
    assert "background:" in shown.stdout


MISTAKES = {
    "an unknown task": (["run", "--only", "tea-shap"], "tea-shap"),
    "an unknown agent": (["run", "--agent", "oracle"], "oracle"),
    "an unknown environment": (["run", "--env", "CartPole-v1"], "There is no environment 'CartPole-v1'"),
    "an unknown judge": (["run", "--judge", "oracle", "--limit", "1"], "oracle"),
    "a task file that is not there": (["run", "--tasks", "/nowhere.jsonl"], "/nowhere.jsonl"),
    "a run folder that is not there": (["view", "/nowhere"], "is not a run folder"),
    "a replay of nothing": (["replay", "/nowhere"], "is not a run folder"),
}


@pytest.mark.parametrize(("argv", "message"), MISTAKES.values(), ids=list(MISTAKES))
def test_a_mistake_is_a_sentence_and_exit_code_2(argv: list[str], message: str, tmp_path: Path) -> None:
    out = ["--out", str(tmp_path / "run")] if argv[0] == "run" else []
    done = webgen(*argv, *out)
    assert done.returncode == 2, done.stdout + done.stderr
    assert message in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_a_malformed_task_row_is_named_by_file_line_and_field(tmp_path: Path) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text('{"id": "a", "instruction": "Build."}\n{"id": "b"}\n')
    done = webgen("tasks", "--tasks", str(path))
    assert done.returncode == 2
    said = done.stderr.replace("\n", "")
    assert "tasks.jsonl" in said
    assert "line 2" in said
    assert "instruction" in said


def test_a_missing_browser_is_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    argv = ["run", "--env", "WebGenStatic-v0", "--limit", "1", "--out", str(tmp_path / "run")]
    done = webgen(*argv, env={"WEBGEN_BROWSER": "/nowhere/chromium"})
    assert done.returncode == 2, done.stdout + done.stderr
    assert "There is no browser at /nowhere/chromium" in done.stderr.replace("\n", " ")


def test_a_missing_node_is_a_sentence_and_exit_code_2_for_an_npm_site(tmp_path: Path) -> None:
    browser = subprocess.run(
        [sys.executable, "-c", "from webgen_gym.browser.find import find_browser; print(find_browser())"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    argv = ["run", "--agent", "template-vite", "--sandbox", "process", "--limit", "1", "--out", str(tmp_path / "run")]
    done = webgen(*argv, env={"PATH": str(tmp_path), "WEBGEN_BROWSER": browser})
    assert done.returncode == 2, done.stdout + done.stderr
    assert "node" in done.stderr.lower()


def test_the_doctor_knows_every_part() -> None:
    done = webgen("doctor")
    for part in ("Python", "browser", "fonts", "node", "bubblewrap", "cache"):
        assert part in done.stdout


def test_the_doctor_names_the_command_that_mends(tmp_path: Path) -> None:
    done = webgen("doctor", env={"WEBGEN_BROWSER": "/nowhere/chromium"})
    assert done.returncode == 2
    assert "playwright install chromium" in done.stdout.replace("\n", " ")


@pytest.mark.parametrize(
    "command",
    ["", "run", "judge", "replay", "rescore", "evaluate", "view", "tasks", "tasks show", "tasks check", "doctor"],
)
def test_every_command_explains_itself(command: str) -> None:
    done = webgen(*command.split(), "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_a_run_is_judged_again_and_the_judges_are_set_beside_each_other(recorded: Path) -> None:
    done = webgen("rescore", str(recorded), "--judge", "measured")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "mean distance" in done.stdout
    assert "measured/" in (recorded / "rescore-measured.html").read_text()


@pytest.mark.parametrize("options", [[], ["--judge", "measured", "--gui", "explore"]])
def test_one_half_is_judged_again_at_a_time(recorded: Path, options: list[str]) -> None:
    done = webgen("rescore", str(recorded), *options)
    assert done.returncode == 2
    assert "--judge for appearance, or --gui for functionality" in done.stderr.replace("\n", " ")


def test_a_site_is_judged_and_the_score_explained(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>Shop</title><h1>Shop</h1><button>Buy</button>")
    done = webgen("judge", str(tmp_path), "--instruction", "Build a shop.", "--screenshot", str(tmp_path / "seen.png"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "appearance: " in done.stdout
    assert "functionality: 0.00 of 5" in done.stdout
    assert "Buy" in done.stdout
    assert (tmp_path / "seen.png").read_bytes().startswith(b"\x89PNG")


def test_verdicts_on_a_site_are_to_be_had_as_json(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<title>Shop</title><h1>Shop</h1><button>Buy</button>")
    done = webgen("judge", str(tmp_path), "--gui", "", "--json")
    verdicts = json.loads(done.stdout)
    assert verdicts["appearance"]["verdict"] == "Score"
    assert verdicts["functionality"] is None


def test_a_site_that_is_not_there_is_no_site(tmp_path: Path) -> None:
    done = webgen("judge", str(tmp_path / "none"))
    assert done.returncode == 2
    assert "There is no folder" in done.stderr


def test_a_model_that_is_not_named_is_asked_for(tmp_path: Path) -> None:
    done = webgen("run", "--agent", "openai", "--out", str(tmp_path / "run"), env={"WEBGEN_MODEL": ""})
    assert done.returncode == 2
    assert "WEBGEN_MODEL" in done.stderr


def test_what_was_chosen_is_evaluated_by_other_judges(recorded: Path) -> None:
    done = webgen("evaluate", str(recorded), "--judge", "measured", "--gui", "tests")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [json.loads(line) for line in (recorded / "evaluation.jsonl").read_text().splitlines()]
    results = [json.loads(line) for line in (recorded / "results.jsonl").read_text().splitlines()]
    assert {row["snapshot"] for row in rows} == {result["snapshot"] for result in results}
    assert all(row["functionality"]["checks"] for row in rows)


def test_an_evaluation_needs_a_judge(recorded: Path) -> None:
    done = webgen("evaluate", str(recorded))
    assert done.returncode == 2
    assert "Name who evaluates" in done.stderr


def test_judges_that_give_no_verdicts_end_a_command_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def without_verdicts() -> None:
        raise JudgeFault("9 of 10 turns of this iteration have no verdict.")

    monkeypatch.setattr(cli, "app", without_verdicts)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 4
    assert capsys.readouterr().err == "error: 9 of 10 turns of this iteration have no verdict.\n"
