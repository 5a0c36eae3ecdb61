"""What the model is shown: the role, every step so far, the page as it is now. Old pages give way to a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from webgen_gym.judges.gui_agent.prompts import OLDER
from webgen_gym.llm import ImagePart, Message


@dataclass(frozen=True, slots=True)
class Shown:
    """What the model is told at one step: what came of its action, the page, and its picture, empty for none."""

    news: str
    page: str
    picture: bytes


class Conversation:
    """The steps of one test. Pages and pictures are kept for the newest ``kept`` steps."""

    def __init__(self, role: str, kept: int) -> None:
        self._role = role
        self._kept = kept
        self._shown: list[Shown] = []
        self._said: list[str] = []

    def show(self, shown: Shown) -> tuple[Message, ...]:
        """Everything that the model is to read before it answers."""
        self._shown.append(shown)
        messages = [Message.system(self._role)]
        for index, past in enumerate(self._shown):
            messages.append(_recent(past) if index >= len(self._shown) - self._kept else _old(past))
            if index < len(self._said):
                messages.append(Message.assistant(self._said[index]))
        return tuple(messages)

    def hear(self, said: str) -> None:
        """What the model answered."""
        self._said.append(said)


def _recent(shown: Shown) -> Message:
    text = f"{shown.news}\n{shown.page}"
    return Message.user(text, ImagePart(shown.picture)) if shown.picture else Message.user(text)


def _old(shown: Shown) -> Message:
    return Message.user(f"{shown.news}\n{OLDER}")
