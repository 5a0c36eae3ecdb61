"""WebGen-Agent (arXiv 2509.22644) with a chat model, the paper's judges and the GUI agent, over real HTTP.

A scripted server plays all the models. One rollout goes through everything the workflow has: an edit, a GUI test that
finds a fault, five edits in error, going back, a better edit, a second test, the end, the choice of the best. What
the server was asked is compared with what the paper's agent asks, call by call. The tasks are five of WebGen-Bench
where ``WEBGEN_BENCH_DIR`` has them, else five of our own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import webgen_gym  # noqa: F401 - registers the ids
from tests.replies import FINISH, VALIDATE, page
from webgen_gym.agents.openai import OpenAIAgent
from webgen_gym.agents.play import Rollout, play
from webgen_gym.agents.prompts import system_prompt
from webgen_gym.envs import Backtracking, WebGenEnv
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.judges.gui_agent import GuiAgent, Trajectory
from webgen_gym.judges.gui_agent import prompts as gui_prompts
from webgen_gym.judges.vlm import Paper
from webgen_gym.judges.vlm import prompts as vlm_prompts
from webgen_gym.llm import OpenAIModel
from webgen_gym.llm.testing import SeenRequest, fault_server
from webgen_gym.records.run_folder import RunFolder, TurnRow
from webgen_gym.tasks import load
from webgen_gym.types import Outcome, Task

_BESIDE = Path(__file__).resolve().parents[1].parent / "shared" / "webgen-bench"
_FILE = Path(os.environ.get("WEBGEN_BENCH_DIR", _BESIDE)) / "dev.jsonl"
TASKS = load(_FILE if _FILE.is_file() else None)[:5]

STYLE = "body { font-family: sans-serif; margin: 2em } button { padding: 8px 16px; background: #246; color: #fff }"
SHOP = "<h1>The shop</h1><p>Welcome to it.</p><button onclick=\"this.textContent='Pressed'\">Press me</button>"
FIRST = page(f"{SHOP}<p id=version>first</p>", style_css=STYLE)
SPOILT = [page(f"<h1>Oops {number}</h1><p>All gone.</p>") for number in range(5)]
BETTER = page(f"{SHOP}<p id=version>better</p>", style_css=STYLE + " h1 { color: #246 }")
# What the coder says in the turns 1 to 10.
SAID = [FIRST, VALIDATE, *SPOILT, BETTER, VALIDATE, FINISH]
SUGGESTION = "Give the header a colour of its own."
DESCRIPTION = "A heading, a paragraph and a button."


class Models:
    """All the models behind one server, told apart by what they are asked."""

    def __init__(self) -> None:
        self.coder: list[SeenRequest] = []
        self.describer: list[SeenRequest] = []
        self.grader: list[SeenRequest] = []
        self.tester: list[SeenRequest] = []

    def __call__(self, request: SeenRequest) -> str:
        first = request.texts[0]
        if first.startswith(system_prompt("bolt", static=True)[:60]):
            self.coder.append(request)
            return SAID[len(self.coder) - 1]
        if first.startswith(gui_prompts.TESTER):
            self.tester.append(request)
            return self._tested(request)
        if first.startswith(vlm_prompts.DESCRIBE):
            self.describer.append(request)
            return json.dumps(
                {
                    "is_error": False,
                    "error_message": "",
                    "screenshot_description": DESCRIPTION,
                    "suggestions": [SUGGESTION],
                }
            )
        assert first.startswith(vlm_prompts.GRADE)
        self.grader.append(request)
        return json.dumps({"analysis": "Seen.", "grade": self._grade()})

    def _grade(self) -> int:
        """For the turns 1, 3–7 and 8: the first is good, the spoilt ones are poor, the last is excellent."""
        return 4 if len(self.grader) == 1 else 5 if len(self.grader) == 7 else 1

    def _tested(self, request: SeenRequest) -> str:
        """Presses the button, then answers: the second requirement fails in the first test."""
        second = sum(text.startswith("Step 1 of") for seen in self.tester for text in seen.texts[1:2]) > 2
        if len(request.texts) == 2:
            return json.dumps({"thought": "Press it.", "action": "click", "mark": 1, "text": "", "results": []})
        count = len(requirements(request))
        results = [
            {
                "requirement": number,
                "met": "YES" if number != 2 or second else "NO",
                "observed": "The button says 'Pressed'.",
            }
            for number in range(1, count + 1)
        ]
        return json.dumps({"thought": "Seen.", "action": "answer", "mark": 0, "text": "", "results": results})


def requirements(request: SeenRequest) -> list[str]:
    return request.texts[0].partition("The requirements:\n")[2].splitlines()


@dataclass(frozen=True)
class Played:
    task: Task
    models: Models
    rollout: Rollout
    records: RunFolder

    @property
    def rows(self) -> list[TurnRow]:
        """The turns 1 to 10."""
        return self.records.turns()[1:]

    def shown(self) -> list[TurnRow]:
        """The turns in which the files changed."""
        return [self.rows[number] for number in (0, 2, 3, 4, 5, 6, 7)]

    def screenshot(self, row: TurnRow) -> bytes:
        return self.records.blobs.get(row.raw["screenshot"])


@pytest.fixture(scope="module", params=TASKS, ids=[task.id for task in TASKS])
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    task: Task = request.param
    models = Models()
    folder = tmp_path_factory.mktemp("workflow") / "run"
    with fault_server(models) as server:
        eyes, hands, writer = (
            OpenAIModel(name, base_url=server.url, api_key="none") for name in ("eyes", "hands", "coder")
        )
        env = WebGenEnv(
            tasks=[task],
            judge=Paper(eyes),
            gui=GuiAgent(hands),
            run_dir=folder,
            static_only=True,
        )
        rollout = play(Backtracking(env, after=5), OpenAIAgent(writer, static=True), task, name=task.id)
        env.close()
        for model in (eyes, hands, writer):
            shared_runtime().run(model.close())
        records = RunFolder.read(folder)
        records.sum_up()
        yield Played(task, models, rollout, records)


def test_the_rollout_goes_through_the_whole_workflow(played: Played) -> None:
    outcomes = [Outcome(row.outcome) for row in played.rows]
    shown, tested = Outcome.SHOWN, Outcome.VALIDATED
    assert outcomes == [shown, tested, *[shown] * 6, tested, Outcome.FINISHED]


def test_each_model_is_asked_as_often_as_the_paper_asks_it(played: Played) -> None:
    models = played.models
    assert len(models.coder) == 10
    assert (len(models.describer), len(models.grader)) == (7, 7)
    assert len(models.tester) == 4


def test_the_coder_first_gets_the_instruction_alone(played: Played) -> None:
    first = played.models.coder[0]
    assert first.roles == ["system", "user"]
    assert first.texts[1] == played.task.instruction


def test_the_history_of_the_coder_is_whole_and_only_added_to(played: Played) -> None:
    asked = played.models.coder
    for before, after in zip(asked[:6], asked[1:7], strict=True):
        assert after.texts[: len(before.texts)] == before.texts
        assert after.roles == [*before.roles, "assistant", "user"]
    assert [text for text, role in zip(asked[6].texts, asked[6].roles, strict=True) if role == "assistant"] == SAID[:6]


def test_five_errors_take_the_coder_back_to_the_best_version_with_the_history_of_that_time(played: Played) -> None:
    asked = played.models.coder
    assert asked[7].body["messages"] == asked[2].body["messages"]
    assert [row.raw["error"] for row in played.rows] == [False, False, *[True] * 5, False, False, False]
    assert played.rows[7].parent == played.rows[1].snapshot


def test_the_budget_runs_on_over_the_way_back(played: Played) -> None:
    assert [row.number for row in played.rows] == list(range(1, 11))


def test_the_coder_reads_words_and_sees_no_picture(played: Played) -> None:
    assert [request.images for request in played.models.coder] == [[]] * 10


def test_the_feedback_holds_description_and_suggestions_and_the_instruction_and_no_grade(played: Played) -> None:
    feedback = played.models.coder[1].texts[-1]
    assert DESCRIPTION in feedback
    assert SUGGESTION in feedback
    assert feedback.endswith(played.task.instruction)
    assert "screenshot_validated" in feedback
    assert "grade" not in feedback.replace(played.task.instruction, "").lower()


def test_every_edit_is_described_and_graded_from_its_own_screenshot(played: Played) -> None:
    pictures = [("image/png", played.screenshot(row)) for row in played.shown()]
    assert [request.images for request in played.models.describer] == [[picture] for picture in pictures]
    assert [request.images for request in played.models.grader] == [[picture] for picture in pictures]


def test_the_judges_hear_neither_the_coder_nor_the_instruction(played: Played) -> None:
    for request in (*played.models.describer, *played.models.grader):
        assert request.roles == ["user"]
        assert played.task.instruction not in request.texts[0]
        assert "boltAction" not in request.texts[0]


def test_the_grade_names_the_four_criteria_and_the_scale(played: Played) -> None:
    asked = played.models.grader[0].texts[0]
    assert all(f"{criterion} -" in asked for criterion in ("rendering", "relevance", "layout", "design"))
    assert all(f"{grade} - " in asked for grade in range(6))


def test_the_gui_is_tested_only_when_the_coder_says_so(played: Played) -> None:
    tested = [row.number for row in played.rows if "functionality" in row.raw["usage"]]
    assert tested == [2, 9]


def test_the_tester_gets_the_same_requirements_each_time_and_the_demo_account(played: Played) -> None:
    lists = {tuple(requirements(request)) for request in played.models.tester}
    assert len(lists) == 1
    assert all(word in played.models.tester[0].texts[0] for word in ("admin", "admin123456", "admin@example.com"))
    if played.task.ui_tests:
        assert played.task.ui_tests[0].task.split(".")[0] in next(iter(lists))[0]


def test_the_tester_sees_marked_pictures_three_at_most(played: Played) -> None:
    assert [len(request.images) for request in played.models.tester] == [1, 2, 1, 2]


def test_scores_and_rewards_are_those_of_the_paper(played: Played) -> None:
    count = len(requirements(played.models.tester[0]))
    partly = round(1 + 4 * (count - 1) / count, 2)
    appearance = [4, 4, 1, 1, 1, 1, 1, 5, 5, 5]
    functionality = [0, partly, 0, 0, 0, 0, 0, 0, 5, 5]
    assert [row.raw["reward_parts"]["appearance"] for row in played.rows] == appearance
    assert [row.raw["reward_parts"]["functionality"] for row in played.rows] == pytest.approx(functionality)
    assert [row.reward for row in played.rows] == pytest.approx(
        [a + f for a, f in zip(appearance, functionality, strict=True)]
    )


def test_the_score_of_the_test_is_credited_to_the_edit_that_was_tested(played: Played) -> None:
    assert [row.raw["credit_to"] for row in played.rows] == [-1, 1, -1, -1, -1, -1, -1, -1, 8, 8]


def test_the_failed_requirement_is_told_to_the_coder(played: Played) -> None:
    assert requirements(played.models.tester[0])[1].partition(". ")[2][:40] in played.models.coder[2].texts[-1]


def test_the_best_version_is_chosen(played: Played) -> None:
    chosen = played.rollout.chosen
    assert chosen is not None
    assert (chosen.appearance, chosen.functionality, chosen.tested) == (5.0, 5.0, True)
    files = played.rollout.turns[chosen.turn - 1].observation.files
    assert b"better" in files["index.html"]


def test_what_each_model_cost_is_in_the_records(played: Played) -> None:
    usage = played.records.header["usage"]
    assert {who: spent["calls"] for who, spent in usage.items()} == {"agent": 10, "appearance": 14, "functionality": 4}


def test_a_test_by_the_agent_that_is_named_is_recorded_and_can_be_replayed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = Models()
    with fault_server(models) as server:
        monkeypatch.setenv("WEBGEN_CACHE", str(tmp_path / "cache"))
        monkeypatch.setenv("WEBGEN_JUDGE_MODEL", "hands")
        monkeypatch.setenv("WEBGEN_JUDGE_BASE_URL", server.url)
        env = WebGenEnv(tasks=[TASKS[0]], gui="agent", run_dir=tmp_path / "run", static_only=True)
        env.reset(seed=0)
        env.step(FIRST)
        env.step(VALIDATE)
        env.close()
    records = RunFolder.read(tmp_path / "run")
    (name,) = records.turns()[-1].raw["gui_records"]
    trajectory = Trajectory.from_json(records.blobs.get(name))
    assert [step.action.verb.value for step in trajectory.steps] == ["click", "answer"]
