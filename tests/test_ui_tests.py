"""The judge that runs a task's executable UI tests, against sites in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from tests.ui_tests_double import Control, ScriptedTab, ScriptedVisits, Site, State, View, select, text_field
from webgen_gym.browser.base import Size, Tab
from webgen_gym.errors import AgentFault, BrowserLost, UsageError
from webgen_gym.judges.base import FunctionalityJudge
from webgen_gym.judges.ui_tests import UITests
from webgen_gym.limits import Limits
from webgen_gym.types import CheckResult, Palette, Score, Step, Task, UITest, Unscored, Verdict


def a_test(*steps: Step, task: str = "try it", expected: str = "") -> UITest:
    return UITest(task, expected, steps=steps)


def judged(site: Site, *tests: UITest, palette: Palette | None = None, **tab: Any) -> Verdict:
    task = Task("mine", "Build it.", ui_tests=tests, palette=palette or Palette())
    return asyncio.run(UITests().functionality(task, ScriptedVisits(site, **tab)))


def outcome(site: Site, *steps: Step, palette: Palette | None = None, **tab: Any) -> CheckResult:
    verdict = judged(site, a_test(*steps), palette=palette, **tab)
    assert isinstance(verdict, Score)
    return verdict.checks[0]


def passes(site: Site, *steps: Step, **more: Any) -> bool:
    return outcome(site, *steps, **more).passed


def shows(*lines: str, controls: tuple[Control, ...] = (), **more: Any) -> Site:
    return lambda state: View(lines, controls, **more)


def sets(state: State, name: str, value: object = True) -> Callable[[], None]:
    return lambda: state.page.update({name: value})


def notes(state: State) -> View:
    """Notes with a form behind a button; they are kept, one beside its delete button a row."""
    kept: list[str] = state.stored.setdefault("notes", [])

    def save() -> None:
        if state.fields.get("Title"):
            kept.append(state.fields.pop("Title"))
            state.page.clear()

    def remove(note: str) -> Callable[[], None]:
        return lambda: kept.remove(note)

    rows = [Control("🗑", acts=remove(note), row=row) for row, note in enumerate(kept)]
    opener = Control("New note", acts=sets(state, "form"), row=9)
    form = (text_field("Title", form=0, row=8), text_field("Email", form=0, row=8, input_type="email"))
    button = Control("Save", acts=save, form=0, row=8, covered=not state.fields.get("Email"))
    return View(tuple(kept), (*rows, opener, *((*form, button) if state.page.get("form") else ())))


# ------------------------------------------------------------------ the verdict


def test_the_judge_is_a_functionality_judge_with_a_versioned_id() -> None:
    judge: FunctionalityJudge = UITests()
    assert judge.id == "tests/1"


def test_the_score_is_five_times_the_share_of_tests_passed() -> None:
    good, bad = a_test(Step("see", value="hello")), a_test(Step("see", value="goodbye"), task="leave")
    verdict = judged(shows("Hello"), good, good, good, bad)
    assert isinstance(verdict, Score)
    assert verdict.value == 3.75
    assert verdict.summary == "3 of 4 UI tests passed."
    assert [result.passed for result in verdict.checks] == [True, True, True, False]


def test_a_failed_test_says_which_step_failed_and_what_was_there_instead() -> None:
    controls = (Control("Home", role="link"), Control("Add recipe"))
    found = outcome(
        shows("Recipes", controls=controls), Step("see", value="recipes"), Step("press", target="search|find")
    )
    assert found.detail == (
        "step 2 (press 'search'): no control named like 'search' or 'find' among: link 'Home', button 'Add recipe'"
    )


def test_a_failed_test_becomes_a_suggestion_and_evidence() -> None:
    verdict = judged(shows("Hello"), a_test(Step("see", value="bye"), task="Leave.", expected="A farewell."))
    assert isinstance(verdict, Score)
    assert verdict.suggestions == (
        "'Leave.' does not work: step 1 (see 'bye'): 'bye' is not on the page, which reads 'hello'."
        " Expected: A farewell.",
    )
    assert verdict.evidence[0].points == -5.0


def test_a_task_without_executable_tests_is_unscored() -> None:
    verdict = judged(shows(), UITest("look at it", "a page"))
    assert verdict == Unscored("no_tests", "task 'mine' has no executable UI tests")


def test_tests_in_prose_are_left_out_of_the_share() -> None:
    verdict = judged(shows("Hello"), a_test(Step("see", value="hello")), UITest("prose", "only"))
    assert isinstance(verdict, Score)
    assert verdict.value == 5.0


def test_a_badly_written_step_is_the_callers_fault() -> None:
    with pytest.raises(UsageError, match=r"UI test 'try it', step 2: verb: 'click' is not known"):
        judged(shows(), a_test(Step("open"), Step("click", target="x")))


def test_every_test_gets_a_clean_tab() -> None:
    visits = ScriptedVisits(notes)
    tests = (a_test(Step("see_not", value="x")), a_test(Step("see_not", value="x")))
    asyncio.run(UITests().functionality(Task("mine", "Build it.", ui_tests=tests), visits))
    assert len(visits.tabs) == 2


# ------------------------------------------------------------------ faults


@pytest.mark.parametrize("status", [0, 404, 500])
def test_a_page_that_answers_with_an_error_fails_every_test(status: int) -> None:
    found = outcome(shows("x"), Step("see", value="x"), status=status)
    assert found.detail == f"opening the page: the page at / answered {status or 'nothing'}"


def test_a_test_that_takes_too_long_fails_with_its_limit() -> None:
    judge = UITests(replace(Limits(), ui_test_s=0.05))
    task = Task("mine", "Build it.", ui_tests=(a_test(Step("see", value="x")),))
    verdict = asyncio.run(judge.functionality(task, ScriptedVisits(shows("x"), slow_s=5.0)))
    assert isinstance(verdict, Score)
    assert verdict.checks[0].detail == "opening the page: not done after 0.05 s (limits.ui_test_s)"


def test_a_page_that_cannot_be_opened_is_not_opened_for_every_test() -> None:
    visits = ScriptedVisits(shows("x"), status=500)
    tests = (a_test(Step("see", value="x")), a_test(Step("see", value="x"), task="again"))
    verdict = asyncio.run(UITests().functionality(Task("mine", "x", ui_tests=tests), visits))
    assert isinstance(verdict, Score)
    assert [(result.name, result.passed) for result in verdict.checks] == [("try it", False), ("again", False)]
    assert len(visits.tabs) == 1


def test_what_cannot_be_printed_does_not_come_into_a_message() -> None:
    detail = outcome(shows("half \ud83d\x1b[31m", controls=(Control("\udc00"),)), Step("see", value="x")).detail
    assert detail.isprintable()


class BrokenVisits:
    """Visits whose browser or page fails at once."""

    site = ""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def tab(self, viewport: Size | None = None) -> AbstractAsyncContextManager[Tab]:
        raise self._error


def test_a_page_that_faults_fails_its_test_with_the_fault() -> None:
    task = Task("mine", "Build it.", ui_tests=(a_test(Step("see", value="x")),))
    verdict = asyncio.run(UITests().functionality(task, BrokenVisits(AgentFault("The page crashed."))))
    assert isinstance(verdict, Score)
    assert verdict.checks[0].detail == "opening the page: The page crashed."


def test_a_browser_that_dies_is_no_verdict() -> None:
    task = Task("mine", "Build it.", ui_tests=(a_test(Step("see", value="x")),))
    with pytest.raises(BrowserLost):
        asyncio.run(UITests().functionality(task, BrokenVisits(BrowserLost("gone"))))


# ------------------------------------------------------------------ acting

FILLED = (
    Step("reach", target="title", role="field", value="add note|new note"),
    Step("type", target="title", value="Quillory"),
)


def test_a_form_behind_a_button_is_reached_filled_completed_and_sent() -> None:
    assert passes(notes, *FILLED, Step("complete"), Step("submit"), Step("see", value="Quillory"))


def test_what_was_typed_is_not_seen_in_the_field_that_holds_it() -> None:
    assert not passes(notes, *FILLED, Step("see", value="Quillory"))


def test_what_a_field_holds_after_opening_the_page_again_is_seen() -> None:
    def site(state: State) -> View:
        rows = tuple(text_field("Row", value=note) for note in state.stored.get("notes", ()))
        return View((), (*rows, Control("Keep", acts=lambda: state.stored.update(notes=["Quillory"]))))

    assert passes(site, Step("press", target="keep"), Step("open"), Step("see", value="Quillory"))


def test_what_was_saved_is_seen_after_the_page_is_opened_again() -> None:
    assert passes(notes, *FILLED, Step("complete"), Step("submit"), Step("open"), Step("see", value="Quillory"))


def test_a_site_that_forgets_is_found_out_by_opening_it_again() -> None:
    def forgets(state: State) -> View:
        return View((str(state.page.get("note", "")),), (Control("Save", acts=sets(state, "note", "Quillory")),))

    assert not passes(forgets, Step("press", target="save"), Step("open"), Step("see", value="Quillory"))


def test_the_control_beside_a_text_is_pressed() -> None:
    def two(state: State) -> View:
        rows = tuple(
            Control("Add", row=row, acts=sets(state, "chosen", tea)) for row, tea in enumerate(("Fog", "Chai"))
        )
        return View(("Fog", "Chai", f"chosen: {state.page.get('chosen')}"), rows)

    assert passes(two, Step("press", target="add", value="Chai"), Step("see", value="chosen: Chai"))


def test_the_next_best_control_is_pressed_where_a_dialog_lies_over_the_best() -> None:
    def dialog(state: State) -> View:
        return View(
            (str(state.page.get("done", "")),),
            (Control("Add", covered=True), Control("Add now", acts=sets(state, "done", "added"))),
        )

    assert passes(dialog, Step("press", target="add"), Step("see", value="added"))


def test_a_control_that_is_switched_off_is_told() -> None:
    found = outcome(shows(controls=(Control("Save", disabled=True),)), Step("press", target="save"))
    assert found.detail.endswith("the button 'Save' is switched off")


def test_a_control_that_is_covered_is_told_in_the_words_of_the_page() -> None:
    found = outcome(shows(controls=(Control("Save", covered=True),)), Step("press", target="save"))
    assert "a veil lies over it" in found.detail


@pytest.mark.parametrize("control", [Control("Other"), Control("Yes", covered=True), Control("Yes", disabled=True)])
def test_a_press_that_is_only_tried_may_find_nothing_to_press(control: Control) -> None:
    assert passes(shows(controls=(control,)), Step("try_press", target="yes"))


def menu(state: State) -> View:
    link = (Control("About", role="link", acts=sets(state, "about")),) if state.page.get("open") else ()
    return View(("We are" if state.page.get("about") else "Home",), (Control("☰", acts=sets(state, "open")), *link))


def test_going_somewhere_unfolds_a_menu_for_it() -> None:
    assert passes(menu, Step("go", target="about"), Step("see", value="we are"))


def test_going_somewhere_stays_on_a_site_of_one_page() -> None:
    assert passes(shows("About us", controls=(Control("Add client"),)), Step("go", target="clients"))


def test_reaching_follows_links_but_none_that_does_something() -> None:
    def site(state: State) -> View:
        field = (text_field("Note"),) if state.page.get("at") else ()
        away = Control("Elsewhere", role="link", href="https://example.org/")
        danger = Control("Delete all", role="link", acts=sets(state, "gone"))
        return View(
            ("gone",) if state.page.get("gone") else (),
            (away, danger, Control("Notes", role="link", acts=sets(state, "at")), *field),
        )

    assert passes(site, Step("reach", target="note", role="field"), Step("see_not", value="gone"))


def test_what_cannot_be_reached_tells_where_it_was_looked_for() -> None:
    found = outcome(shows(controls=(Control("News", role="link"),)), Step("reach", target="title", role="field"))
    assert found.detail.endswith("no control named like 'title' among: no field at all (also looked behind News)")


def test_an_option_is_chosen_in_the_select_of_that_name() -> None:
    def site(state: State) -> View:
        return View(
            (f"sorted by {state.fields.get('Sort')}",),
            (select("Show", "All", "Price"), select("Sort", "Name", "Price")),
        )

    assert passes(site, Step("choose", target="sort", value="price"), Step("see", value="sorted by Price"))


def test_an_option_that_is_the_text_is_chosen_before_one_that_holds_it() -> None:
    def site(state: State) -> View:
        return View((f"for {state.fields.get('Guests')}",), (select("Guests", "16 guests", "6 guests", "6"),))

    assert passes(site, Step("choose", target="guests", value="6"), Step("see", value="for 6"))


def test_an_option_may_be_a_button() -> None:
    def site(state: State) -> View:
        return View((str(state.page.get("kind", "all")),), (Control("Pastries", acts=sets(state, "kind", "pastries")),))

    assert passes(site, Step("choose", target="kind", value="pastries"), Step("see", value="pastries"))


def test_an_option_may_unfold_from_a_button() -> None:
    def site(state: State) -> View:
        options = (
            (Control("Travel", role="option", acts=sets(state, "kind", "travel")),) if state.page.get("open") else ()
        )
        return View((str(state.page.get("kind", "")),), (Control("Category", acts=sets(state, "open")), *options))

    assert passes(site, Step("choose", target="category", value="travel"), Step("see", value="travel"))


def test_an_option_that_is_not_there_is_told_with_those_that_are() -> None:
    found = outcome(shows(controls=(select("Kind", "Food", "Other"),)), Step("choose", value="travel"))
    assert found.detail.endswith("no option like 'travel' among: 'Food', 'Other'")


def test_a_choice_that_is_only_tried_may_find_nothing() -> None:
    assert passes(shows(), Step("try_choose", target="kind", value="travel"))


def test_a_radio_is_chosen_when_it_is_only_tried() -> None:
    def site(state: State) -> View:
        out = Control("Out", role="radio", tag="input", input_type="radio", checked=False, acts=sets(state, "out"))
        return View(("going out",) if state.page.get("out") else (), (out,))

    assert passes(site, Step("try_choose", value="out"), Step("see", value="going out"))


def test_a_form_without_a_button_is_sent_by_enter() -> None:
    visits = ScriptedVisits(shows(controls=(text_field("Search"),)))
    steps = (Step("type", target="search", value="x"), Step("submit", target="search"))
    asyncio.run(UITests().functionality(Task("mine", "x", ui_tests=(a_test(*steps),)), visits))
    assert visits.tabs[0].keys == ["Enter"]


def form_with(state: State, *buttons: Control) -> View:
    return View((str(state.page.get("sent", "")),), (Control("Sign up", form=-1), text_field("Name", form=0), *buttons))


def test_the_button_of_the_form_is_preferred_to_others_of_the_page() -> None:
    def site(state: State) -> View:
        return form_with(state, Control("Go", form=0, acts=sets(state, "sent", "sent")))

    assert passes(site, Step("type", target="name", value="x"), Step("submit"), Step("see", value="sent"))


def test_a_button_that_cancels_does_not_send() -> None:
    def site(state: State) -> View:
        cancel, send = Control("Cancel", form=0), Control("Send", form=0, acts=sets(state, "sent", "sent"))
        return form_with(state, cancel, send)

    assert passes(site, Step("type", target="name", value="x"), Step("submit"), Step("see", value="sent"))


def test_a_form_whose_button_is_switched_off_cannot_be_sent() -> None:
    def site(state: State) -> View:
        return form_with(state, Control("Send", form=0, disabled=True))

    found = outcome(site, Step("type", target="name", value="x"), Step("submit"))
    assert found.detail.endswith("the button 'Send' is switched off")


FORM = (
    text_field("Title", form=0),
    text_field("E-mail", form=0),
    text_field("When", form=0, input_type="date"),
    text_field("Already there", form=0, value="kept"),
    text_field("Search notes", form=0),
    select("Room", "Select a room", "Cedar", form=0),
    text_field("Elsewhere", form=1),
)


def test_completing_fills_the_empty_fields_of_the_form_and_no_others() -> None:
    visits = ScriptedVisits(shows(controls=FORM))
    steps = (Step("type", target="title", value="x"), Step("complete"))
    asyncio.run(UITests().functionality(Task("mine", "x", ui_tests=(a_test(*steps),)), visits))
    assert visits.tabs[0].state.fields == {
        "Title": "x",
        "E-mail": "mira.quist@example.org",
        "When": "2026-03-14",
        "Room": "Cedar",
    }


def test_completing_agrees_to_terms_and_picks_one_radio() -> None:
    def site(state: State) -> View:
        def box(name: str, kind: str) -> Control:
            press = sets(state, name)
            return Control(name, kind, 0, press, "input", kind, checked=bool(state.page.get(name)), form=0)

        controls = (
            box("I accept the terms", "checkbox"),
            box("Newsletter", "checkbox"),
            box("In", "radio"),
            box("Out", "radio"),
        )
        return View((" ".join(sorted(state.page)),), (text_field("Name", form=0), *controls))

    assert passes(
        site,
        Step("type", target="name", value="x"),
        Step("complete"),
        Step("see", value="I accept the terms In"),
        Step("see_not", value="Newsletter|Out"),
    )


def test_a_key_is_pressed_and_time_runs_on() -> None:
    visits = ScriptedVisits(lambda state: View((f"{state.clock_ms} ms",)))
    steps = (Step("key", value="ArrowLeft"), Step("wait", value="1500"), Step("see", value="1500 ms"))
    verdict = asyncio.run(UITests().functionality(Task("mine", "x", ui_tests=(a_test(*steps),)), visits))
    assert isinstance(verdict, Score)
    assert verdict.value == 5.0
    assert visits.tabs[0].keys == ["ArrowLeft"]


# ------------------------------------------------------------------ looking


def test_what_comes_late_is_waited_for() -> None:
    assert passes(lambda state: View(("Thanks",) if state.clock_ms >= 2000 else ()), Step("see", value="thanks"))


def test_what_goes_away_late_is_waited_for() -> None:
    assert passes(lambda state: View(("Saving",) if state.clock_ms < 2000 else ()), Step("see_not", value="saving"))


def test_a_text_that_stays_is_told() -> None:
    found = outcome(shows("Saved"), Step("see_not", value="gone|saved"))
    assert found.detail == "step 1 (see_not 'gone'): 'saved' is still on the page"


def test_a_long_page_is_told_in_short() -> None:
    assert len(outcome(shows("word " * 1000), Step("see", value="other")).detail) < 300


@pytest.mark.parametrize(
    ("step", "holds"),
    [
        (Step("see_number", value="44.25"), True),
        (Step("see_number", value="44.26"), False),
        (Step("see_order", value="Ember > Jade"), True),
        (Step("see_order", value="Jade > Ember"), False),
        (Step("see_order", value="Ember > Moon"), False),
        (Step("see_times", target="tea", value="2"), True),
        (Step("see_times", target="tea", value=">= 3"), False),
        (Step("see_control", target="buy"), True),
        (Step("see_control", target="buy", value="3"), False),
        (Step("see_control", target="sell"), False),
        (Step("see_no_control", target="sell"), True),
        (Step("see_no_control", target="buy"), False),
        (Step("colour", target="background", value="white"), True),
        (Step("colour", target="background", value="ivory"), False),
        (Step("colour", target="component", value="forest green"), True),
        (Step("colour", target="component", value="crimson"), False),
        (Step("colour", target="background"), False),
        (Step("changed"), False),
    ],
)
def test_a_check_holds_or_not(step: Step, holds: bool) -> None:
    site = shows("Ember tea", "Jade tea: 44.25", controls=(Control("Buy"), Control("Buy")), bars=((34, 139, 34),))
    assert passes(site, step) is holds


def test_the_colours_of_the_task_are_meant_where_none_is_given() -> None:
    steps = (Step("colour", target="background"), Step("colour", target="component"))
    site = shows(fill=(255, 255, 240), bars=((34, 139, 34),))
    assert passes(site, *steps, palette=Palette("#fffff0", "#228b22"))
    assert not passes(site, *steps, palette=Palette("#fffff0", "#b22222"))


def counter(state: State) -> View:
    def rise() -> None:
        state.page["n"] = state.page.get("n", 0) + 1

    return View(
        (f"likes: {state.page.get('n', 0)}",), (Control("Like", acts=rise), Control("Dead"), text_field("Note"))
    )


def test_a_change_is_told_from_none() -> None:
    assert passes(counter, Step("press", target="like"), Step("changed"), Step("changed", value="text"))
    assert not passes(counter, Step("press", target="dead"), Step("changed"))


def test_typing_alone_changes_nothing_but_the_look() -> None:
    typed = Step("type", target="note", value="x")
    assert not passes(counter, typed, Step("changed"))
    assert passes(counter, typed, Step("changed", value="look"))


def test_the_mouse_lying_on_a_control_is_no_change() -> None:
    assert not passes(counter, Step("press", target="dead"), Step("changed", value="look"))
    assert passes(counter, Step("press", target="like"), Step("changed", value="look"))


def test_a_page_that_stopped_answering_is_not_pressed_again() -> None:
    class Broken(ScriptedVisits):
        @asynccontextmanager
        async def _open(self) -> AsyncIterator[Tab]:
            async with super()._open() as tab:
                self.tabs[-1].broken = True
                yield tab

    site = shows(controls=(Control("Save", covered=True), Control("Save")))
    task = Task("mine", "Build it.", ui_tests=(a_test(Step("press", target="save")),))
    verdict = asyncio.run(UITests().functionality(task, Broken(site)))
    assert isinstance(verdict, Score)
    assert verdict.value == 0.0


def test_time_and_follow_ups_are_no_actions_of_their_own() -> None:
    steps = (Step("press", target="like"), Step("wait", value="10"), Step("try_press", target="dead"))
    assert passes(counter, *steps, Step("changed", value="text"))


def test_a_follow_up_right_after_a_check_is_an_action() -> None:
    steps = (Step("press", target="like"), Step("see", value="likes: 1"), Step("try_press", target="dead"))
    assert not passes(counter, *steps, Step("changed"))


@pytest.mark.parametrize(
    ("verb", "lines", "holds"), [("see_more", 2, True), ("see_fewer", 0, True), ("see_more", 1, False)]
)
def test_more_and_fewer_compare_with_before_the_last_action(verb: str, lines: int, holds: bool) -> None:
    def site(state: State) -> View:
        return View(("post",) * state.page.get("lines", 1), (Control("Go", acts=sets(state, "lines", lines)),))

    assert passes(site, Step("press", target="go"), Step(verb, value="post")) is holds


def test_the_scripted_tab_is_a_tab() -> None:
    tab: Tab = ScriptedTab(notes)
    assert asyncio.run(tab.open("/")) == 200
