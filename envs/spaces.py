"""Spaces for text and for file trees.

Gymnasium's ``Text`` checks every character against a fixed alphabet, which code does not fit into; these two take
any Unicode and check in constant time per value. They do not fit into shared memory: use
``AsyncVectorEnv(..., shared_memory=False)``.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from gymnasium import Space

from webgen_gym.replies.write import write_bolt
from webgen_gym.types import WriteFile

_WORDS = ("harbour", "meadow", "lantern", "orchard", "compass", "ribbon", "granite", "willow")


class Unicode(Space[str]):
    """Any text of at most ``max_length`` characters."""

    def __init__(self, max_length: int, *, seed: int | np.random.Generator | None = None) -> None:
        self.max_length = max_length
        super().__init__(None, None, seed)

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """A few words. Masks and probabilities have no meaning here and are ignored."""
        return " ".join(self.np_random.choice(_WORDS, size=4))[: self.max_length]

    def contains(self, x: Any) -> bool:
        """Whether ``x`` is a str that is short enough."""
        return isinstance(x, str) and len(x) <= self.max_length

    @property
    def is_np_flattenable(self) -> bool:
        """False: text has no fixed size."""
        return False

    def to_jsonable(self, sample_n: Iterable[str]) -> list[str]:
        """The texts themselves."""
        return list(sample_n)

    def from_jsonable(self, sample_n: list[Any]) -> list[str]:
        """The texts themselves."""
        return [str(text) for text in sample_n]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.max_length == other.max_length

    def __hash__(self) -> int:
        return hash((type(self), self.max_length))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.max_length})"


class ReplyText(Unicode):
    """The action: the text of one reply of a model. Any text may be sent; a sample is a small valid reply."""

    def sample(self, mask: Any = None, probability: Any = None) -> str:
        """A reply that writes a small page."""
        title = " ".join(self.np_random.choice(_WORDS, size=2)).title()
        body = f"<title>{title}</title>\n<h1>{title}</h1>\n<p>A small page.</p>"
        page = f'<!doctype html>\n<html lang="en">\n{body}\n</html>\n'
        return write_bolt([WriteFile("index.html", page.encode())], title=title)


class FileTree(Space[dict[str, bytes]]):
    """Files as ``dict`` of POSIX path → bytes, at most ``max_files`` of them and ``max_bytes`` in all."""

    def __init__(self, max_files: int, max_bytes: int, *, seed: int | np.random.Generator | None = None) -> None:
        self.max_files = max_files
        self.max_bytes = max_bytes
        super().__init__(None, None, seed)

    def sample(self, mask: Any = None, probability: Any = None) -> dict[str, bytes]:
        """One small file."""
        word = str(self.np_random.choice(_WORDS))
        return {f"{word}.txt": word.encode()}

    def contains(self, x: Any) -> bool:
        """Whether ``x`` is a dict of str to bytes within the bounds."""
        if not isinstance(x, dict) or len(x) > self.max_files:
            return False
        typed = all(isinstance(path, str) and isinstance(content, bytes) for path, content in x.items())
        return typed and sum(map(len, x.values())) <= self.max_bytes

    @property
    def is_np_flattenable(self) -> bool:
        """False: a file tree has no fixed size."""
        return False

    def to_jsonable(self, sample_n: Iterable[dict[str, bytes]]) -> list[dict[str, str]]:
        """Contents as base64."""
        return [{path: base64.b64encode(content).decode() for path, content in files.items()} for files in sample_n]

    def from_jsonable(self, sample_n: list[Any]) -> list[dict[str, bytes]]:
        """Back from base64."""
        return [{path: base64.b64decode(content) for path, content in files.items()} for files in sample_n]

    @staticmethod
    def as_text(files: Mapping[str, bytes]) -> dict[str, str]:
        """A text view: contents as UTF-8, with the replacement character where they are not."""
        return {path: content.decode("utf-8", "replace") for path, content in files.items()}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileTree) and (self.max_files, self.max_bytes) == (other.max_files, other.max_bytes)

    def __hash__(self) -> int:
        return hash((self.max_files, self.max_bytes))

    def __repr__(self) -> str:
        return f"FileTree({self.max_files}, {self.max_bytes})"
