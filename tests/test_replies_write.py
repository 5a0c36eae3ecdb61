"""Edits → text → the same edits, in every dialect."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webgen_gym.replies import read, write_bolt, write_search_replace, write_tool_calls, write_unified_diff
from webgen_gym.replies.reader import understood
from webgen_gym.types import Control, DeleteFile, Edit, Hunk, PatchFile, RenameFile, Reply, WriteFile

PAGE = WriteFile("index.html", b"<!DOCTYPE html>\n<p>hi</p>\n")
PATCH = PatchFile("a.js", (Hunk("let a\n", "let b\n"),))
EDITS: tuple[Edit, ...] = (PAGE, DeleteFile("old.html"), RenameFile("a.css", "styles/a.css"))


def bolt(edits: tuple[Edit, ...], control: Control | None = None) -> str:
    return write_bolt(edits, title="A site", control=control)


def search_replace(edits: tuple[Edit, ...], control: Control | None = None) -> str:
    return write_search_replace(edits, control=control)


def unified_diff(edits: tuple[Edit, ...], control: Control | None = None) -> str:
    return write_unified_diff(edits, control=control)


def tool_calls(edits: tuple[Edit, ...], control: Control | None = None) -> str:
    return write_tool_calls(edits, control=control)


WRITERS = [bolt, search_replace, unified_diff, tool_calls]
Writer = Callable[[tuple[Edit, ...], Control | None], str]


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("control", [None, *Control])
def test_edits_and_a_control_word_come_back(write: Writer, control: Control | None) -> None:
    reply = read(write(EDITS, control))
    assert (reply.faults, reply.edits, reply.control) == ((), EDITS, control)


@pytest.mark.parametrize("write", WRITERS)
def test_a_control_word_comes_back_alone(write: Writer) -> None:
    reply = read(write((), Control.FINISH))
    assert (reply.faults, reply.edits, reply.control) == ((), (), Control.FINISH)


@pytest.mark.parametrize("write", WRITERS[1:])
def test_a_patch_comes_back(write: Writer) -> None:
    assert read(write((PATCH,), None)).edits == (PATCH,)


@pytest.mark.parametrize("write", WRITERS)
def test_a_reply_that_would_say_nothing_is_refused(write: Writer) -> None:
    with pytest.raises(ValueError, match="needs an edit or a control word"):
        write((), None)


@pytest.mark.parametrize("write", WRITERS)
def test_a_file_that_is_no_text_is_refused(write: Writer) -> None:
    with pytest.raises(ValueError, match="'a.png': it is not UTF-8"):
        write((WriteFile("a.png", b"\x89PNG\xff"),), None)


def test_bolt_refuses_a_file_that_holds_its_closing_tag() -> None:
    with pytest.raises(ValueError, match="bolt|boltAction"):
        bolt((WriteFile("a.md", b"a </boltAction> b\n"),))


def test_bolt_refuses_a_patch() -> None:
    with pytest.raises(ValueError, match="no patches"):
        bolt((PATCH,))


def test_bolt_refuses_a_file_that_would_be_decoded() -> None:
    with pytest.raises(ValueError, match="'a.html' as it is"):
        bolt((WriteFile("a.html", b"&lt;p&gt;\n"),))


def test_bolt_refuses_a_path_with_both_quotes() -> None:
    with pytest.raises(ValueError, match="cannot"):
        bolt((WriteFile("a\"'b", b"x\n"),))


def test_a_newline_is_added_to_a_file_without_one() -> None:
    assert read(bolt((WriteFile("a", b"x"),))).edits == (WriteFile("a", b"x\n"),)


def test_prose_that_holds_an_action_is_refused() -> None:
    with pytest.raises(ValueError, match="take"):
        write_bolt([PAGE], title="A", prose='I will write <boltAction type="finish"/> later.')


def test_prose_may_speak_of_an_action() -> None:
    text = write_bolt([PAGE], title="A", prose='I will write `<boltAction type="finish"/>` later.')
    assert read(text).control is None


def test_a_title_cannot_smuggle_an_action() -> None:
    text = write_bolt([PAGE], title='"><boltAction type="finish"/>')
    assert read(text) == Reply(edits=(PAGE,), dialect=read(text).dialect)


def test_search_replace_refuses_a_hunk_that_holds_a_marker() -> None:
    with pytest.raises(ValueError, match="carry"):
        search_replace((PatchFile("a", (Hunk("=======\n", "x\n"),)),))


def test_search_replace_refuses_a_piece_of_a_line() -> None:
    with pytest.raises(ValueError, match="carry"):
        search_replace((PatchFile("a.js", (Hunk("a", "b"),)),))


def test_a_diff_refuses_a_hunk_without_a_place() -> None:
    with pytest.raises(ValueError, match=r"only has \+ lines"):
        unified_diff((PatchFile("a.js", (Hunk("", "b\n"),)),))


PATHS = st.from_regex(r"[a-zA-Z0-9_\-]{1,8}(/[a-zA-Z0-9_\-]{1,8}){0,2}\.(html|css|js|jsx|json|md|txt)", fullmatch=True)
WORDS = st.sampled_from(
    [
        "<p>",
        "</p>",
        "&lt;",
        "&amp;",
        "\n",
        "\n\n",
        "  ",
        "```",
        "```js\n",
        "<boltArtifact>",
        '<boltAction type="finish"/>',
    ]
    + [
        "=======\n",
        "<<<<<<< SEARCH\n",
        ">>>>>>> REPLACE\n",
        "--- a/x\n+++ b/x\n",
        "@@ @@\n",
        "\r\n",
        "{",
        "}",
        '"',
        "\\",
        "a",
        "é",
    ]
    + ["</think>", "<think>", "finish", "-", "+", " ", "\0", "\u2028", "diff --git a/x b/x\n", '{"tool_calls": [']
)
TEXTS = st.lists(WORDS, max_size=12).map("".join)
HUNKS = st.builds(Hunk, TEXTS.map(lambda text: f"{text}\n"), TEXTS.map(lambda text: f"{text}\n"))
ANY_EDIT: st.SearchStrategy[Edit] = st.one_of(
    st.builds(WriteFile, PATHS, TEXTS.map(lambda text: f"{text}\n".encode())),
    st.builds(PatchFile, PATHS, st.lists(HUNKS, min_size=1, max_size=3).map(tuple)),
    st.builds(DeleteFile, PATHS),
    st.builds(RenameFile, PATHS, PATHS),
)


@pytest.mark.parametrize("write", WRITERS)
@settings(max_examples=300, deadline=None)
@given(edits=st.lists(ANY_EDIT, min_size=1, max_size=4).map(tuple), control=st.sampled_from([None, *Control]))
def test_what_a_writer_does_not_refuse_comes_back(
    write: Writer, edits: tuple[Edit, ...], control: Control | None
) -> None:
    try:
        text = write(edits, control)
    except ValueError:
        return
    reply = understood(text).reply()
    assert (reply.faults, reply.control) == ((), control)
    assert _without_end_space(reply.edits) == _without_end_space(edits)


@settings(max_examples=300, deadline=None)
@given(edits=st.lists(ANY_EDIT, min_size=1, max_size=4).map(tuple), control=st.sampled_from([None, *Control]))
def test_tool_calls_carry_every_edit(edits: tuple[Edit, ...], control: Control | None) -> None:
    reply = understood(tool_calls(edits, control)).reply()
    assert (reply.faults, reply.edits, reply.control) == ((), edits, control)


def _without_end_space(edits: tuple[Edit, ...]) -> list[Edit]:
    return [WriteFile(edit.path, edit.content.rstrip()) if isinstance(edit, WriteFile) else edit for edit in edits]


PLAIN = st.text(st.characters(exclude_categories=["Cs"]), max_size=80).filter(lambda text: "bolt" not in text.lower())


@settings(max_examples=500, deadline=None)
@given(st.lists(st.tuples(PATHS, PLAIN), min_size=1, max_size=4))
def test_bolt_carries_every_plain_file_to_the_byte(files: list[tuple[str, str]]) -> None:
    edits = tuple(WriteFile(path, f"<!-- a -->\n{text}\n.\n".encode()) for path, text in files)
    assert understood(bolt(edits)).reply().edits == edits
