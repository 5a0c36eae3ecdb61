"""Which steps are well written."""

from __future__ import annotations

import pytest

from webgen_gym.tasks import load, steps
from webgen_gym.tasks.steps import VERBS, alternatives, complaint, count_of, spoken
from webgen_gym.types import Step

GOOD = [
    Step("open"),
    Step("open", value="/about"),
    Step("go", target="about"),
    Step("press", target="add|new", role="button", value="Jade Fog"),
    Step("type", target="name", value="Zanthe"),
    Step("choose", value="travel"),
    Step("wait", value="600000"),
    Step("see_number", value="-44.25"),
    Step("see_order", value="a > b > c"),
    Step("see_times", target="like", value=">= 3"),
    Step("see_control", target="like", value="<=2"),
    Step("changed", value="look"),
    Step("colour", target="background", value="ivory"),
]

BAD = [
    (Step("click", target="x"), "verb: 'click' is not known; "),
    (Step("pres", target="x"), "did you mean 'press'"),
    (Step("press"), "target: 'press' needs one"),
    (Step("press", target=" | "), "target: 'press' needs one"),
    (Step("type", target="name"), "value: 'type' needs one"),
    (Step("submit", value="x"), "value: 'submit' takes none, found 'x'"),
    (Step("complete", target="x"), "target: 'complete' takes none"),
    (Step("press", target="x", role="link"), "role: expected one of button, field, select, checkbox, found 'link'"),
    (Step("open", value="about"), "value: expected a path, found 'about'"),
    (Step("wait", value="soon"), "value: expected milliseconds from 1 to 600000, found 'soon'"),
    (Step("wait", value="0"), "value: expected milliseconds"),
    (Step("wait", value="9999999"), "value: expected milliseconds"),
    (Step("wait", value="²"), "value: expected milliseconds"),
    (Step("see_number", value="1,5"), "value: expected a number"),
    (Step("see_order", value="a"), "value: expected texts in order"),
    (Step("see_times", target="x", value="many"), "value: expected a count"),
    (Step("see_control", target="x", value="> 3"), "value: expected a count"),
    (Step("changed", value="all"), "value: expected 'text', 'look' or nothing"),
    (Step("colour", target="border"), "target: expected one of background, component"),
    (Step("colour", target="background", value="morning fog"), "value: no table knows the colour 'morning fog'"),
]


@pytest.mark.parametrize("step", GOOD, ids=str)
def test_a_well_written_step_has_no_complaint(step: Step) -> None:
    assert complaint(step) == ""


@pytest.mark.parametrize(("step", "message"), BAD, ids=str)
def test_a_badly_written_step_is_told_what_is_wrong(step: Step, message: str) -> None:
    assert message in complaint(step)


def test_every_verb_is_described() -> None:
    assert all(f"\n{verb} " in str(steps.__doc__) for verb in VERBS)


def test_the_catalogue_uses_every_verb_but_those_for_special_cases() -> None:
    used = {step.verb for task in load() for test in task.ui_tests for step in test.steps}
    assert set(VERBS) - used <= {"key", "see_times", "see_more"}


def test_alternatives_are_split_and_trimmed() -> None:
    assert alternatives(" add | new item||") == ("add", "new item")


def test_alternatives_are_spoken_as_a_sentence_has_them() -> None:
    assert spoken("add") == "'add'"
    assert spoken("add|new|create") == "'add', 'new' or 'create'"
    assert spoken("a|b|c|d|e") == "'a', 'b', 'c' or 'd'"


@pytest.mark.parametrize(
    ("text", "fits", "fails"), [("3", 3, 2), (">= 3", 4, 2), ("<= 3", 0, 4), ("", 1, 0), ("0", 0, 1)]
)
def test_a_count_is_exact_or_a_bound(text: str, fits: int, fails: int) -> None:
    assert count_of(text)(fits)
    assert not count_of(text)(fails)


def test_a_count_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a count"):
        count_of("many")
