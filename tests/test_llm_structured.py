"""What a model says is one JSON object of the right shape, or it is nothing."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webgen_gym.errors import ModelFailed, ModelFailure
from webgen_gym.limits import ModelLimits
from webgen_gym.llm import (
    Choice,
    Flag,
    Integer,
    JsonSchema,
    ListOf,
    Message,
    Number,
    Object,
    Request,
    ScriptedModel,
    Text,
)
from webgen_gym.llm.structured import Malformed, Parsed, parse

GRADE = JsonSchema("grade", Object({"analysis": Text(), "grade": Integer(0, 5)}))
GOOD = '{"analysis": "Clean.", "grade": 4}'
FOLDER = Path(__file__).parent / "llm"


def rows(name: str) -> list[Any]:
    lines = (FOLDER / name).read_text(encoding="utf-8").split("\n")
    return [pytest.param(row, id=row["name"]) for row in map(json.loads, filter(None, lines))]


def read(text: str, schema: JsonSchema = GRADE) -> Parsed | Malformed:
    return parse(text, schema, ModelLimits())


@pytest.mark.parametrize("row", rows("malformed.jsonl"))
def test_a_malformed_answer_is_refused_with_a_reason(row: dict[str, str]) -> None:
    found = read(row["text"])
    assert isinstance(found, Malformed)
    assert found.why


def test_there_are_70_malformed_answers() -> None:
    assert len(rows("malformed.jsonl")) >= 70


@pytest.mark.parametrize("row", rows("well_formed.jsonl"))
def test_a_well_formed_answer_is_read(row: dict[str, Any]) -> None:
    found = read(row["text"])
    assert isinstance(found, Parsed)
    assert (found.value["grade"], type(found.value["grade"])) == (row["grade"], int)


@pytest.mark.parametrize(
    "text",
    [
        '{"analysis": "' + "x" * 1_000_000 + '", "grade": 4}',
        '{"analysis": ' + "[" * 100_000 + "]" * 100_000 + ', "grade": 4}',
        '{"a":' * 30_000 + "1" + "}" * 30_000,
        '{"analysis": "A", "grade": ' + "4" * 5000 + "}",
        '{"analysis": "A", "grade": ' + "4" * 400 + "}",
        "{" * 200_000,
        "```\n" * 50_000,
        "<think>" * 30_000,
    ],
    ids=["a megabyte", "100,000 lists", "30,000 objects", "5,000 digits", "400 digits", "braces", "fences", "thoughts"],
)
def test_a_huge_answer_is_refused(text: str) -> None:
    assert isinstance(read(text), Malformed)


@given(st.text() | st.text(alphabet='{}[]",:`0123456789eE.-truefalsn \n<>/ihk'))
def test_no_text_makes_the_parser_raise(text: str) -> None:
    assert isinstance(read(text), Malformed | Parsed)


@given(st.integers() | st.floats() | st.none() | st.booleans() | st.text())
def test_a_grade_that_is_read_was_said_exactly(grade: Any) -> None:
    found = read(json.dumps({"analysis": "A", "grade": grade}))
    is_grade = type(grade) in (int, float) and grade in (0, 1, 2, 3, 4, 5)
    assert isinstance(found, Parsed) == is_grade
    assert isinstance(found, Malformed) or found.value["grade"] == grade


VERDICT = JsonSchema(
    "verdict",
    Object(
        {
            "passed": Flag(),
            "share": Number(0, 1),
            "results": ListOf(Object({"requirement": Text(), "verdict": Choice(("YES", "PARTIAL", "NO"))})),
        }
    ),
)


def test_a_nested_shape_is_read() -> None:
    value = {"passed": True, "share": 0.5, "results": [{"requirement": "Sign in", "verdict": "PARTIAL"}]}
    assert read(json.dumps(value), VERDICT) == Parsed(value)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"passed": 1}, "the object.passed must be true or false, not 1"),
        ({"share": True}, "the object.share must be a number from 0 to 1, not true"),
        ({"share": 1.01}, "the object.share must be from 0 to 1, not 1.01"),
        ({"results": {}}, "the object.results must be a list, not an object"),
        ({"results": [{"requirement": "A", "verdict": "yes"}]}, "the object.results[0].verdict must be one of"),
        ({"results": [{"requirement": "A"}]}, "the object.results[0] lacks 'verdict'"),
        ({"results": ["YES"]}, "the object.results[0] must be an object, not 'YES'"),
    ],
)
def test_a_misfit_is_told_with_its_place(change: dict[str, Any], why: str) -> None:
    value = {"passed": True, "share": 0.5, "results": []} | change
    found = read(json.dumps(value), VERDICT)
    assert isinstance(found, Malformed)
    assert found.why.startswith(why)


def test_other_fields_are_left_out_where_the_shape_ignores_them() -> None:
    lenient = JsonSchema("grade", Object({"grade": Integer(0, 5)}, ignore_others=True))
    assert read('{"grade": 3, "confidence": 0.9}', lenient) == Parsed({"grade": 3})


def test_the_shape_is_told_as_a_strict_json_schema() -> None:
    assert GRADE.document() == {
        "type": "object",
        "properties": {"analysis": {"type": "string"}, "grade": {"type": "integer", "minimum": 0, "maximum": 5}},
        "required": ["analysis", "grade"],
        "additionalProperties": False,
    }


ASKED = Request((Message.user("Grade it."),), schema=GRADE)


async def test_a_malformed_answer_is_asked_for_once_more_with_what_was_wrong() -> None:
    model = ScriptedModel(['{"analysis": "A", "grade": 6}', GOOD])
    completion = await model.complete(ASKED)
    _, said, told = model.requests[1].messages
    assert completion.parsed == {"analysis": "Clean.", "grade": 4}
    assert said.text == '{"analysis": "A", "grade": 6}'
    assert told.text.startswith("That answer cannot be read: the object.grade must be from 0 to 5, not 6.")


async def test_a_second_malformed_answer_fails_the_call_and_both_are_counted() -> None:
    model = ScriptedModel(["Grade: 4", "Grade: 5"])
    with pytest.raises(ModelFailed, match="it is not a JSON object alone") as caught:
        await model.complete(ASKED)
    assert caught.value.reason is ModelFailure.MALFORMED
    assert caught.value.usage is not None
    assert (caught.value.usage.calls, len(model.requests)) == (2, 2)


async def test_a_huge_answer_is_not_sent_back_whole() -> None:
    model = ScriptedModel(["x" * 1_000_000, GOOD])
    await model.complete(ASKED)
    assert len(model.requests[1].messages[1].text) == ModelLimits().reasked_chars


async def test_a_good_answer_is_not_asked_for_again() -> None:
    model = ScriptedModel([GOOD])
    completion = await model.complete(ASKED)
    assert (completion.usage.calls, len(model.requests)) == (1, 1)
