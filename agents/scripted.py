"""An agent that says what it was given: for tests, for replaying what a model once said, and as an example."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from webgen_gym.errors import UsageError
from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Control, Observation, Task


class ScriptedAgent:
    """Plays the given replies in the order of turns, then finishes."""

    def __init__(self, replies: Sequence[str]) -> None:
        self._replies = tuple(replies)

    @property
    def id(self) -> str:
        """``scripted/`` and a hash of the replies."""
        return f"scripted/{sha256(json.dumps(self._replies).encode()).hexdigest()[:12]}"

    def start(self, task: Task, seed: int) -> None:
        """Nothing to prepare: the replies are the same for every task."""

    def go_back(self, observation: Observation) -> None:
        """Nothing is remembered: the number of the turn decides, and that runs on."""

    def act(self, observation: Observation) -> str:
        """The reply of this turn; after the last one, the word that finishes."""
        if observation.turn < len(self._replies):
            return self._replies[observation.turn]
        return write_bolt([], title="Finish", control=Control.FINISH)


def read_script(path: Path) -> ScriptedAgent:
    """The agent of a file.

    A ``.json`` file is a list of replies, a ``.jsonl`` file has a reply or ``{"reply": …}`` in each line, any other
    file is one reply as it stands.

    Raises:
        UsageError: the file cannot be read, or its JSON holds something else than replies.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The script {path} cannot be read: {error}") from error
    return ScriptedAgent(_replies(text, path))


def _replies(text: str, path: Path) -> list[str]:
    if path.suffix not in {".json", ".jsonl"}:
        return [text]
    try:
        rows = json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.splitlines() if line]
    except json.JSONDecodeError as error:
        raise UsageError(f"The script {path} is not JSON: {error}") from error
    replies = [row.get("reply") if isinstance(row, dict) else row for row in rows] if isinstance(rows, list) else [None]
    strings = [reply for reply in replies if isinstance(reply, str)]
    if len(strings) != len(replies):
        raise UsageError(f"The script {path} must hold replies: a list of texts, or of objects with a text 'reply'.")
    return strings
