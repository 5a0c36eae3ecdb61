"""What holds for any text at all."""

from __future__ import annotations

import json
import random
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from webgen_gym.limits import MIB
from webgen_gym.replies import read
from webgen_gym.types import Control, Dialect, Reply, WriteFile

PIECES = [
    '<boltArtifact id="a" title="b">', "</boltArtifact>", "<boltArtifact", "<boltAction", "</boltAction>",
    "</boltAction", '<boltAction type="file" filePath="a.html">', '<boltAction type="file" filePath="b.js"/>',
    "<boltAction type='finish'/>", '<boltAction type="screenshot_validated"/>', '<boltAction type="backtrack">',
    '<boltAction type="shell">', '<boltAction type="delete" filePath="c"/>',
    '<boltAction type="rename" filePath="c" newPath="d"/>', '<boltAction type="x">', "a.html\n", "<<<<<<< SEARCH\n",
    "=======\n", ">>>>>>> REPLACE\n", "```", "```diff\n", "```json\n", "```html\n", "--- a/x.js\n", "+++ b/x.js\n",
    "--- /dev/null\n", "+++ /dev/null\n", "@@ -1 +1 @@\n", "@@ @@\n", "-old\n", "+new\n", " same\n",
    "diff --git a/x b/y\n", "rename from x\n", "rename to y\n", "deleted file mode 100644\n",
    "\\ No newline at end of file\n", '{"tool_calls":[', '{"function":{"name":"write_file","arguments":"{}"}}',
    '{"name":"finish","arguments":{}}', "]}", "}", "[", "{", '"path":"a"', '"', "\\", "<tool_call>", "</tool_call>",
    "<think>", "</think>", "\n</think>\n", "&lt;", "&gt;", "&amp;", "<p>", "</p>", "\n", "\r\n", "\n\n", " ", "\t",
    "`", "'", "<", ">", "finish", "prose", "é", "\ud800", "\udfff", "\0", "\ufeff", "<|im_end|>",
]  # fmt: skip
REPLIES = st.one_of(
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
    st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=8)), max_size=20).map("".join),
    st.text(st.characters(), max_size=200),
)


def _check(reply: Reply) -> None:
    """The promises that hold for every reply."""
    if reply.faults:
        assert reply.edits == ()
        assert reply.control is None
        assert all(len(fault.message.splitlines()) <= 6 for fault in reply.faults)
    else:
        assert reply.edits or reply.control
        assert reply.dialect is not Dialect.NONE
    for edit in reply.edits:
        assert edit.path.strip()
        if isinstance(edit, WriteFile):
            edit.content.decode()


@settings(max_examples=3_000, deadline=None)
@given(REPLIES)
@example("<boltAction")
@example("\ud800" * 100)
@example("[" * 5_000)
def test_any_text_becomes_edits_a_control_word_or_a_fault(text: str) -> None:
    _check(read(text))


@settings(max_examples=500, deadline=None)
@given(REPLIES)
def test_reading_twice_gives_the_same(text: str) -> None:
    assert read(text) == read(text)


CONTENT = (
    st.lists(st.sampled_from(PIECES), max_size=15).map("".join).filter(lambda text: "</boltaction" not in text.lower())
)


@settings(max_examples=800, deadline=None)
@given(CONTENT)
def test_no_content_of_a_file_says_a_control_word(content: str) -> None:
    reply = read(f'<boltAction type="file" filePath="a.md">{content}</boltAction>')
    assert reply.control is None


@settings(max_examples=400, deadline=None)
@given(CONTENT)
def test_no_content_in_another_dialect_says_a_control_word(content: str) -> None:
    lines = [line for line in content.split("\n") if not line.strip().startswith((">>>>>>>", "<<<<<<<", "======="))]
    block = "\n".join(["a.md", "<<<<<<< SEARCH", *lines, "=======", *lines, ">>>>>>> REPLACE"])
    diff = "\n".join(["```diff", "--- a/a.md", "+++ b/a.md", "@@ @@", "-x", *(f"+{line}" for line in lines), "```"])
    call = json.dumps({"name": "write_file", "arguments": {"path": "a.md", "content": content}})
    assert [read(text).control for text in (block, diff, call, f"```json\n{call}\n```")] == [None] * 4


@settings(max_examples=500, deadline=None)
@given(CONTENT, st.sampled_from(list(Control)))
def test_a_control_word_after_a_file_is_read_whatever_the_file_holds(content: str, control: Control) -> None:
    reply = read(
        f'<boltAction type="file" filePath="a.md">\n{content}\n</boltAction>\n<boltAction type="{control.value}"/>'
    )
    assert reply.faults or reply.control is control


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 400))
def test_a_reply_that_is_cut_off_never_loses_a_file_silently(length: int) -> None:
    files = [f'<boltAction type="file" filePath="{name}.txt">\n{name * 60}\n</boltAction>' for name in "abc"]
    text = "\n".join(files)[:length]
    reply = read(text)
    complete = text.count("</boltAction>")
    assert reply.faults or len(reply.edits) == complete
    assert reply.faults or text.count("<boltAction") == complete


UNITS = [
    "<", ">", "&lt;", "<boltAction", "<boltAction ", '<boltAction type="', '<boltAction type="finish">',
    '<boltAction type="finish"/>\n', '<boltAction type="file" filePath="a">',
    '<boltAction type="file" filePath="a">x</boltAction>', "</boltAction>", "<bolt", "`<boltAction`", "```", "```\n",
    "```json\n[", '```json\n{"a":"', "@@", "@@ \n", "{", "[", "[\n", '{"', '{"tool_calls":', "<tool_call>[",
    "<tool_call>{", "<<<<<<< SEARCH\n", "a.js\n<<<<<<< SEARCH\n=======\nx\n>>>>>>> REPLACE\n", "=======\n",
    "--- a\n+++ b\n", "--- a\n+++ b\n@@ @@\n-a\n+b\n", "diff --git a/x b/x\n", "rename from ", "<think>",
    "</think>\n", "<think></think>", "rgb(", "1", "1e", "#", ".", " ", "\n", "\r\n", "\\", '"', "<|im_end|>", "é",
    "\ud800",
]  # fmt: skip
WRAPS = {
    "alone": ("", ""),
    "in a file": ('<boltAction type="file" filePath="a.html">', "</boltAction>"),
    "after a diff": ("--- a/x\n+++ b/x\n@@ @@\n-a\n+b\n", ""),
}


@pytest.mark.parametrize("wrap", WRAPS)
@pytest.mark.parametrize("unit", UNITS)
def test_reading_takes_linear_time_on(unit: str, wrap: str) -> None:
    before, after = WRAPS[wrap]

    def seconds(size: int) -> float:
        text = before + unit * (size // len(unit)) + after
        began = time.process_time()
        read(text)
        return time.process_time() - began

    small, large = (min(seconds(size) for _ in range(3)) for size in (MIB // 32, MIB // 8))
    assert large < 12 * small + 0.05  # four times the text; quadratic would be sixteen times the time


@pytest.mark.parametrize("unit", ["<", "<boltAction", "```", "@@", "{"])
def test_a_mebibyte_takes_well_under_a_second_on(unit: str) -> None:
    text = unit * (MIB // len(unit))
    began = time.process_time()
    assert read(text).malformed
    assert time.process_time() - began < 1


def test_a_mebibyte_of_noise_takes_well_under_a_second() -> None:
    letters = random.Random(0)
    text = "".join(letters.choices("abcdefghijklmnopqrstuvwxyz<>/=\"'`{}[]@-+ \n", k=MIB))
    began = time.process_time()
    assert read(text).malformed
    assert time.process_time() - began < 1
