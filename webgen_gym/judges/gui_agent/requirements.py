"""A task → what its site must do: written once, and the same for every rollout of the task.

Where a task has UI tests they are the requirements, as they are. Else a model writes the list from the instruction;
it is kept in memory and, where a folder is given, on disk for other processes, under the instruction, the prompt's
version and the model. A list that could not be written is nowhere kept, and nothing stands in for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import os
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from webgen_gym.errors import StorageFailed
from webgen_gym.judges.gui_agent import prompts
from webgen_gym.judges.ui_words import printable
from webgen_gym.llm import JsonSchema, ListOf, Message, Model, Object, Request, Text
from webgen_gym.llm.schema import Misfit
from webgen_gym.types import Task, UITest

Requirements = tuple[str, ...]
REQUIREMENT_CHARS = 500


class Writer:
    """Gives the requirements of tasks. Used from one event loop."""

    def __init__(
        self, model: Model, most: int, folder: Path | None = None, *, temperature: float | None, max_tokens: int
    ) -> None:
        self._model = model
        self._most = most
        self._folder = folder
        self._temperature = temperature
        self._max_tokens = max_tokens
        self._known: dict[str, Requirements] = {}
        self._writing: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def of(self, task: Task) -> Requirements:
        """The requirements of a task, 1 to ``most``.

        Raises as ``Model.complete`` does; StorageFailed where the folder cannot be written.
        """
        if task.ui_tests:
            return tuple(map(requirement_of, task.ui_tests))[: self._most]
        key = self._key(task)
        # One rollout writes while the others of its group wait.
        async with self._writing[key]:
            if key not in self._known:
                self._known[key] = self._load(key) or self._keep(key, await self._written(task))
            return self._known[key]

    async def _written(self, task: Task) -> Requirements:
        request = Request(
            (Message.user(prompts.writer(task.instruction, self._most)),),
            temperature=self._temperature,
            max_tokens=self._max_tokens,
            schema=JsonSchema("requirements", Object({"requirements": _Some(self._most)})),
        )
        parsed = (await self._model.complete(request)).parsed
        assert parsed is not None
        return tuple(_line(text) for text in parsed["requirements"])

    def _key(self, task: Task) -> str:
        told = json.dumps([task.instruction, prompts.VERSION, prompts.WRITER, self._most, self._model.id])
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()

    def _load(self, key: str) -> Requirements:
        """What the folder holds, empty for nothing; a file that cannot be understood is removed."""
        if self._folder is None:
            return ()
        path = self._folder / f"{key}.json"
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
            return tuple(_Some(self._most).read(found["requirements"], "the list"))
        except OSError:
            return ()
        except (ValueError, KeyError, TypeError, Misfit):
            path.unlink(missing_ok=True)
            return ()

    def _keep(self, key: str, written: Requirements) -> Requirements:
        """Keep a list; where another process was faster, its list holds for both."""
        if self._folder is None:
            return written
        content = {"model": self._model.id, "prompt": prompts.VERSION, "requirements": written}
        try:
            first = _write_first(self._folder / f"{key}.json", json.dumps(content, indent=1, ensure_ascii=False))
        except OSError as error:
            raise StorageFailed(
                f"The requirements could not be kept in {self._folder}: {error.strerror or error}."
            ) from error
        return written if first else self._load(key) or written


def requirement_of(test: UITest) -> str:
    """A UI test as a requirement."""
    return _line(f"{test.task} Expected: {test.expected}" if test.expected else test.task)


def _write_first(path: Path, text: str) -> bool:
    """Write a file that is there whole or not at all; False where there is one already. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        # Unlike a rename, a link does not replace what is there.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(temporary)
            return True
        return False
    finally:
        Path(temporary).unlink(missing_ok=True)


def _line(text: str) -> str:
    return " ".join(printable(text).split())[:REQUIREMENT_CHARS]


@dataclass(frozen=True, slots=True)
class _Some:
    """The ``Kind`` of a list of 1 to ``most`` texts that say something."""

    most: int

    def document(self) -> dict[str, Any]:
        """See Kind."""
        return ListOf(Text()).document()

    def read(self, value: object, at: str) -> list[Any]:
        """See Kind."""
        texts = ListOf(Text()).read(value, at)
        if not 1 <= len(texts) <= self.most:
            raise Misfit(f"{at} must hold 1 to {self.most} texts, not {len(texts)}")
        if not all(map(_line, texts)):
            raise Misfit(f"{at} holds an empty text")
        return texts
