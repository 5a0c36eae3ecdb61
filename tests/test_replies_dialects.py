"""Search/replace blocks, unified diffs and tool calls."""

from __future__ import annotations

import json

import pytest

from webgen_gym.replies import describe, read
from webgen_gym.types import (
    Control,
    DeleteFile,
    Dialect,
    Edit,
    FaultCode,
    Hunk,
    PatchFile,
    RenameFile,
    WriteFile,
)

FINISH = '<boltAction type="finish"/>'


def block(search: str, replace: str) -> str:
    return f"<<<<<<< SEARCH\n{search}=======\n{replace}>>>>>>> REPLACE"


BLOCK = block("old\n", "new\n")
PATCH = PatchFile("src/App.jsx", (Hunk("old\n", "new\n"),))

BLOCKS: dict[str, tuple[str, tuple[Edit, ...]]] = {
    "the path above": (f"src/App.jsx\n{BLOCK}", (PATCH,)),
    "a fence round the block": (f"src/App.jsx\n```jsx\n{BLOCK}\n```", (PATCH,)),
    "a fence round path and block": (f"```\nsrc/App.jsx\n{BLOCK}\n```", (PATCH,)),
    "the path behind the fence": (f"```jsx src/App.jsx\n{BLOCK}\n```", (PATCH,)),
    "the path behind the language and a colon": (f"```jsx:src/App.jsx\n{BLOCK}\n```", (PATCH,)),
    "a path in backticks": (f"`src/App.jsx`\n{BLOCK}", (PATCH,)),
    "a path in bold": (f"**src/App.jsx**\n{BLOCK}", (PATCH,)),
    "a path as a heading": (f"### src/App.jsx\n{BLOCK}", (PATCH,)),
    "a path with a colon": (f"src/App.jsx:\n{BLOCK}", (PATCH,)),
    "a path with a label": (f"File: src/App.jsx\n{BLOCK}", (PATCH,)),
    "a path in a list": (f"1. src/App.jsx\n{BLOCK}", (PATCH,)),
    "a path as a comment": (f"// src/App.jsx\n{BLOCK}", (PATCH,)),
    "a path within a sentence": (f"Now change `src/App.jsx` so:\n{BLOCK}", (PATCH,)),
    "a blank line below the path": (f"src/App.jsx\n\n{BLOCK}", (PATCH,)),
    "prose around": (f"I fix the bug.\n\nsrc/App.jsx\n{BLOCK}\nDone.", (PATCH,)),
    "a path with spaces in backticks": (f"`my page.html`\n{BLOCK}", (PatchFile("my page.html", PATCH.hunks),)),
    "a name without a dot": (f"Makefile\n{BLOCK}", (PatchFile("Makefile", PATCH.hunks),)),
    "a hidden file": (f".env\n{BLOCK}", (PatchFile(".env", PATCH.hunks),)),
    "CRLF": (f"src/App.jsx\n{BLOCK}\n".replace("\n", "\r\n"), (PATCH,)),
    "markers of another length": (
        "src/App.jsx\n<<<<<< SEARCH\nold\n======\nnew\n>>>>>> REPLACE",
        (PATCH,),
    ),
    "two blocks of one file": (
        f"src/App.jsx\n{BLOCK}\n\n{block('a' + chr(10), 'b' + chr(10))}",
        (PatchFile("src/App.jsx", (*PATCH.hunks, Hunk("a\n", "b\n"))),),
    ),
    "two blocks of one file with prose between": (
        f"src/App.jsx\n{BLOCK}\nAnd the same below:\n{block('a' + chr(10), 'b' + chr(10))}",
        (PatchFile("src/App.jsx", (*PATCH.hunks, Hunk("a\n", "b\n"))),),
    ),
    "two files": (f"src/App.jsx\n{BLOCK}\nb.css\n{BLOCK}", (PATCH, PatchFile("b.css", PATCH.hunks))),
    "two files in fences": (
        f"src/App.jsx\n```jsx\n{BLOCK}\n```\n\nb.css\n```css\n{BLOCK}\n```",
        (PATCH, PatchFile("b.css", PATCH.hunks)),
    ),
    "a new file": (f"a.txt\n{block('', 'x' + chr(10))}", (PatchFile("a.txt", (Hunk("", "x\n"),)),)),
    "lines that go": (f"a.txt\n{block('x' + chr(10), '')}", (PatchFile("a.txt", (Hunk("x\n", ""),)),)),
    "a divider in the replacement": (
        f"a.md\n{block('Title' + chr(10), 'Title' + chr(10) + '=======' + chr(10))}",
        (PatchFile("a.md", (Hunk("Title\n", "Title\n=======\n"),)),),
    ),
    "bolt tags in a block": (
        f"a.md\n{block(FINISH + chr(10), '</boltAction>' + chr(10))}",
        (PatchFile("a.md", (Hunk(FINISH + "\n", "</boltAction>\n"),)),),
    ),
    "a deletion beside": (
        f'src/App.jsx\n{BLOCK}\n<boltAction type="delete" filePath="b"/>',
        (PATCH, DeleteFile("b")),
    ),
    "a whole file beside": (
        f'src/App.jsx\n{BLOCK}\n<boltAction type="file" filePath="b">x</boltAction>',
        (PATCH, WriteFile("b", b"x\n")),
    ),
    "an artifact around": (f'<boltArtifact id="a">\nsrc/App.jsx\n{BLOCK}\n</boltArtifact>', (PATCH,)),
}


@pytest.mark.parametrize(("text", "edits"), BLOCKS.values(), ids=BLOCKS)
def test_search_replace_blocks_are_read_with(text: str, edits: tuple[Edit, ...]) -> None:
    reply = read(text)
    assert (reply.faults, reply.edits, reply.dialect) == ((), edits, Dialect.SEARCH_REPLACE)


def diff(body: str, old: str = "a/a.js", new: str = "b/a.js") -> str:
    return f"--- {old}\n+++ {new}\n{body}"


def fenced(text: str) -> str:
    return f"```diff\n{text}\n```"


ONE = "@@ -1,3 +1,3 @@\n let a\n-let b\n+let c\n let d"
CHANGED = PatchFile("a.js", (Hunk("let a\nlet b\nlet d\n", "let a\nlet c\nlet d\n"),))

DIFFS: dict[str, tuple[str, tuple[Edit, ...]]] = {
    "a fence": (fenced(diff(ONE)), (CHANGED,)),
    "no fence": (diff(ONE), (CHANGED,)),
    "git's header": (fenced("diff --git a/a.js b/a.js\nindex 1..2 100644\n" + diff(ONE)), (CHANGED,)),
    "no a/ and b/": (fenced(diff(ONE, "a.js", "a.js")), (CHANGED,)),
    "an a/ only": (fenced(diff(ONE, "a/a.js", "a.js")), (CHANGED,)),
    "time stamps": (fenced(diff(ONE, "a.js\t2025-01-01 10:00", "a.js\t2025-01-02 10:00")), (CHANGED,)),
    "quoted paths": (fenced(diff(ONE, '"a/a.js"', '"b/a.js"')), (CHANGED,)),
    "wrong line numbers": (fenced(diff(ONE.replace("1,3", "97,12"))), (CHANGED,)),
    "no line numbers": (fenced(diff(ONE.replace("-1,3 +1,3", "...", 1))), (CHANGED,)),
    "bare @@": (fenced(diff(ONE.replace("@@ -1,3 +1,3 @@", "@@"))), (CHANGED,)),
    "no @@ at all": (fenced(diff(ONE.partition("\n")[2])), (CHANGED,)),
    "CRLF": (fenced(diff(ONE)).replace("\n", "\r\n"), (CHANGED,)),
    "a patch fence": (fenced(diff(ONE)).replace("```diff", "```patch"), (CHANGED,)),
    "prose around": (f"I rename it.\n\n{fenced(diff(ONE))}\n\nThat is all.", (CHANGED,)),
    "prose after, without a fence": (diff(ONE) + "\n\nThat is all.", (CHANGED,)),
    "a blank context line that lost its space": (
        fenced(diff("@@ @@\n let a\n\n-let b\n+let c")),
        (PatchFile("a.js", (Hunk("let a\n\nlet b\n", "let a\n\nlet c\n"),)),),
    ),
    "context lines that lost their space": (fenced(diff("@@ @@\nlet a\n-let b\n+let c\nlet d")), (CHANGED,)),
    "two hunks": (
        fenced(diff(ONE + "\n@@ -9 +9 @@\n-x\n+y")),
        (PatchFile("a.js", (*CHANGED.hunks, Hunk("x\n", "y\n"))),),
    ),
    "two files": (
        fenced(diff(ONE) + "\n" + diff("@@ @@\n-x\n+y", "a/b.js", "b/b.js")),
        (CHANGED, PatchFile("b.js", (Hunk("x\n", "y\n"),))),
    ),
    "two fences": (
        fenced(diff(ONE)) + "\nand\n" + fenced(diff("@@ @@\n-x\n+y", "a/b.js", "b/b.js")),
        (CHANGED, PatchFile("b.js", (Hunk("x\n", "y\n"),))),
    ),
    "a new file": (fenced(diff("@@ -0,0 +1,2 @@\n+a\n+b", "/dev/null", "b/n.js")), (WriteFile("n.js", b"a\nb\n"),)),
    "a new file without a newline at its end": (
        fenced(diff("@@ -0,0 +1 @@\n+a\n\\ No newline at end of file", "/dev/null", "b/n.js")),
        (WriteFile("n.js", b"a"),),
    ),
    "a new file in git's words": (
        fenced("diff --git a/n.js b/n.js\nnew file mode 100644\n" + diff("@@ -0,0 +1 @@\n+a", "a/n.js", "b/n.js")),
        (WriteFile("n.js", b"a\n"),),
    ),
    "an empty new file": (
        fenced("diff --git a/n.js b/n.js\nnew file mode 100644\nindex 0000000..e69de29"),
        (WriteFile("n.js", b""),),
    ),
    "the first lines of an empty file": (
        fenced(diff("@@ -0,0 +1 @@\n+a")),
        (PatchFile("a.js", (Hunk("", "a\n"),)),),
    ),
    "a deletion": (fenced(diff("@@ -1 +0,0 @@\n-x", "a/a.js", "/dev/null")), (DeleteFile("a.js"),)),
    "a deletion in git's words": (
        fenced("diff --git a/a.js b/a.js\ndeleted file mode 100644\nindex 1..0"),
        (DeleteFile("a.js"),),
    ),
    "a rename": (
        fenced("diff --git a/a.js b/lib/b.js\nsimilarity index 100%\nrename from a.js\nrename to lib/b.js"),
        (RenameFile("a.js", "lib/b.js"),),
    ),
    "a rename with changes": (
        fenced(
            "diff --git a/a.js b/b.js\nrename from a.js\nrename to b.js\n" + diff("@@ @@\n-x\n+y", "a/a.js", "b/b.js")
        ),
        (RenameFile("a.js", "b.js"), PatchFile("b.js", (Hunk("x\n", "y\n"),))),
    ),
    "a rename before the paths of another file": (
        fenced(
            "diff --git a/a.js b/b.js\nrename from a.js\nrename to b.js\n" + diff("@@ @@\n-x\n+y", "a/c.js", "b/c.js")
        ),
        (RenameFile("a.js", "b.js"), PatchFile("c.js", (Hunk("x\n", "y\n"),))),
    ),
    "a removed line of dashes": (
        fenced(diff("@@ @@\n--- a comment\n+-- another")),
        (PatchFile("a.js", (Hunk("-- a comment\n", "-- another\n"),)),),
    ),
    "a fence in the file": (
        fenced(diff("@@ @@\n ```\n-x\n+y\n ```")),
        (PatchFile("a.js", (Hunk("```\nx\n```\n", "```\ny\n```\n"),)),),
    ),
    "a hunk that changes nothing beside one that does": (
        fenced(diff("@@ @@\n same\n" + ONE)),
        (CHANGED,),
    ),
    "a bolt deletion beside": (
        fenced(diff(ONE)) + '\n<boltAction type="delete" filePath="b"/>',
        (CHANGED, DeleteFile("b")),
    ),
}


@pytest.mark.parametrize(("text", "edits"), DIFFS.values(), ids=DIFFS)
def test_a_diff_is_read_with(text: str, edits: tuple[Edit, ...]) -> None:
    reply = read(text)
    assert (reply.faults, reply.edits, reply.dialect) == ((), edits, Dialect.UNIFIED_DIFF)


def call(name: str, **arguments: object) -> dict[str, object]:
    return {"function": {"name": name, "arguments": json.dumps(arguments)}}


def calls(*made: dict[str, object]) -> str:
    return json.dumps({"tool_calls": made})


WRITE = call("write_file", path="a.html", content="<p>\n")
WRITTEN = WriteFile("a.html", b"<p>\n")
PLAIN = {"name": "write_file", "arguments": {"path": "a.html", "content": "<p>\n"}}

TOOL_CALLS: dict[str, tuple[str, tuple[Edit, ...]]] = {
    "an object of calls": (calls(WRITE), (WRITTEN,)),
    "ids and types": (json.dumps({"tool_calls": [{"id": "call_1", "type": "function", **WRITE}]}), (WRITTEN,)),
    "a whole message": (json.dumps({"role": "assistant", "content": None, "tool_calls": [WRITE]}), (WRITTEN,)),
    "one call": (json.dumps(WRITE), (WRITTEN,)),
    "one plain call": (json.dumps(PLAIN), (WRITTEN,)),
    "a list of plain calls": (json.dumps([PLAIN, PLAIN]), (WRITTEN, WRITTEN)),
    "an old function_call": (json.dumps({"function_call": PLAIN}), (WRITTEN,)),
    "parameters instead of arguments": (
        json.dumps({"name": "write_file", "parameters": PLAIN["arguments"]}),
        (WRITTEN,),
    ),
    "input instead of arguments": (
        json.dumps({"type": "tool_use", "name": "write_file", "input": PLAIN["arguments"]}),
        (WRITTEN,),
    ),
    "arguments that are no string": (json.dumps({"tool_calls": [{"function": PLAIN}]}), (WRITTEN,)),
    "a prefix of the name": (json.dumps({**PLAIN, "name": "functions.write_file"}), (WRITTEN,)),
    "indented JSON": (json.dumps({"tool_calls": [WRITE]}, indent=2), (WRITTEN,)),
    "a fence": (f"```json\n{calls(WRITE)}\n```", (WRITTEN,)),
    "a fence without a language": (f"```\n{calls(WRITE)}\n```", (WRITTEN,)),
    "a fence and prose": (f"I write the page.\n\n```json\n{calls(WRITE)}\n```\nDone.", (WRITTEN,)),
    "a fence that is not closed": (f"```json\n{calls(WRITE)}", (WRITTEN,)),
    "two fences": (f"```json\n{calls(WRITE)}\n```\n```json\n{calls(WRITE)}\n```", (WRITTEN, WRITTEN)),
    "prose before a line of JSON": (f"I write the page.\n{calls(WRITE)}", (WRITTEN,)),
    "prose after the JSON": (f"{calls(WRITE)}\nDone.", (WRITTEN,)),
    "Qwen's tags": (
        f"<tool_call>\n{json.dumps(PLAIN)}\n</tool_call>\n<tool_call>{json.dumps(PLAIN)}</tool_call>",
        (WRITTEN, WRITTEN),
    ),
    "a sample of JSON in prose": (
        f'```json\n{{"name": "my-site", "version": "1"}}\n```\n```json\n{calls(WRITE)}\n```',
        (WRITTEN,),
    ),
    "an edit": (calls(call("edit_file", path="a", search="x", replace="y")), (PatchFile("a", (Hunk("x", "y"),)),)),
    "a patch": (
        calls(call("patch_file", path="a", hunks=[{"search": "x", "replace": "y"}, {"search": "1", "replace": ""}])),
        (PatchFile("a", (Hunk("x", "y"), Hunk("1", ""))),),
    ),
    "a deletion": (calls(call("delete_file", path="a")), (DeleteFile("a"),)),
    "a rename": (calls(call("rename_file", path="a", new_path="b")), (RenameFile("a", "b"),)),
    "real newlines in strings": (
        '{"name": "write_file", "arguments": {"path": "a.html", "content": "<p>\n"}}',
        (WRITTEN,),
    ),
    "content exactly as it is": (
        calls(call("write_file", path="a.html", content="\n&lt;p&gt; ```\r\n ")),
        (WriteFile("a.html", b"\n&lt;p&gt; ```\r\n "),),
    ),
    "bolt tags in content": (
        calls(call("write_file", path="a.md", content=f"{FINISH}\n</boltAction>")),
        (WriteFile("a.md", f"{FINISH}\n</boltAction>".encode()),),
    ),
    "half a surrogate pair": (
        '{"name": "write_file", "arguments": {"path": "a", "content": "\\ud83d"}}',
        (WriteFile("a", "\ufffd".encode()),),
    ),
    "a fence round bolt tags in content": (
        f"```json\n{calls(call('write_file', path='a.md', content='<boltAction>'))}\n```",
        (WriteFile("a.md", b"<boltAction>"),),
    ),
}


@pytest.mark.parametrize(("text", "edits"), TOOL_CALLS.values(), ids=TOOL_CALLS)
def test_tool_calls_are_read_with(text: str, edits: tuple[Edit, ...]) -> None:
    reply = read(text)
    assert (reply.faults, reply.edits, reply.dialect) == ((), edits, Dialect.TOOL_CALLS)


BESIDE: dict[str, tuple[str, tuple[Edit, ...]]] = {
    "blocks after a diff": (f"{fenced(diff(ONE))}\nsrc/App.jsx\n{BLOCK}", (CHANGED, PATCH)),
    "blocks after a tool call": (f"{calls(WRITE)}\nsrc/App.jsx\n{BLOCK}", (WRITTEN, PATCH)),
    "blocks and a file after a diff": (
        f'{fenced(diff(ONE))}\nsrc/App.jsx\n{BLOCK}\n<boltAction type="file" filePath="b">x</boltAction>',
        (CHANGED, PATCH, WriteFile("b", b"x\n")),
    ),
    "a file that holds a block, and a block, after a diff": (
        f'{fenced(diff(ONE))}\n<boltAction type="file" filePath="b">c\n{BLOCK}\n</boltAction>\nsrc/App.jsx\n{BLOCK}',
        (CHANGED, WriteFile("b", f"c\n{BLOCK}\n".encode()), PATCH),
    ),
}


@pytest.mark.parametrize(("text", "edits"), BESIDE.values(), ids=BESIDE)
def test_beside_the_first_dialect_are_read(text: str, edits: tuple[Edit, ...]) -> None:
    reply = read(text)
    assert (reply.faults, reply.edits) == ((), edits)


CONTROLS = {
    "search/replace blocks": f"a.js\n{BLOCK}\n{FINISH}",
    "a tag before the blocks": f"{FINISH}\na.js\n{BLOCK}",
    "a closed tag with indentation": f'a.js\n{BLOCK}\n  <boltAction type="finish"></boltAction>  \nBye.',
    "a diff in a fence": f"{fenced(diff(ONE))}\n{FINISH}",
    "a diff without a fence": f"{diff(ONE)}\n{FINISH}",
    "a tag before the diff": f"{FINISH}\n\n{fenced(diff(ONE))}",
    "a tag beside tool calls": f"```json\n{calls(WRITE)}\n```\n{FINISH}",
    "a tool": calls(WRITE, call("finish")),
    "a tool without arguments": json.dumps([PLAIN, {"name": "finish"}]),
    "a tool with null arguments": json.dumps([PLAIN, {"name": "finish", "arguments": None}]),
}


@pytest.mark.parametrize("text", CONTROLS.values(), ids=CONTROLS)
def test_a_control_word_stands_beside_edits_as(text: str) -> None:
    reply = read(text)
    assert (reply.faults, reply.control, len(reply.edits)) == ((), Control.FINISH, 1)


FAULTS: dict[str, tuple[str, FaultCode, Dialect]] = {
    "a block without a path": (BLOCK, FaultCode.BAD_PATCH, Dialect.SEARCH_REPLACE),
    "a block below prose": (f"I change this.\n{BLOCK}", FaultCode.BAD_PATCH, Dialect.SEARCH_REPLACE),
    "a block below the end of an artifact": (f"</boltArtifact>\n{BLOCK}", FaultCode.BAD_PATCH, Dialect.SEARCH_REPLACE),
    "a block that is cut off in its search": ("a.js\n<<<<<<< SEARCH\nold", FaultCode.CUT_OFF, Dialect.SEARCH_REPLACE),
    "a block that is cut off in its replacement": (
        "a.js\n<<<<<<< SEARCH\nold\n=======\nnew\n```",
        FaultCode.CUT_OFF,
        Dialect.SEARCH_REPLACE,
    ),
    "a second block that is cut off": (f"a.js\n{BLOCK}\n{BLOCK[:-9]}", FaultCode.CUT_OFF, Dialect.SEARCH_REPLACE),
    "a block without a divider": (
        "a.js\n<<<<<<< SEARCH\nold\n>>>>>>> REPLACE",
        FaultCode.BAD_PATCH,
        Dialect.SEARCH_REPLACE,
    ),
    "a block in a block": (f"a.js\n<<<<<<< SEARCH\nold\n{BLOCK}", FaultCode.BAD_PATCH, Dialect.SEARCH_REPLACE),
    "an empty block": (f"a.js\n{block('', '')}", FaultCode.BAD_PATCH, Dialect.SEARCH_REPLACE),
    "a block without its first line": (
        "a.js\nold\n=======\nnew\n>>>>>>> REPLACE",
        FaultCode.BAD_PATCH,
        Dialect.SEARCH_REPLACE,
    ),
    "a diff that is cut off": ("```diff\n" + diff(ONE), FaultCode.CUT_OFF, Dialect.UNIFIED_DIFF),
    "a diff without its header": (fenced(ONE), FaultCode.BAD_PATCH, Dialect.UNIFIED_DIFF),
    "a diff of plus and minus alone": (fenced("-a\n+b"), FaultCode.BAD_PATCH, Dialect.UNIFIED_DIFF),
    "a hunk of additions alone": (fenced(diff("@@ -9,0 +10 @@\n+x")), FaultCode.BAD_PATCH, Dialect.UNIFIED_DIFF),
    "a diff that changes nothing": (fenced(diff("@@ @@\n a")), FaultCode.BAD_PATCH, Dialect.UNIFIED_DIFF),
    "a diff without hunks": (fenced(diff("")), FaultCode.BAD_PATCH, Dialect.UNIFIED_DIFF),
    "a diff of two names": (fenced(diff(ONE, "a/a.js", "b/b.js")), FaultCode.BAD_PATCH, Dialect.UNIFIED_DIFF),
    "a diff from nowhere to nowhere": (
        fenced(diff(ONE, "/dev/null", "/dev/null")),
        FaultCode.BAD_PATCH,
        Dialect.UNIFIED_DIFF,
    ),
    "a binary patch": (
        fenced("diff --git a/a.png b/a.png\nindex 1..2\nBinary files a/a.png and b/a.png differ"),
        FaultCode.BAD_PATCH,
        Dialect.UNIFIED_DIFF,
    ),
    "an unknown tool": (calls(call("run_shell", command="ls")), FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "a missing argument": (calls(call("write_file", path="a")), FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "an argument of another type": (
        calls(call("write_file", path="a", content=["x"])),
        FaultCode.BAD_TOOL_CALL,
        Dialect.TOOL_CALLS,
    ),
    "an empty path": (calls(call("delete_file", path=" ")), FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "hunks that are no list": (
        calls(call("patch_file", path="a", hunks="x")),
        FaultCode.BAD_TOOL_CALL,
        Dialect.TOOL_CALLS,
    ),
    "no hunks": (calls(call("patch_file", path="a", hunks=[])), FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "arguments that are no JSON": (
        json.dumps({"tool_calls": [{"function": {"name": "finish", "arguments": "{"}}]}),
        FaultCode.BAD_TOOL_CALL,
        Dialect.TOOL_CALLS,
    ),
    "arguments that are a list": (
        json.dumps({"tool_calls": [{"function": {"name": "finish", "arguments": "[]"}}]}),
        FaultCode.BAD_TOOL_CALL,
        Dialect.TOOL_CALLS,
    ),
    "a call without a name": ('{"tool_calls": [{"function": {}}]}', FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "a call that is a word": ('{"tool_calls": ["finish"]}', FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "no calls": ('{"tool_calls": []}', FaultCode.NO_ACTION, Dialect.TOOL_CALLS),
    "JSON that is no call": ('{"index.html": "<p>"}', FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "an empty list": ("[]", FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "calls that are cut off": (calls(WRITE)[:-20], FaultCode.CUT_OFF, Dialect.TOOL_CALLS),
    "calls in a fence that are cut off": ("```json\n" + calls(WRITE)[:-3], FaultCode.CUT_OFF, Dialect.TOOL_CALLS),
    "a tag of Qwen that is cut off": ("<tool_call>" + json.dumps(PLAIN)[:-3], FaultCode.CUT_OFF, Dialect.TOOL_CALLS),
    "calls that are no JSON": ("{'tool_calls': []}", FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "a comma too many": (calls(WRITE)[:-2] + ",]}", FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "JSON nested too deeply": ("[" * 100_000, FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "a number that is too long": ("1".join(["[", "1" * 5000]) + "]", FaultCode.BAD_TOOL_CALL, Dialect.TOOL_CALLS),
    "two control words": (calls(call("finish"), call("backtrack")), FaultCode.TWO_CONTROLS, Dialect.TOOL_CALLS),
}


@pytest.mark.parametrize(("text", "code", "dialect"), FAULTS.values(), ids=FAULTS)
def test_a_reply_of_another_dialect_is_malformed_by(text: str, code: FaultCode, dialect: Dialect) -> None:
    reply = read(text)
    assert reply.faults[0].code is code
    assert (reply.dialect, reply.edits, reply.control) == (dialect, (), None)


@pytest.mark.parametrize(("text", "code", "dialect"), FAULTS.values(), ids=FAULTS)
def test_its_fault_tells_that_dialect_in_six_lines_or_fewer(text: str, code: FaultCode, dialect: Dialect) -> None:
    sign = {
        Dialect.SEARCH_REPLACE: "<<<<<<< SEARCH",
        Dialect.UNIFIED_DIFF: "+++ b/path",
        Dialect.TOOL_CALLS: "tool_calls",
    }
    message = read(text).faults[0].message
    assert len(message.splitlines()) <= 6
    assert sign[dialect] in message, code


@pytest.mark.parametrize("dialect", [dialect for dialect in Dialect if dialect is not Dialect.NONE])
def test_the_sample_in_a_description_is_a_reply_in_that_dialect(dialect: Dialect) -> None:
    sample = describe(dialect).replace('<boltAction type="backtrack"/>', "").replace('<boltAction type="finish"/>', "")
    reply = read(sample)
    assert reply.dialect is dialect
    assert reply.faults == ()


def test_half_a_call_does_not_finish_the_episode() -> None:
    text = (
        '{"tool_calls": [{"function": {"name": "write_file", "arguments": {"path": "a", "content": "\n'
        + FINISH.replace('"', "'")
    )
    assert read(text).control is None
