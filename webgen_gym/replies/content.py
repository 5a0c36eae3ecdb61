"""A file's text as it stands between two bolt tags, made into the file that was meant.

What is undone: the newline after the opening tag, the indentation before the closing one, a
markdown fence round the whole, HTML entities where the whole file was encoded. Line ends stay.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import NamedTuple

_LEADING = re.compile(r"[ \t]*\r?\n")

_MARKUP = frozenset({".html", ".htm", ".xhtml", ".svg", ".xml", ".vue", ".svelte", ".astro", ".jsx", ".tsx"})
_CODE = frozenset({".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"})
_STYLES = frozenset({".css", ".scss", ".less"})
_PROSE = frozenset({".md", ".mdx", ".markdown"})
_PROSE_FENCES = frozenset({"md", "mdx", "markdown"})

# A program may well hold "&lt;" in a string; these only arise when its own syntax was encoded.
_ENCODED_CODE = re.compile(r"=&gt;|&amp;&amp;|&lt;/\w|/&gt;|\w &lt;=? ?[\w.]+;")
_ENCODED_STYLE = re.compile(r"[\w)\]] &gt; [\w.#*\[]")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|apos|#0?39|#x27);")
_CHARACTERS = {"&lt;": "<", "&gt;": ">", "&amp;": "&", "&quot;": '"'}


class Content(NamedTuple):
    """The text of a file, and whether HTML entities had to be decoded to get it."""

    text: str
    decoded: bool


def file_content(path: str, body: str) -> Content:
    """The file that ``body``, all that stands between the tags of ``path``, is meant to be.

    It starts at its first line and, unless it is empty, ends with a newline.
    """
    text = _unfenced(path, _trimmed(body))
    decoded = is_encoded(path, text)
    if decoded:
        text = _decoded(text)
    if text and not text.endswith("\n"):
        text += "\r\n" if "\r\n" in text else "\n"
    return Content(text, decoded)


def is_encoded(path: str, text: str) -> bool:
    """True when the whole of ``text`` was HTML-encoded, so that ``path`` cannot be meant as it stands.

    Text that also holds a plain ``<`` is never taken for encoded: there ``&lt;`` means itself.
    """
    if "<" in text:
        return False
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in _MARKUP:
        return "&lt;" in text
    if suffix in _CODE:
        return _ENCODED_CODE.search(text) is not None
    return suffix in _STYLES and ">" not in text and _ENCODED_STYLE.search(text) is not None


def _trimmed(body: str) -> str:
    if leading := _LEADING.match(body):
        body = body[leading.end() :]
    unindented = body.rstrip(" \t")
    return unindented if unindented == "" or unindented.endswith("\n") else body


def _unfenced(path: str, text: str) -> str:
    """``text`` without a markdown fence whose lines are its first and its last."""
    opening, _, rest = text.strip().partition("\n")
    inner, newline, closing = rest.rpartition("\n")
    if not opening.startswith("```") or closing.strip() != "```":
        return text
    language = opening[3:].strip()
    is_prose = PurePosixPath(path).suffix.lower() in _PROSE
    if "`" in language or (is_prose and language.lower() not in _PROSE_FENCES):
        return text
    return inner + newline


def _decoded(text: str) -> str:
    """``text`` decoded once, from left to right, so that ``&amp;lt;`` becomes ``&lt;``.

    An encoder that left plain quotes alone made no ``&quot;``; those were in the file before.
    """
    keeps_double, keeps_single = '"' in text, "'" in text

    def character(match: re.Match[str]) -> str:
        entity = match[0]
        if (entity == "&quot;" and keeps_double) or (entity not in _CHARACTERS and keeps_single):
            return entity
        return _CHARACTERS.get(entity, "'")

    return _ENTITY.sub(character, text)
