"""What a chat model was told and has said in one rollout: messages that are only ever added to.

A prompt that extends the one before keeps the server's prefix cache warm, and one row of training can hold the
whole rollout. Only going back to an earlier state cuts messages off, and then exactly those that came after it.
"""

from __future__ import annotations

import hashlib

from webgen_gym.llm.base import ImagePart, Message
from webgen_gym.types import Observation


class Conversation:
    """The messages of one rollout; the first is the system prompt."""

    def __init__(self, system: str, *, sees: bool = False) -> None:
        self._sees = sees
        self._messages = [Message.system(system)]
        self._places: dict[str, int] = {}

    @property
    def messages(self) -> tuple[Message, ...]:
        """Everything so far, in order."""
        return tuple(self._messages)

    def tell(self, observation: Observation) -> None:
        """Add what is seen now; a state that was just gone back to has been told already."""
        state = _state(observation)
        if self._places.get(state) == len(self._messages):
            return
        self._messages.append(self._told(observation))
        self._places[state] = len(self._messages)

    def say(self, reply: str) -> None:
        """Add what the model answered."""
        self._messages.append(Message.assistant(reply))

    def go_back(self, observation: Observation) -> None:
        """Forget everything after this state was told; everything, where it never was."""
        end = self._places.get(_state(observation), 1)
        del self._messages[end:]
        self._places = {state: place for state, place in self._places.items() if place <= end}

    def _told(self, observation: Observation) -> Message:
        pictures = (ImagePart(observation.screenshot),) if self._sees and observation.screenshot else ()
        if len(self._messages) > 1:
            return Message.user(observation.feedback, *pictures)
        return Message.user(beginning(observation), *(pictures if observation.files else ()))


def beginning(observation: Observation) -> str:
    """What opens a conversation: the instruction; on a site that others began, its files and the feedback."""
    if not observation.files:
        return observation.instruction
    return f"{_listing(observation)}\n\n{observation.feedback}"


def _listing(observation: Observation) -> str:
    """The files, for a model that did not write them itself."""
    shown = "\n\n".join(f"{path}\n```\n{_text(content)}\n```" for path, content in sorted(observation.files.items()))
    return f"The workspace holds these files already:\n\n{shown}"


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8").rstrip("\n")
    except UnicodeDecodeError:
        return f"({len(content)} bytes that are no text)"


def _state(observation: Observation) -> str:
    """What tells one state from another: everything that is told, but not the number of the turn."""
    whole = hashlib.sha256()
    parts = [observation.instruction.encode(), observation.feedback.encode("utf-8", "surrogatepass")]
    for path in sorted(observation.files):
        parts += [path.encode("utf-8", "surrogatepass"), observation.files[path]]
    for part in (*parts, observation.screenshot):
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()
