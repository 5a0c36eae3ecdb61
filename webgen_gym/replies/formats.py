"""The dialects as one tells them to a model.

``describe`` is the full instruction for a prompt; ``reminder`` is the short form that ends a fault.
"""

from __future__ import annotations

from webgen_gym.types import Dialect

_CONTROLS = """\
When you are done with a step you may write one control word, alone on its own line and outside every file:
<boltAction type="screenshot_validated"/>  the page looks right, test what it does
<boltAction type="finish"/>                the site is complete
<boltAction type="backtrack"/>             give up these changes and return to the best earlier state"""

_BOLT = f"""\
Write every file that you create or change whole, from its first line to its last, like this:
<boltArtifact id="site" title="A short title">
<boltAction type="file" filePath="index.html">
<!DOCTYPE html>
...
</boltAction>
<boltAction type="delete" filePath="old.html"/>
<boltAction type="rename" filePath="a.css" newPath="styles/a.css"/>
</boltArtifact>
Paths are relative to the root of the project. Write < and > as they are, not as &lt; and &gt;.
A file cannot contain `</boltAction>`. Shell and start actions are ignored: the site is installed and started for you.
{_CONTROLS}"""

_SEARCH_REPLACE = f"""\
Change a file by search/replace blocks. Put the path on the line above each block:
src/App.jsx
<<<<<<< SEARCH
the lines to replace, copied exactly from the file
=======
the lines to put in their place
>>>>>>> REPLACE
The lines to replace must be in the file exactly once; add lines around them until they are.
Leave them out to create a new file. To remove or move a file write, on a line of its own,
<boltAction type="delete" filePath="old.html"/> or <boltAction type="rename" filePath="a.css" newPath="b.css"/>.
{_CONTROLS}"""

_UNIFIED_DIFF = f"""\
Change files by a unified diff in a ```diff fence:
```diff
--- a/src/App.jsx
+++ b/src/App.jsx
@@ @@
 a line that stays, copied exactly from the file
-a line to remove
+a line to add
```
Each hunk needs at least one line that stays or goes, and together these must be in the file exactly once. Line
numbers are not used. A new file has /dev/null as its --- path, a removed file as its +++ path; a move has
"rename from" and "rename to" lines after "diff --git a/old b/new".
{_CONTROLS}"""

_TOOL_CALLS = """\
Answer with tool calls as one JSON object, alone or in a ```json fence:
{"tool_calls": [{"function": {"name": "write_file", "arguments": {"path": "index.html", "content": "..."}}}]}
The tools: write_file(path, content) writes a whole file; edit_file(path, search, replace) replaces the one place
where search stands; patch_file(path, hunks) does several, hunks being [{"search": "...", "replace": "..."}];
delete_file(path); rename_file(path, new_path); screenshot_validated() when the page looks right and what it does
should be tested; finish() when the site is complete; backtrack() to return to the best earlier state."""

_DESCRIPTIONS = {
    Dialect.BOLT: _BOLT,
    Dialect.SEARCH_REPLACE: _SEARCH_REPLACE,
    Dialect.UNIFIED_DIFF: _UNIFIED_DIFF,
    Dialect.TOOL_CALLS: _TOOL_CALLS,
    Dialect.NONE: _BOLT,
}

_BOLT_REMINDER = """\
Write each file whole, like this:
<boltArtifact id="site" title="Site">
<boltAction type="file" filePath="index.html">the whole file</boltAction>
</boltArtifact>
or one of <boltAction type="screenshot_validated"/> <boltAction type="finish"/> <boltAction type="backtrack"/>"""

_REMINDERS = {
    Dialect.BOLT: _BOLT_REMINDER,
    Dialect.SEARCH_REPLACE: """\
Write the path on a line of its own, and below it
<<<<<<< SEARCH
=======
>>>>>>> REPLACE
with the old lines above the ======= and the new lines below it.""",
    Dialect.UNIFIED_DIFF: """\
Write in a ```diff fence the lines
--- a/path
+++ b/path
@@ @@
and then each line with ' ', '-' or '+' before it; close the fence with ```.""",
    Dialect.TOOL_CALLS: """\
Write one JSON object:
{"tool_calls": [{"function": {"name": "write_file", "arguments": {"path": "index.html", "content": "..."}}}]}
Tools: write_file(path, content) edit_file(path, search, replace) patch_file(path, hunks) delete_file(path)
rename_file(path, new_path) screenshot_validated() finish() backtrack()""",
    Dialect.NONE: _BOLT_REMINDER,
}


def describe(dialect: Dialect) -> str:
    """The instruction that teaches a model to write ``dialect``; NONE is taught bolt. No trailing newline."""
    return _DESCRIPTIONS[dialect]


def reminder(dialect: Dialect) -> str:
    """The form of ``dialect`` in at most five lines."""
    return _REMINDERS[dialect]
