"""A model's reply → edits, a control word, or what is malformed about it. Pure text; touches no file.

Reading order:

    formats.py         how each dialect is told to a model
    draft.py           what has been read so far; becomes the Reply
    thinking.py        reasoning before the answer
    content.py         the text between two bolt tags → the file that was meant
    bolt.py            dialect: <boltAction type="file" …>
    search_replace.py  dialect: <<<<<<< SEARCH
    unified_diff.py    dialect: --- / +++ / @@
    tool_calls.py      dialect: {"tool_calls": …}
    repetition.py      has the model fallen into a loop?
    reader.py          read(): the order of all that
    indentation.py     blocks moved sideways
    nearest.py         what a failed patch is told
    patch.py           apply_hunks(): a patch on a file's text
    write.py           the inverse: edits → a reply, for agents
"""

from webgen_gym.replies.formats import describe
from webgen_gym.replies.patch import apply_hunks
from webgen_gym.replies.reader import read
from webgen_gym.replies.write import write_bolt, write_search_replace, write_tool_calls, write_unified_diff

__all__ = [
    "apply_hunks",
    "describe",
    "read",
    "write_bolt",
    "write_search_replace",
    "write_tool_calls",
    "write_unified_diff",
]
