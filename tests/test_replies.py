"""The bolt markup, and what every dialect has in common."""

from __future__ import annotations

from dataclasses import replace

import pytest

from webgen_gym.limits import Limits
from webgen_gym.replies import read
from webgen_gym.types import (
    Control,
    DeleteFile,
    Dialect,
    Edit,
    FaultCode,
    Hunk,
    PatchFile,
    RenameFile,
    Reply,
    WriteFile,
)


def artifact(*actions: str) -> str:
    return '<boltArtifact id="a" title="A">\n' + "\n".join(actions) + "\n</boltArtifact>"


def file(path: str, body: str) -> str:
    return f'<boltAction type="file" filePath="{path}">{body}</boltAction>'


def codes(reply: Reply) -> list[FaultCode]:
    return [fault.code for fault in reply.faults]


def only_content(reply: Reply) -> str:
    assert reply.faults == ()
    (edit,) = reply.edits
    assert isinstance(edit, WriteFile)
    return edit.content.decode()


VALIDATE = '<boltAction type="screenshot_validated"/>'
FINISH = '<boltAction type="finish"/>'
BACKTRACK = '<boltAction type="backtrack"/>'
PAGE = file("a.html", "<p>hi</p>")
WRITTEN = WriteFile("a.html", b"<p>hi</p>\n")

EDITS: dict[str, tuple[str, tuple[Edit, ...]]] = {
    "a file": (artifact(PAGE), (WRITTEN,)),
    "prose around the artifact": (f"Here you are.\n\n{artifact(PAGE)}\n\nEnjoy!", (WRITTEN,)),
    "no artifact around the action": (PAGE, (WRITTEN,)),
    "an artifact that is never closed": (artifact(PAGE).removesuffix("</boltArtifact>"), (WRITTEN,)),
    "an artifact whose closing tag is cut": (artifact(PAGE)[:-5], (WRITTEN,)),
    "attributes the other way round": ('<boltAction filePath="a.html" type="file"><p>hi</p></boltAction>', (WRITTEN,)),
    "single quotes": ("<boltAction type='file' filePath='a.html'><p>hi</p></boltAction>", (WRITTEN,)),
    "no quotes": ("<boltAction type=file filePath=a.html><p>hi</p></boltAction>", (WRITTEN,)),
    "spaces round the equals sign": (
        '<boltAction type = "file" filePath = "a.html" ><p>hi</p></boltAction>',
        (WRITTEN,),
    ),
    "attributes on lines of their own": (
        '<boltAction\n  type="file"\n  filePath="a.html"\n><p>hi</p></boltAction>',
        (WRITTEN,),
    ),
    "attributes that nobody asked for": (
        '<boltAction id="7" type="file" contentType="text/html" filePath="a.html"><p>hi</p></boltAction>',
        (WRITTEN,),
    ),
    "tags in lower case": ('<boltaction type="file" filepath="a.html"><p>hi</p></boltaction>', (WRITTEN,)),
    "a path without a type": ('<boltAction filePath="a.html"><p>hi</p></boltAction>', (WRITTEN,)),
    "a path with a leading dot": (file("./a.html", "<p>hi</p>"), (WRITTEN,)),
    "a path with spaces around it": (file(" a.html ", "<p>hi</p>"), (WRITTEN,)),
    "a path under bolt.diy's work folder": (file("/home/project/a.html", "<p>hi</p>"), (WRITTEN,)),
    "a path that leaves the workspace is for the workspace to refuse": (
        file("../../etc/passwd", "x"),
        (WriteFile("../../etc/passwd", b"x\n"),),
    ),
    "two files": (artifact(PAGE, file("b.css", "p{}")), (WRITTEN, WriteFile("b.css", b"p{}\n"))),
    "two artifacts": (
        artifact(PAGE) + "\nand\n" + artifact(file("b.css", "p{}")),
        (WRITTEN, WriteFile("b.css", b"p{}\n")),
    ),
    "the artifact in a fence": (f"```xml\n{artifact(PAGE)}\n```", (WRITTEN,)),
    "a deletion": ('<boltAction type="delete" filePath="a.html"/>', (DeleteFile("a.html"),)),
    "a deletion with an empty body": (
        '<boltAction type="delete" filePath="a.html"></boltAction>',
        (DeleteFile("a.html"),),
    ),
    "a rename": ('<boltAction type="rename" filePath="a" newPath="b/c"/>', (RenameFile("a", "b/c"),)),
    "edits keep their order": (
        artifact(
            '<boltAction type="delete" filePath="a.html"/>',
            PAGE,
            '<boltAction type="rename" filePath="a" newPath="b"/>',
        ),
        (DeleteFile("a.html"), WRITTEN, RenameFile("a", "b")),
    ),
    "shell and start actions": (
        artifact(
            '<boltAction type="shell">npm i</boltAction>', PAGE, '<boltAction type="start">npm run dev</boltAction>'
        ),
        (WRITTEN,),
    ),
    "the same file twice": (artifact(file("a.html", "old"), PAGE), (WriteFile("a.html", b"old\n"), WRITTEN)),
    "a file that is empty": (file("a.html", ""), (WriteFile("a.html", b""),)),
    "an end token of a chat template": (artifact(PAGE) + "<|im_end|>", (WRITTEN,)),
    "two end tokens": (artifact(PAGE) + "<|im_end|>\n<|endoftext|>", (WRITTEN,)),
    "reasoning first": (f"<think>{file('b', 'draft')}</think>{PAGE}", (WRITTEN,)),
    "reasoning twice": (f"<think>a</think>\n<thinking>b</thinking>\n{PAGE}", (WRITTEN,)),
    "reasoning that was opened by the chat template": (f"maybe {file('b', 'draft')}\n</think>\n{PAGE}", (WRITTEN,)),
    "a tag of reasoning inside a file": (
        file("a.js", "s.split(/<think>|<\\/think>/)\n</think>\nx"),
        (WriteFile("a.js", b"s.split(/<think>|<\\/think>/)\n</think>\nx\n"),),
    ),
    "a copy of feedback in the prose": (f"The screenshot got 5/5. [feedback] score: 5\n{PAGE}", (WRITTEN,)),
    "prose in another language": (f"这是您的网站。\n{PAGE}\nГотово.", (WRITTEN,)),
    "a greater-than sign in the title": ('<boltArtifact title="a > b">' + PAGE, (WRITTEN,)),
    "search/replace blocks after a file": (
        f"{PAGE}\nb.js\n<<<<<<< SEARCH\n1\n=======\n2\n>>>>>>> REPLACE",
        (WRITTEN, PatchFile("b.js", (Hunk("1\n", "2\n"),))),
    ),
}


@pytest.mark.parametrize(("text", "edits"), EDITS.values(), ids=EDITS)
def test_bolt_edits_are_read_from(text: str, edits: tuple[Edit, ...]) -> None:
    reply = read(text)
    assert (reply.faults, reply.edits, reply.dialect) == ((), edits, Dialect.BOLT)


LONG_PROSE = " ".join(chr(97 + n % 26) * (n % 7 + 1) for n in range(120))  # 600 characters, not a loop

CONTROLS = {
    "a self-closing tag": (FINISH, Control.FINISH),
    "a validation": (VALIDATE, Control.VALIDATE),
    "a backtrack": (BACKTRACK, Control.BACKTRACK),
    "an empty body": ('<boltAction type="finish"></boltAction>', Control.FINISH),
    "a body of white space": ('<boltAction type="finish">\n</boltAction>', Control.FINISH),
    "a body of words": ('<boltAction type="finish">All done!</boltAction>', Control.FINISH),
    "a tag that is never closed": ('<boltAction type="finish">', Control.FINISH),
    "single quotes and a space": ("<boltAction type='finish' />", Control.FINISH),
    "an artifact around it": (artifact(FINISH), Control.FINISH),
    "prose before it on its line": (f"The site is complete. {FINISH}", Control.FINISH),
    "prose of more than 400 characters": (f"{LONG_PROSE}\n{FINISH}", Control.FINISH),
    "the same word twice": (f"{FINISH}\n{FINISH}", Control.FINISH),
    "a fence around it": (f"```xml\n{FINISH}\n```", Control.FINISH),
    "capitals": ('<boltAction type="Finish"/>', Control.FINISH),
}


@pytest.mark.parametrize(("text", "control"), CONTROLS.values(), ids=CONTROLS)
def test_a_control_word_is_read_from(text: str, control: Control) -> None:
    reply = read(text)
    assert (reply.faults, reply.control, reply.edits) == ((), control, ())


def test_a_control_word_does_not_drop_the_files_beside_it() -> None:
    reply = read(artifact(PAGE) + FINISH)
    assert (reply.edits, reply.control) == ((WRITTEN,), Control.FINISH)


NOT_CONTROLS = {
    "a file's content": file("a.md", f"Say {FINISH} to finish."),
    "a file that only holds the tag": file("a.md", FINISH),
    "a file's content in single quotes": file("a.js", f"const tag = '{FINISH}'"),
    "an attribute of a file": '<boltAction type="file" filePath="finish.html">finish</boltAction>',
    "a file's content below a stray end of reasoning": file("a.md", f"\n</think>\n{FINISH}\n"),
    "the word in prose": PAGE + "\nI will finish, then screenshot_validated.",
    "a code span in prose": f"{PAGE}\nLater I will write `{FINISH}` to end.",
    "a code span with more in it": f"{PAGE}\nLater I will write `a {FINISH} b` to end.",
    "reasoning": f"<think>\n{FINISH}\n</think>\n{PAGE}",
    "a shell action": f"<boltAction type=\"shell\">echo '{FINISH}'</boltAction>{PAGE}",
    "HTML entities": f'{PAGE}\n&lt;boltAction type="finish"/&gt;',
    "the title of the artifact": f'<boltArtifact title="finish">{PAGE}',
    "a search/replace block": f"a.md\n<<<<<<< SEARCH\n{FINISH}\n=======\n{BACKTRACK}\n>>>>>>> REPLACE",
    "a diff": f"```diff\n--- a/a.md\n+++ b/a.md\n@@ @@\n {VALIDATE}\n-{FINISH}\n+{BACKTRACK}\n```",
    "a diff that lost its marks": f"```diff\n--- a/a.md\n+++ b/a.md\n@@ @@\n{VALIDATE}\n-x\n```",
    "a tool call's string": '{"tool_calls":[{"function":{"name":"write_file","arguments":'
    '{"path":"a.md","content":"\\n<boltAction type=\'finish\'/>\\n"}}}]}',
    "the middle of a line": f"a.md\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\nNot yet {FINISH} here.",
}


@pytest.mark.parametrize("text", NOT_CONTROLS.values(), ids=NOT_CONTROLS)
def test_no_control_word_is_read_from(text: str) -> None:
    reply = read(text)
    assert (reply.faults, reply.control, len(reply.edits)) == ((), None, 1)


FAULTS: dict[str, tuple[str, FaultCode]] = {
    "nothing": ("", FaultCode.EMPTY),
    "white space": (" \n\t\r\n ", FaultCode.EMPTY),
    "an end token alone": ("<|im_end|>", FaultCode.EMPTY),
    "prose": ("I would build a bakery site with three pages.", FaultCode.NO_ACTION),
    "a refusal": ("I'm sorry, but I can't help with that.", FaultCode.NO_ACTION),
    "another language": ("申し訳ありませんが、できません。", FaultCode.NO_ACTION),
    "a page in a fence without a path": ("```html\n<p>hi</p>\n```", FaultCode.NO_ACTION),
    "only reasoning": ("<think>hm</think>", FaultCode.NO_ACTION),
    "reasoning that never ends": (f"<think>hm\n{PAGE}\n{FINISH}", FaultCode.CUT_OFF),
    "an artifact without actions": (artifact(), FaultCode.NO_ACTION),
    "only a shell action": ('<boltAction type="shell">npm i</boltAction>', FaultCode.NO_ACTION),
    "only a tag in a code span": (f"I will write `{FINISH}` later.", FaultCode.NO_ACTION),
    "a file that is cut off": (artifact(PAGE) + '<boltAction type="file" filePath="b.css">p {', FaultCode.CUT_OFF),
    "a closing tag that is cut off": (PAGE[:-4], FaultCode.CUT_OFF),
    "an opening tag that is cut off": (PAGE + '\n<boltAction type="fi', FaultCode.CUT_OFF),
    "an opening tag that is cut in its name": (PAGE + "\n<boltAc", FaultCode.CUT_OFF),
    "an artifact that is cut in its tag": (PAGE + '\n<boltArtifact id="b', FaultCode.CUT_OFF),
    "a shell action that is cut off": (PAGE + '\n<boltAction type="shell">npm', FaultCode.CUT_OFF),
    "a file inside a file that is open": (
        '<boltAction type="file" filePath="a">x\n<boltAction type="file" filePath="b">y</boltAction>',
        FaultCode.BAD_TAG,
    ),
    "a start action inside a file that is open": (
        '<boltAction type="file" filePath="a">x\n<boltAction type="start">npm run dev</boltAction>',
        FaultCode.BAD_TAG,
    ),
    "a control word inside a file that is open": (
        f'<boltAction type="file" filePath="a">x\n{FINISH}',
        FaultCode.CUT_OFF,
    ),
    "a closing tag inside a file's content": (
        file("a.md", "A file ends with </boltAction>, remember.</boltAction>\nAnd more"),
        FaultCode.BAD_TAG,
    ),
    "a file without a path": ('<boltAction type="file">x</boltAction>', FaultCode.BAD_TAG),
    "a file with an empty path": (file("", "x"), FaultCode.BAD_TAG),
    "a file with a path of spaces": (file("  ", "x"), FaultCode.BAD_TAG),
    "a file without content": ('<boltAction type="file" filePath="a"/>', FaultCode.BAD_TAG),
    "a deletion without a path": ('<boltAction type="delete"/>', FaultCode.BAD_TAG),
    "a rename without its new path": ('<boltAction type="rename" filePath="a"/>', FaultCode.BAD_TAG),
    "a type that does not exist": ('<boltAction type="fil" filePath="a">x</boltAction>', FaultCode.BAD_TAG),
    "no type and no path": ("<boltAction>x</boltAction>", FaultCode.BAD_TAG),
    "a quote that is never closed": (
        '<boltAction type="file" filePath="a.html>\n<p>\n</boltAction>',
        FaultCode.BAD_TAG,
    ),
    "the markup in HTML entities": (
        '&lt;boltAction type="file" filePath="a"&gt;x&lt;/boltAction&gt;',
        FaultCode.BAD_TAG,
    ),
    "two control words": (f"{FINISH}\n{BACKTRACK}", FaultCode.TWO_CONTROLS),
    "a validation and a finish beside files": (f"{artifact(PAGE)}{VALIDATE}{FINISH}", FaultCode.TWO_CONTROLS),
}


@pytest.mark.parametrize(("text", "code"), FAULTS.values(), ids=FAULTS)
def test_a_reply_is_malformed_by(text: str, code: FaultCode) -> None:
    assert codes(read(text)) == [code]


@pytest.mark.parametrize(("text", "code"), FAULTS.values(), ids=FAULTS)
def test_a_malformed_reply_carries_nothing_to_apply(text: str, code: FaultCode) -> None:
    reply = read(text)
    assert (reply.edits, reply.control) == ((), None), code


@pytest.mark.parametrize(("text", "code"), FAULTS.values(), ids=FAULTS)
def test_a_fault_tells_the_format_in_six_lines_or_fewer(text: str, code: FaultCode) -> None:
    (fault,) = read(text).faults
    assert len(fault.message.splitlines()) <= 6
    assert "boltAction" in fault.message, code


CONTENTS = {
    "it starts at its first line": ("a.html", "\n<p>\n", "<p>\n"),
    "a second newline at the start stays": ("a.txt", "\n\na\n", "\na\n"),
    "indentation of the first line stays": ("a.txt", "\n  a\n", "  a\n"),
    "it ends with a newline": ("a.txt", "a", "a\n"),
    "a blank line at the end stays": ("a.txt", "a\n\n", "a\n\n"),
    "the indentation of the closing tag goes": ("a.txt", "\na\n  ", "a\n"),
    "white space alone is an empty file": ("a.txt", "\n   ", ""),
    "CRLF stays": ("a.txt", "\r\na\r\nb\r\n", "a\r\nb\r\n"),
    "the newline at the end is of the same kind": ("a.txt", "a\r\nb", "a\r\nb\r\n"),
    "a fence round a file is taken off": ("a.js", "\n```js\nlet a\n```\n", "let a\n"),
    "a fence without a language is taken off": ("a.js", "```\nlet a\n```", "let a\n"),
    "a fence keeps the first indentation": ("a.py", "```python\n  a\n```", "  a\n"),
    "a fence with CRLF is taken off": ("a.js", "```js\r\nlet a\r\n```\r\n", "let a\r\n"),
    "fences inside stay": ("a.js", "`\n```js\n```\n`", "`\n```js\n```\n`\n"),
    "a fence that only opens stays": ("a.js", "```js\nlet a\n", "```js\nlet a\n"),
    "a fence in a markdown file stays": ("a.md", "```js\nlet a\n```\n", "```js\nlet a\n```\n"),
    "a fence of markdown round a markdown file is taken off": (
        "a.md",
        "```markdown\n# A\n```sh\nls\n```\n```",
        "# A\n```sh\nls\n```\n",
    ),
    "an encoded page is decoded": ("a.html", '&lt;p class="a"&gt;hi&lt;/p&gt;', '<p class="a">hi</p>\n'),
    "an encoded component is decoded beside plain arrows": (
        "a.jsx",
        "x.map(a => (&lt;b onClick={() =&gt; f()}&gt;{a && b &amp;&amp; c}&lt;/b&gt;))",
        "x.map(a => (<b onClick={() => f()}>{a && b && c}</b>))\n",
    ),
    "an encoded program is decoded by its arrows": ("a.js", "f(() =&gt; 1)", "f(() => 1)\n"),
    "an encoded program is decoded by its loop": ("a.js", "for (;i &lt; n; i++) f()", "for (;i < n; i++) f()\n"),
    "an encoded style is decoded": ("a.css", "ul &gt; li { a: b }", "ul > li { a: b }\n"),
    "a style with a plain combinator is left alone": (
        "a.css",
        'ul > li { content: "a &gt; b" }',
        'ul > li { content: "a &gt; b" }\n',
    ),
    "decoding happens once": ("a.html", "&lt;p&gt;&amp;lt;b&amp;gt; &amp;nbsp;&lt;/p&gt;", "<p>&lt;b&gt; &nbsp;</p>\n"),
    "quotes that were encoded are decoded": (
        "a.html",
        "&lt;p id=&quot;a&quot; b=&#39;c&#39;&gt;",
        "<p id=\"a\" b='c'>\n",
    ),
    "quotes that the encoder left are not": ("a.html", '&lt;p id="a"&gt;&quot;hi&quot;', '<p id="a">&quot;hi&quot;\n'),
    "entities other than the five stay": ("a.html", "&lt;p&gt;&copy; &nbsp; &euro;", "<p>&copy; &nbsp; &euro;\n"),
    "a page with both is left alone": ("a.html", "<code>&lt;p&gt;</code>", "<code>&lt;p&gt;</code>\n"),
    "a program with an entity in a string is left alone": ("a.js", "s = 'Home &gt; Shop'", "s = 'Home &gt; Shop'\n"),
    "an escaping program is left alone": ("a.js", "s.replace(/</g, '&lt;')", "s.replace(/</g, '&lt;')\n"),
    "prose with entities is left alone": ("a.md", "&lt;p&gt;", "&lt;p&gt;\n"),
    "JSON with entities is left alone": ("a.json", '{"a": "&lt;p&gt;"}', '{"a": "&lt;p&gt;"}\n'),
    "a query string is left alone": ("a.html", "<a href='?a=1&copy=2&reg=3'>", "<a href='?a=1&copy=2&reg=3'>\n"),
    "a tag of ours without an action inside it stays": ("a.md", "Use <boltAction> tags.", "Use <boltAction> tags.\n"),
    "an opening tag in a code span stays": (
        "a.md",
        'Open `<boltAction type="file" filePath="x">` first.',
        'Open `<boltAction type="file" filePath="x">` first.\n',
    ),
    "an artifact's tags stay": ("a.md", "<boltArtifact>x</boltArtifact>", "<boltArtifact>x</boltArtifact>\n"),
    "a NUL stays": ("a.txt", "a\0b", "a\0b\n"),
    "a byte order mark stays": ("a.txt", "\ufeffa", "\ufeffa\n"),
    "conflict markers stay": ("a.txt", "<<<<<<< HEAD\n", "<<<<<<< HEAD\n"),
    "a whole diff stays": ("a.diff", "--- a/x\n+++ b/x\n@@ @@\n-1\n+2\n", "--- a/x\n+++ b/x\n@@ @@\n-1\n+2\n"),
    "a tool call stays": ("a.json", '{"tool_calls": [{"function": 1}]}', '{"tool_calls": [{"function": 1}]}\n'),
}


@pytest.mark.parametrize(("path", "body", "content"), CONTENTS.values(), ids=CONTENTS)
def test_of_a_file_s_content(path: str, body: str, content: str) -> None:
    assert only_content(read(file(path, body))) == content


NOTES = {
    "a shell action": ('<boltAction type="shell">npm i</boltAction>' + PAGE, "ignored"),
    "entities that were decoded": (file("a.html", "&lt;p&gt;"), "decoded: 'a.html'"),
    "a file that is written twice": (PAGE + PAGE, "'a.html' was written 2 times"),
    "a lone surrogate": (file("a.txt", "a\ud800b"), "U+FFFD"),
    "a diff beside files": (PAGE + "\n--- a/x\n+++ b/x\n@@ @@\n-1\n+2\n", "A diff beside the bolt actions was ignored"),
}


@pytest.mark.parametrize(("text", "part"), NOTES.values(), ids=NOTES)
def test_the_model_is_told_of(text: str, part: str) -> None:
    reply = read(text)
    assert reply.faults == ()
    assert any(part in note for note in reply.notes)


def test_a_lone_surrogate_becomes_the_replacement_character() -> None:
    assert only_content(read(file("a.txt", "a\ud800b"))) == "a\ufffdb\n"


def test_a_reply_of_the_limit_is_read() -> None:
    assert read(PAGE, replace(Limits(), reply_bytes=len(PAGE))).faults == ()


def test_a_reply_over_the_limit_is_refused_with_both_numbers() -> None:
    reply = read(PAGE, replace(Limits(), reply_bytes=len(PAGE) - 1))
    assert codes(reply) == [FaultCode.TOO_LARGE]
    assert str(len(PAGE)) in reply.faults[0].message
    assert str(len(PAGE) - 1) in reply.faults[0].message


def test_the_limit_counts_bytes() -> None:
    text = file("a.txt", "é" * 100)
    assert codes(read(text, replace(Limits(), reply_bytes=len(text)))) == [FaultCode.TOO_LARGE]


def test_a_loop_is_refused() -> None:
    rules = "".join(f".card-{n} {{ color: #{n:06x}; padding: {n}px {2 * n}px; margin: 0 auto; }}\n" for n in range(40))
    assert codes(read(file("a.css", rules))) == [FaultCode.REPETITION]


def test_a_loop_that_is_cut_off_is_told_as_both() -> None:
    text = '<boltAction type="file" filePath="a.css">' + ".a { color: red; background: url(x.png) } " * 40
    assert codes(read(text)) == [FaultCode.CUT_OFF, FaultCode.REPETITION]


def test_two_copies_are_no_loop() -> None:
    rules = "".join(f".card-{chr(97 + n)}x{n * n} {{ color: {n}; grid: {chr(110 - n) * 9} }}\n" for n in range(12))
    assert read(file("a.css", rules) + file("b.css", rules)).faults == ()


def test_a_short_text_is_no_loop() -> None:
    assert read(f"{FINISH}\n" * 3).faults == ()
