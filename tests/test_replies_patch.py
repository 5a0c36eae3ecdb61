"""Hunks on a file's text: the ladder, what is refused, and what the model is told then."""

from __future__ import annotations

import difflib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webgen_gym.errors import PatchFailed
from webgen_gym.replies import apply_hunks, read
from webgen_gym.replies.patch import HUNKS_MAX
from webgen_gym.types import Hunk, PatchFile

APPLIED = {
    "one line": ("a\nb\nc\n", "b\n", "B\n", "a\nB\nc\n"),
    "several lines": ("a\nb\nc\n", "a\nb\n", "x\n", "x\nc\n"),
    "lines that go": ("a\nb\nc\n", "b\n", "", "a\nc\n"),
    "the last line": ("a\nb\n", "b\n", "B\n", "a\nB\n"),
    "a last line without a newline": ("a\nb", "b\n", "B\n", "a\nB"),
    "a last line that goes": ("a\nb", "b\n", "", "a\n"),
    "all lines": ("a\n", "a\n", "", ""),
    "a whole line rather than the end of another": ("max = 1\nx = 1\n", "x = 1\n", "x = 2\n", "max = 1\nx = 2\n"),
    "a replacement that forgot its newline": ("a\nb\nc\n", "b\n", "B", "a\nB\nc\n"),
    "a piece of a line": ("let a = 1\n", "a = 1", "b = 2", "let b = 2\n"),
    "a piece that goes": ("let a = 1\n", " = 1", "", "let a\n"),
    "a piece over two lines": ("f(\n1)\n", "(\n1", "(2", "f(2)\n"),
    "an appended line": ("a\n", "", "b\n", "a\nb\n"),
    "a line appended to an open end": ("a", "", "b\n", "a\nb\n"),
    "the first text of an empty file": ("", "", "a\n", "a\n"),
    "white space at the ends of the file's lines": ("a  \nb\t\n", "a\nb\n", "x\n", "x\n"),
    "white space at the ends of the search's lines": ("a\nb\n", "a \nb  \n", "x\n", "x\n"),
    "a search without indentation": ("{\n    a\n      b\n}\n", "a\n  b\n", "a\n  c\n", "{\n    a\n      c\n}\n"),
    "a search with too much indentation": (
        "if x:\n  a\n  b\n",
        "    a\n    b\n",
        "    a\n\n      c\n",
        "if x:\n  a\n\n    c\n",
    ),
    "a search that left the tabs out": ("{\n\ta\n\t\tb\n}\n", "a\n\tb\n", "x\n\ty\n", "{\n\tx\n\t\ty\n}\n"),
    "a replacement that is less indented than the search": ("{\n    a\n}\n", "  a\n", "b\n  a\n", "{\n  b\n    a\n}\n"),
    "a shifted search with a blank line": ("{\n  a\n\n  b\n}\n", "a\n\nb\n", "c\n", "{\n  c\n}\n"),
    "a piece that is only found shifted": ("{\n  a(1)\n    b\n}\n", "a(1)\n  b", "c", "{\n  c\n}\n"),
    "CRLF in the file": ("a\r\nb\r\nc\r\n", "a\nb\n", "x\ny\n", "x\r\ny\r\nc\r\n"),
    "CRLF and a piece over two lines": ("f(\r\n1)\r\n", "(\n1", "(\n2", "f(\r\n2)\r\n"),
    "CRLF and an appended line": ("a\r\n", "", "b\n", "a\r\nb\r\n"),
    "CRLF and an open end": ("a\r\nb", "b\n", "c\nd\n", "a\r\nc\r\nd"),
    "CRLF in the search": ("a\nb\n", "a\r\nb\r\n", "x\r\n", "x\n"),
    "line separators that are no line ends": ("a\u2028b\x0bc\nd\n", "d\n", "e\n", "a\u2028b\x0bc\ne\n"),
    "a match that is exact beside one that is not": ("  a\na\n", "a\n", "b\n", "  a\nb\n"),
    "a match that is exact beside one with space at its end": ("a \na\n", "a\n", "b\n", "a \nb\n"),
    "text of the regular expression kind": ("a.*(b\n", "a.*(b\n", r"\1\g<0>" + "\n", r"\1\g<0>" + "\n"),
    "lines written in half a surrogate pair": ("\ud800\n", "\ud800\n", "a\n", "a\n"),
}


@pytest.mark.parametrize(("text", "search", "new", "expected"), APPLIED.values(), ids=APPLIED)
def test_a_hunk_replaces(text: str, search: str, new: str, expected: str) -> None:
    assert apply_hunks(text, [Hunk(search, new)]) == expected


REFUSED = {
    "a line that is not there": (
        "let total = 1\nb\n",
        "let totals = 2\n",
        "hunk 1 of 1 .* 'let totals = 2'.* line 1, 'let total = 1'",
    ),
    "a line that is like nothing": ("aaaa\n", "zzzz\n", "no line of the file is like it"),
    "lines in another order": ("a\nb\n", "b\na\n", "not one after the other.* line 2 of the file"),
    "an empty file": ("", "a\n", "the file is empty"),
    "two places": ("a\nb\na\n", "a\n", r"several places \(lines 1, 3\)"),
    "very many places": ("a\n" * 9, "a\n", r"\(lines 1, 2, 3, 4 and more\)"),
    "two places of a piece": ("aXbXc\nX\n", "X", r"\(lines 1, 1, 2\)"),
    "two places that overlap": ("a\na\na\n", "a\na\n", r"\(lines 1, 2\)"),
    "two places but for white space at the end": ("a \nb\na  \n", "a\n", "several places"),
    "two places but for indentation": ("  a\n    a\n", "a\n", "several places"),
    "a shift that is not uniform": ("  a\n      b\n", "a\nb\n", "not one after the other"),
    "text that differs in case": ("Hello\n", "hello\n", "line 1, 'Hello'"),
}


@pytest.mark.parametrize(("text", "search", "message"), REFUSED.values(), ids=REFUSED)
def test_a_hunk_is_refused_for(text: str, search: str, message: str) -> None:
    with pytest.raises(PatchFailed, match=message):
        apply_hunks(text, [Hunk(search, "new\n")])


def test_hunks_apply_in_order() -> None:
    assert apply_hunks("a\n", [Hunk("a\n", "b\n"), Hunk("b\n", "c\n")]) == "c\n"


def test_the_hunk_that_fails_is_named() -> None:
    with pytest.raises(PatchFailed, match="hunk 2 of 2"):
        apply_hunks("a\n", [Hunk("a\n", "b\n"), Hunk("a\n", "c\n")])


def test_no_hunks_change_nothing() -> None:
    assert apply_hunks("a\r\nb", []) == "a\r\nb"


def test_more_hunks_than_the_limit_are_refused() -> None:
    with pytest.raises(PatchFailed, match=str(HUNKS_MAX)):
        apply_hunks("a\n", [Hunk("", "b\n")] * (HUNKS_MAX + 1))


def test_a_message_stays_short_on_a_minified_file() -> None:
    with pytest.raises(PatchFailed) as caught:
        apply_hunks("x" * 2_000_000, [Hunk("y" * 100_000 + "\n", "")])
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("a\n" * 100_000, "a\n" * 50_000 + "b\n"),
        (" a\n" * 100_000, "a\n" * 50_000 + "b\n"),
        ("ab" * 300_000, "ab" * 100_000 + "c"),
    ],
    ids=["lines", "shifted lines", "a piece"],
)
def test_a_search_that_almost_fits_everywhere_takes_linear_time(text: str, search: str) -> None:
    began = time.process_time()
    with pytest.raises(PatchFailed):
        apply_hunks(text, [Hunk(search, "")])
    assert time.process_time() - began < 5  # a quadratic search takes minutes


LINES = st.lists(st.text("ab{} \t", max_size=5), max_size=12)


@settings(max_examples=400, deadline=None)
@given(LINES, LINES)
def test_a_diff_made_by_difflib_gives_the_new_text_or_is_refused(old: list[str], new: list[str]) -> None:
    before, after = ("".join(f"{line}\n" for line in lines) for lines in (old, new))
    diff = "".join(difflib.unified_diff(before.splitlines(True), after.splitlines(True), "a/f.js", "b/f.js", n=50))
    if not diff or not old:
        return
    (edit,) = read(f"```diff\n{diff}```").edits
    assert isinstance(edit, PatchFile)
    assert apply_hunks(before, edit.hunks) == after


@settings(max_examples=400, deadline=None)
@given(LINES, st.integers(0, 11), st.integers(1, 12), LINES)
def test_lines_that_are_there_once_are_the_ones_replaced(
    lines: list[str], start: int, count: int, new: list[str]
) -> None:
    taken, put = lines[start : start + count], [f"new {line}" for line in new]
    places = [at for at in range(len(lines)) if taken and lines[at : at + len(taken)] == taken]
    if len(places) != 1:
        return
    text, search, replacement = ("".join(f"{line}\n" for line in part) for part in (lines, taken, put))
    expected = lines[: places[0]] + put + lines[places[0] + len(taken) :]
    assert apply_hunks(text, [Hunk(search, replacement)]) == "".join(f"{line}\n" for line in expected)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.text(max_size=10), st.text(max_size=10))
def test_any_text_is_patched_or_refused(text: str, search: str, new: str) -> None:
    message = ""
    try:
        apply_hunks(text, [Hunk(search, new)])
    except PatchFailed as error:
        message = error.message
    assert "\n" not in message
