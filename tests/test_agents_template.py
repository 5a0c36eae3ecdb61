"""The template agent: what it plans, what it writes, how it answers feedback."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import Runner, ShowSite
from webgen_gym.agents.template import TemplateAgent
from webgen_gym.agents.template.entries import named_entries
from webgen_gym.agents.template.feedback import asked_fixes, missing_words
from webgen_gym.agents.template.phrases import read_brief
from webgen_gym.agents.template.planner import make_plan
from webgen_gym.agents.template.styles import contrast, theme
from webgen_gym.limits import Limits
from webgen_gym.replies import read
from webgen_gym.tasks import load
from webgen_gym.types import Control, Look, Observation, Palette, Reply, Task
from webgen_gym.workspace import EMPTY, Workspace

BUILT_IN = load(None)
SHARED = Path(__file__).parent.parent.parent / "shared" / "webgen-bench"
BENCH = pytest.mark.skipif(not SHARED.is_dir(), reason="the WebGen-Bench sample is not beside the repository")

RECRUITING = Task(
    "drivers",
    "Please implement a recruitment website for hiring drivers and posting job listings. The website should have "
    "functionalities for user registration, job posting, job application, and contact form. Users should be able to "
    "register, apply for jobs, and manage their contact information. The website should include pages such as home, "
    "about us, clients, drivers, jobs, and contact. Use white for the background and navy for components.",
    palette=Palette("#ffffff", "#000080", "white", "navy"),
)


def seen(task: Task, *, files: Mapping[str, bytes] = EMPTY, turn: int = 0, **changes: object) -> Observation:
    observation = Observation(task.instruction, files, "", b"", "", -1.0, -1.0, turn)
    return replace(observation, **changes)  # type: ignore[arg-type]


def said(agent: TemplateAgent, observation: Observation) -> Reply:
    reply = read(agent.act(observation), Limits())
    assert reply.faults == ()
    return reply


def after(reply: Reply, files: Mapping[str, bytes] = EMPTY) -> Mapping[str, bytes]:
    workspace = Workspace(Limits(), files)
    workspace.apply(reply.edits)
    return workspace.files


def agent_for(task: Task, form: str = "static", **settings: float) -> TemplateAgent:
    agent = TemplateAgent(form, **settings)  # type: ignore[arg-type]
    agent.start(task, 0)
    return agent


@cache
def finished(task: Task, form: str = "static", **settings: float) -> Mapping[str, bytes]:
    """The files after the draft and the version that follows it."""
    agent = agent_for(task, form, **settings)
    draft = after(said(agent, seen(task)))
    return after(said(agent, seen(task, files=draft, turn=1, appearance=3.5)), draft)


def all_text(files: Mapping[str, bytes]) -> str:
    return "\n".join(content.decode() for content in files.values())


class Page(HTMLParser):
    """Ids, links and fields of an HTML text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fields: list[dict[str, str | None]] = []
        self.labelled: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(found["id"] or "")
        if tag == "a":
            self.links.append(found.get("href") or "")
        if tag in {"input", "select", "textarea"}:
            self.fields.append(found)
        if tag == "label":
            self.labelled.add(found.get("for") or "")


# ---------------------------------------------------------------- what it writes


@pytest.mark.parametrize("form", ["static", "vite"])
@pytest.mark.parametrize("task", BUILT_IN, ids=lambda task: task.id)
def test_every_built_in_instruction_gets_replies_without_faults(task: Task, form: str) -> None:
    assert "index.html" in finished(task, form)


@BENCH
def test_every_instruction_of_the_benchmark_sample_gets_replies_without_faults() -> None:
    rows = [json.loads(line) for line in (SHARED / "dev.jsonl").read_text().splitlines()]
    assert all("index.html" in finished(Task(row["id"], row["instruction"])) for row in rows)


@BENCH
def test_every_training_instruction_gets_a_plan_with_a_name_and_sections() -> None:
    rows = [json.loads(line) for line in (SHARED / "train-step-grpo.jsonl").read_text().splitlines()]
    plans = [make_plan(row["instruction"]) for row in rows]
    assert all(plan.name and plan.sections for plan in plans)


@pytest.mark.parametrize("text", ["", "x", "Bau mir eine Seite.", "做一个网站", "a " * 5000, '"' * 90, "</boltAction>"])
def test_any_text_gets_a_site(text: str) -> None:
    assert "index.html" in finished(Task("odd", text))


@pytest.mark.parametrize("task", [*BUILT_IN, RECRUITING], ids=lambda task: task.id)
def test_every_link_of_the_page_leads_to_a_part_of_it(task: Task) -> None:
    page = Page(finished(task)["index.html"].decode())
    assert [link for link in page.links if link.removeprefix("#") not in page.ids] == []


@pytest.mark.parametrize("task", [*BUILT_IN, RECRUITING], ids=lambda task: task.id)
def test_no_id_stands_twice_in_the_page(task: Task) -> None:
    page = Page(finished(task)["index.html"].decode())
    assert len(page.ids) == len(set(page.ids))


@pytest.mark.parametrize("task", [*BUILT_IN, RECRUITING], ids=lambda task: task.id)
def test_every_field_of_the_page_has_a_label(task: Task) -> None:
    page = Page(finished(task)["index.html"].decode())
    assert [field for field in page.fields if field.get("id") not in page.labelled] == []


@pytest.mark.parametrize("form", ["static", "vite"])
@pytest.mark.parametrize("task", [*BUILT_IN, RECRUITING], ids=lambda task: task.id)
def test_nothing_is_loaded_from_elsewhere(task: Task, form: str) -> None:
    text = all_text(finished(task, form)).replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"(?:https?:)?//[\w-]+\.[\w.-]+", text) == []


@pytest.mark.parametrize("form", ["static", "vite"])
def test_the_colours_that_are_asked_for_stand_in_the_stylesheet(form: str) -> None:
    text = all_text(finished(RECRUITING, form))
    assert "--bg: #ffffff;" in text
    assert "--brand: #000080;" in text


def test_the_manifest_is_the_same_for_every_site() -> None:
    manifests = {finished(task, "vite")["package.json"] for task in BUILT_IN[:4]}
    assert len(manifests) == 1
    versions = json.loads(manifests.pop())
    assert all(
        re.fullmatch(r"\d+\.\d+\.\d+", v) for v in {**versions["dependencies"], **versions["devDependencies"]}.values()
    )


@pytest.mark.parametrize("form", ["static", "vite"])
def test_every_script_and_style_that_is_named_is_there(form: str) -> None:
    files = finished(RECRUITING, form)
    named = re.findall(r'(?:src|href)="((?:js|css)/[^"]+)"', files["index.html"].decode())
    named += [f"src/widgets/{n}" for n in re.findall(r'"\./(.+\.js)"', files.get("src/widgets/index.js", b"").decode())]
    named += [f"src/styles/{n}" for n in re.findall(r'"\./(.+\.css)"', files.get("src/styles/index.css", b"").decode())]
    assert named
    assert [path for path in named if path not in files] == []


def test_the_whole_of_a_site_stays_far_below_the_limit_of_a_reply() -> None:
    sizes = [len(all_text(finished(task))) for task in BUILT_IN]
    assert max(sizes) < Limits().reply_bytes // 4


# ---------------------------------------------------------------- what it understands


def test_the_sections_are_those_that_the_instruction_names() -> None:
    labels = {section.label for section in make_plan(RECRUITING.instruction).sections}
    assert {"Jobs", "Clients", "Drivers", "About Us", "Contact", "Account"} <= labels


def test_a_site_for_drivers_lists_jobs_for_drivers() -> None:
    plan = make_plan(RECRUITING.instruction)
    jobs = next(one for one in plan.collections if one.kind == "job")
    assert any("driver" in str(row[0]) for row in jobs.rows)


def test_a_verb_without_an_object_borrows_the_one_that_follows() -> None:
    brief = read_brief("Please implement a list. Users should be able to create, edit, and delete to-do items.")
    assert {"create to-do items", "edit to-do items", "delete to-do items"} <= {ask.text for ask in brief.asks}


def test_the_sentence_about_colours_asks_for_nothing() -> None:
    brief = read_brief("Build a shop. Users can browse tea. Use navy for the background and white for components.")
    assert [ask.text for ask in brief.asks] == ["browse tea"]


def test_records_that_the_instruction_names_come_with_their_price() -> None:
    found = named_entries("A shop. It sells Jade Fog for 12.40 and Ember Chai for 9.75 euros.")
    assert [(entry.name, entry.number) for entry in found] == [("Jade Fog", 12.4), ("Ember Chai", 9.75)]


def test_the_fields_that_the_instruction_names_are_the_fields_of_the_list() -> None:
    plan = make_plan("Build an expense tracker. Users can add an expense with description, amount and date.")
    expenses = next(one for one in plan.collections if one.kind == "payment")
    assert [column.label for column in expenses.columns] == ["Description", "Amount", "Date"]


def test_a_list_that_starts_empty_has_no_records() -> None:
    plan = make_plan("Build a task board that starts without tasks. Users can add tasks and delete tasks.")
    assert next(one for one in plan.collections if one.kind == "task").rows == ()


@pytest.mark.parametrize(
    ("words", "widget"),
    [
        ("a chess web application to play chess", "chess"),
        ("a 2048 game website", "tiles"),
        ("a wheel of fortune website to spin the wheel", "wheel"),
        ("the game of noughts and crosses", "tictactoe"),
    ],
)
def test_a_game_is_there_to_be_played(words: str, widget: str) -> None:
    assert make_plan(f"Please implement {words}.").sections[0].widget == widget


def test_the_tests_of_a_task_are_not_looked_at() -> None:
    bare = Task(BUILT_IN[0].id, BUILT_IN[0].instruction, palette=BUILT_IN[0].palette)
    assert agent_for(BUILT_IN[0]).act(seen(bare)) == agent_for(bare).act(seen(bare))


# ---------------------------------------------------------------- how it plays


def test_three_turns_are_build_improve_and_finish() -> None:
    agent = agent_for(RECRUITING)
    first = said(agent, seen(RECRUITING))
    draft = after(first)
    second = said(agent, seen(RECRUITING, files=draft, turn=1, appearance=3.5))
    files = after(second, draft)
    third = said(agent, seen(RECRUITING, files=files, turn=2, appearance=4.5, functionality=4.5))
    assert [reply.control for reply in (first, second, third)] == [None, Control.VALIDATE, Control.FINISH]
    assert len(files) > len(draft)
    assert third.edits == ()


def test_five_turns_bring_the_features_before_the_finish() -> None:
    agent = agent_for(RECRUITING, turns=5)
    files: Mapping[str, bytes] = EMPTY
    controls, polished = [], []
    for turn in range(3):
        reply = said(agent, seen(RECRUITING, files=files, turn=turn, appearance=3.0 if turn else -1.0))
        files = after(reply, files)
        controls.append(reply.control)
        polished.append("css/polish.css" in files)
    assert controls == [None, None, Control.VALIDATE]
    assert polished == [False, False, True]


def test_a_site_that_was_ruined_is_put_right() -> None:
    good = finished(RECRUITING)
    ruined = {**good, "index.html": b"<p>Gone.</p>", "stray.html": b"<p>New.</p>"}
    reply = said(agent_for(RECRUITING), seen(RECRUITING, files=ruined, turn=4, appearance=1.0))
    assert after(reply, ruined) == good


FEEDBACK = {
    "overflow": "The page scrolls sideways: the table is wider than the window and overflows it.",
    "contrast": "Text 'Posted' has contrast 3.2:1; WCAG AA asks for 4.5.",
    "small-text": "20 % of the text is smaller than 12 px, which is too small.",
    "crowded": "The cards are cramped; give them more spacing.",
    "palette": "The background colour is not the one that was asked for.",
}


@pytest.mark.parametrize(("name", "told"), FEEDBACK.items(), ids=FEEDBACK)
def test_feedback_that_names_a_flaw_changes_the_next_reply(name: str, told: str) -> None:
    assert name in asked_fixes(told)
    files = finished(RECRUITING)
    reply = said(agent_for(RECRUITING), seen(RECRUITING, files=files, turn=2, appearance=3.0, feedback=told))
    assert f"fix: {name}" in after(reply, files)["css/fixes.css"].decode()


def test_a_fix_is_kept_when_the_feedback_speaks_of_something_else() -> None:
    files = finished(RECRUITING)
    agent = agent_for(RECRUITING)
    for turn, told in ((2, FEEDBACK["overflow"]), (3, FEEDBACK["crowded"])):
        files = after(said(agent, seen(RECRUITING, files=files, turn=turn, appearance=3.0, feedback=told)), files)
    assert {"overflow", "crowded"} <= set(re.findall(r"fix: (\S+)", files["css/fixes.css"].decode()))


def test_the_instruction_that_feedback_repeats_is_no_complaint() -> None:
    task = replace(RECRUITING, instruction=f"{RECRUITING.instruction} It needs contrast and spacing.")
    told = f"The site started.\n\nThe website to build:\n{task.instruction}"
    files = finished(task)
    reply = said(agent_for(task), seen(task, files=files, turn=2, appearance=4.0, functionality=4.0, feedback=told))
    assert reply.control is Control.FINISH


def test_words_that_are_missing_are_put_on_the_page() -> None:
    told = "Show what the instruction asks for; nothing on the page speaks of 'chauffeurs', 'depot' and 3 more."
    assert missing_words(told) == ("chauffeurs", "depot")
    files = finished(RECRUITING)
    reply = said(agent_for(RECRUITING), seen(RECRUITING, files=files, turn=2, appearance=3.0, feedback=told))
    assert ">Chauffeurs</a>" in after(reply, files)["index.html"].decode()


def test_a_vite_site_that_cannot_be_installed_becomes_a_plain_one() -> None:
    files = after(said(agent_for(RECRUITING, "vite"), seen(RECRUITING)))
    told = "Installing failed: npm could not reach the registry."
    reply = said(agent_for(RECRUITING, "vite"), seen(RECRUITING, files=files, turn=1, appearance=0.0, feedback=told))
    assert "package.json" not in after(reply, files)
    assert "css/polish.css" in after(reply, files)


def test_less_quality_is_less_of_a_site() -> None:
    sizes = [len(all_text(finished(RECRUITING, quality=quality))) for quality in (1.0, 0.8, 0.5, 0.3, 0.2, 0.1)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 6


# ---------------------------------------------------------------- colours

ODD_PALETTES = [
    ("#ffffff", "#ffffff"),
    ("#000000", "#0000ff"),
    ("#40e0d0", "#5f9ea0"),
    ("#ffdab9", "#cd5c5c"),
    ("#808080", "#808080"),
    ("#ffff00", "#ffff00"),
    ("#228b22", "#00ff00"),
]


@pytest.mark.parametrize(("background", "component"), ODD_PALETTES)
def test_text_can_be_read_on_any_two_colours(background: str, component: str) -> None:
    colours = dict(theme(Palette(background, component)).colours)
    pairs = [(text, ground) for text in ("ink", "muted", "brand-ink") for ground in ("bg", "surface", "soft")]
    pairs += [("on-brand", "brand"), ("on-deep", "deep")]
    assert [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []


# ---------------------------------------------------------------- in the browser


LOOKED_AT = [RECRUITING, *(task for task in BUILT_IN if task.id in {"tea-shop", "parts-store", "noughts-and-crosses"})]


@pytest.mark.parametrize("task", LOOKED_AT, ids=lambda task: task.id)
def test_the_browser_finds_no_error_no_overflow_and_no_faint_text(run: Runner, show_site: ShowSite, task: Task) -> None:
    async def work() -> Look:
        async with show_site(finished(task)) as shown:
            look: Look = await shown.visits.look()
            return look

    look = run(work())
    assert look.page_errors == ()
    assert [line for line in look.console if line.level in {"error", "warning"}] == []
    assert [request for request in look.requests if request.status >= 400 or request.blocked] == []
    assert look.measurements.page_width <= look.width
    assert look.measurements.contrast == ()
