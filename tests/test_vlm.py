"""The judge of the paper, with a scripted model and a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.conftest import Runner, ShowSite
from webgen_gym import judges
from webgen_gym.browser.base import Size, Tab
from webgen_gym.errors import ModelFailed, ModelFailure, ModelRefused, UsageError
from webgen_gym.judges.base import AppearanceJudge
from webgen_gym.judges.vlm import Options, Paper
from webgen_gym.judges.vlm.from_environment import judging_model
from webgen_gym.llm import Message, OpenAIModel, Request, ScriptedModel
from webgen_gym.llm.testing import Fault, FaultServer, fault_server
from webgen_gym.types import Files, Look, Score, Task, Unscored, Verdict

TASK = Task(id="ferries", instruction="Please build a timetable for the northern ferries.")
PAGE = (
    b"<!doctype html><html lang=en><title>Secret title</title><script>console.log('Secret line')</script>"
    b"<h1>Ferries</h1><p>Four boats a day.</p><button>Book</button><img alt='Secret alt' src=x.png>"
    b"<a href=/about.html>About</a> <a href='/prices.html#top'>Prices</a> <a href=https://elsewhere.test/>Away</a>"
    b"<a href=/map.pdf>Map</a>"
)
SITE: Files = {
    "index.html": PAGE,
    "about.html": b"<h1>About the ferries</h1><p>Since 1902.</p>",
    "prices.html": b"<h1>Prices</h1><p>Nine crowns.</p>",
}
BLANK: Files = {"index.html": b"<!doctype html><div id=root></div>"}


def described(error: str = "", **more: object) -> str:
    shape = {"is_error": bool(error), "error_message": error}
    return json.dumps(shape | {"screenshot_description": "A timetable.", "suggestions": ["Add a picture."]} | more)


def graded(grade: object) -> str:
    return json.dumps({"analysis": "It is tidy.", "grade": grade})


def answering(*grades: object, error: str = "") -> Callable[[Request], str]:
    """A model that describes, and gives these grades in turn, the last one for ever."""
    left = list(grades)

    def answer(request: Request) -> str:
        assert request.schema is not None
        if request.schema.name == "description":
            return described(error)
        return graded(left.pop(0) if len(left) > 1 else left[0])

    return answer


class NoTabs:
    """Visits of a judge that needs none but the look it is given."""

    site = ""

    def tab(self, viewport: Size | None = None) -> AbstractAsyncContextManager[Tab]:
        raise AssertionError("a tab was opened")


class Bench:
    """Shows a site and lets a judge judge it. ``seen`` keeps the look at the usual site."""

    def __init__(self, run: Runner, show_site: ShowSite, seen: list[Look]) -> None:
        self._run = run
        self._show_site = show_site
        self._seen = seen

    def judge_look(self, judge: AppearanceJudge) -> Verdict:
        """The verdict on the usual site by a judge that opens no tab."""
        if not self._seen:
            self._seen.append(self._run(self._look()))
        verdict: Verdict = self._run(judge.appearance(TASK, self._seen[0], NoTabs()))
        return verdict

    async def _look(self) -> Look:
        async with self._show_site(SITE) as shown:
            look: Look = await shown.visits.look()
            return look

    def judge(self, judge: AppearanceJudge, files: Files) -> Verdict:
        async def work() -> Verdict:
            async with self._show_site(files) as shown:
                verdict: Verdict = await judge.appearance(TASK, await shown.visits.look(), shown.visits)
                return verdict

        return self._run(work())

    def ask_server(self, *script: str | Fault) -> tuple[Verdict, FaultServer]:
        """The verdict of the paper's judge on a real server, and the server."""

        async def work(server: FaultServer) -> Verdict:
            async with self._show_site(SITE) as shown, OpenAIModel("m", base_url=server.url) as model:
                return await Paper(model).appearance(TASK, await shown.visits.look(), shown.visits)

        with fault_server(script) as server:
            return self._run(work(server)), server

    def score(self, judge: AppearanceJudge, files: Files | None = None) -> Score:
        verdict = self.judge_look(judge) if files is None else self.judge(judge, files)
        assert isinstance(verdict, Score), verdict
        return verdict


@pytest.fixture(scope="module")
def seen() -> list[Look]:
    return []


@pytest.fixture
def bench(run: Runner, show_site: ShowSite, seen: list[Look]) -> Bench:
    return Bench(run, show_site, seen)


def shapes(model: ScriptedModel) -> list[str]:
    return sorted(request.schema.name for request in model.requests if request.schema is not None)


# ------------------------------------------------------------------ the two calls


def test_a_screenshot_is_described_once_and_graded_once(bench: Bench) -> None:
    model = ScriptedModel(answering(4))
    score = bench.score(Paper(model))
    assert (score.value, score.summary, score.suggestions) == (4.0, "A timetable.", ("Add a picture.",))
    assert shapes(model) == ["description", "grading"]


def test_the_model_sees_the_picture_and_no_word_of_the_page(bench: Bench) -> None:
    model = ScriptedModel(answering(4))
    bench.score(Paper(model))
    said = " ".join(message.text for request in model.requests for message in request.messages)
    assert all(len(request.messages[0].images) == 1 for request in model.requests)
    assert "Secret" not in said
    assert "Ferries" not in said


def test_the_task_is_in_no_prompt_by_default(bench: Bench) -> None:
    model = ScriptedModel(answering(4))
    bench.score(Paper(model))
    assert not any("northern ferries" in message.text for request in model.requests for message in request.messages)


def test_the_task_is_in_the_grading_prompt_on_request(bench: Bench) -> None:
    model = ScriptedModel(answering(4))
    bench.score(Paper(model, Options(instruction=True)))
    told = {
        request.schema and request.schema.name: "northern ferries" in request.messages[0].text
        for request in model.requests
    }
    assert told == {"description": False, "grading": True}


def test_an_error_on_the_page_is_told_first(bench: Bench) -> None:
    score = bench.score(Paper(ScriptedModel(answering(2, error="x is undefined"))))
    assert score.summary.startswith("The page shows an error: x is undefined")
    assert any(item.criterion == "rendering" and "x is undefined" in item.finding for item in score.evidence)


def test_temperature_and_length_are_those_of_the_options(bench: Bench) -> None:
    model = ScriptedModel(answering(4))
    bench.score(Paper(model, Options(temperature=None, max_tokens=99)))
    assert {(request.temperature, request.max_tokens) for request in model.requests} == {(None, 99)}


# ------------------------------------------------------------------ what is not scored, and what is 0


def test_a_blank_page_is_zero_without_asking(bench: Bench) -> None:
    model = ScriptedModel(answering(5))
    assert bench.score(Paper(model), BLANK).value == 0
    assert model.requests == []


@pytest.mark.parametrize("grade", ["4", 4.5, 6, -1, None, [4], True], ids=repr)
def test_a_grade_off_the_scale_leaves_the_turn_unscored(bench: Bench, grade: object) -> None:
    verdict = bench.judge_look(Paper(ScriptedModel(answering(grade))))
    assert isinstance(verdict, Unscored)
    assert verdict.reason == "malformed"


@pytest.mark.parametrize("failure", list(ModelFailure))
def test_every_failure_of_a_model_is_the_reason_of_an_unscored_turn(bench: Bench, failure: ModelFailure) -> None:
    verdict = bench.judge_look(Paper(ScriptedModel([ModelFailed("It failed.", failure)])))
    assert verdict == Unscored(failure.value, "It failed.")


def test_one_failing_vote_leaves_the_turn_unscored(bench: Bench) -> None:
    verdict = bench.judge_look(Paper(ScriptedModel(answering(4, 4, "good")), Options(votes=3)))
    assert isinstance(verdict, Unscored)


def test_a_server_that_turns_every_call_away_stops_the_run(bench: Bench) -> None:
    with pytest.raises(ModelRefused):
        bench.judge_look(Paper(ScriptedModel([ModelRefused("Check the key.")])))


@pytest.mark.parametrize("fault", [Fault.CONTENT_FILTER, Fault.NO_VISION, Fault.EMPTY_CHOICES, Fault.INVALID_JSON])
def test_a_server_that_misbehaves_gives_no_zero(bench: Bench, fault: Fault) -> None:
    verdict, _ = bench.ask_server(fault)
    assert isinstance(verdict, Unscored)


def test_pictures_reach_a_server_as_png(bench: Bench) -> None:
    _, server = bench.ask_server(graded(3))
    pictures = [picture for request in server.requests for picture in request.images]
    assert pictures
    assert all(kind == "image/png" and data.startswith(b"\x89PNG") for kind, data in pictures)


# ------------------------------------------------------------------ several votes, windows, pages


def test_the_grade_is_the_median_of_the_votes(bench: Bench) -> None:
    model = ScriptedModel(answering(1, 4, 5))
    assert bench.score(Paper(model, Options(votes=3))).value == 4
    assert shapes(model) == ["description", "grading", "grading", "grading"]


def test_the_value_is_the_mean_of_the_windows(bench: Bench) -> None:
    model = ScriptedModel(answering(2, 5))
    score = bench.score(Paper(model, Options(viewports=((1024, 768), (390, 844)))), SITE)
    assert score.value == 3.5
    assert sorted(item.finding.partition(":")[0] for item in score.evidence) == ["/ at 1024×768", "/ at 390×844"]


def test_the_window_of_the_session_is_not_opened_again(run: Runner, show_site: ShowSite) -> None:
    model = ScriptedModel(answering(4))

    async def work() -> bytes:
        async with show_site(SITE) as shown:
            look = await shown.visits.look()
            shown.show({"index.html": "<h1>Something else</h1>"})
            await Paper(model, Options(viewports=((1024, 768),))).appearance(TASK, look, shown.visits)
            picture: bytes = look.screenshot
            return picture

    assert run(work()) == model.requests[0].messages[0].images[0].data


def test_links_of_the_first_page_are_followed_on_its_own_site(bench: Bench) -> None:
    score = bench.score(Paper(ScriptedModel(answering(4)), Options(links=5)), SITE)
    assert [line.partition(" at ")[0] for line in score.summary.splitlines()] == ["/", "/about.html", "/prices.html"]


def test_a_page_that_is_missing_is_a_zero_among_the_windows(bench: Bench) -> None:
    score = bench.score(Paper(ScriptedModel(answering(4)), Options(pages=("/", "/contact"))), SITE)
    assert score.value == 2.0
    assert "404" in score.summary


@pytest.mark.parametrize(
    "wrong",
    [{"votes": 0}, {"links": -1}, {"pages": ()}, {"pages": ("about",)}, {"viewports": ((0, 5),)}, {"temperature": 3}],
    ids=str,
)
def test_options_out_of_their_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        Options(**wrong)  # type: ignore[arg-type]


# ------------------------------------------------------------------ names


def test_the_id_names_the_model_and_changes_with_the_options() -> None:
    model = ScriptedModel([""], id="qwen2.5vl:7b")
    ids = {Paper(model, options).id for options in (Options(), Options(votes=3), Options(instruction=True))}
    assert len(ids) == 3
    assert all(name.startswith("paper/1:qwen2.5vl:7b:") for name in ids)


@pytest.mark.parametrize("name", ["paper", "guarded"])
def test_a_judge_made_by_name_asks_the_model_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    monkeypatch.setenv("WEBGEN_CACHE", str(tmp_path))
    monkeypatch.setenv("WEBGEN_JUDGE_MODEL", "judge-model")
    monkeypatch.setenv("WEBGEN_JUDGE_BASE_URL", "http://127.0.0.1:9/v1")
    assert judges.make_appearance(name).id.startswith(f"{name}/1:judge-model:")


def test_a_judge_made_by_name_falls_back_on_the_model_of_the_agents(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WEBGEN_CACHE", str(tmp_path))
    monkeypatch.setenv("WEBGEN_MODEL", "agent-model")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    assert ":agent-model:" in judges.make_appearance("paper").id


def test_a_judge_with_its_own_server_is_not_sent_the_key_of_another(
    run: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-server")

    async def work(url: str) -> None:
        async with judging_model("paper", {"WEBGEN_JUDGE_MODEL": "m", "WEBGEN_JUDGE_BASE_URL": url}) as model:
            await model.complete(Request((Message.user("Hello"),)))

    with fault_server() as server:
        run(work(server.url))
        assert [request.key for request in server.requests] == ["none"]


def test_a_judge_without_a_model_names_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WEBGEN_JUDGE_MODEL", "WEBGEN_MODEL", "WEBGEN_JUDGE_BASE_URL", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(UsageError, match=r"WEBGEN_JUDGE_MODEL.*WEBGEN_JUDGE_BASE_URL"):
        judges.make_appearance("paper")
