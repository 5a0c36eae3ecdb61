"""What a command printed: bounded while it runs, readable afterwards."""

from __future__ import annotations

import re

from webgen_gym.limits import Limits

_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[ -/]*[0-~]?")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Output:
    """Takes any number of bytes, keeps the first and the last of them.

    At most ``limits.output_bytes`` are held, however much is printed.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._head_room = limits.output_bytes // 4
        self._tail_room = limits.output_bytes - self._head_room
        self._head = bytearray()
        self._tail = bytearray()
        self.seen = 0

    def feed(self, data: bytes) -> None:
        """Add what was printed next."""
        self.seen += len(data)
        room = self._head_room - len(self._head)
        self._head += data[:room]
        self._tail += data[room:]
        if len(self._tail) > 2 * self._tail_room:
            del self._tail[: -self._tail_room]

    def text(self) -> str:
        """All of it, cleaned; where it is long the beginning and the end, saying how much is left out."""
        if self.seen == len(self._head) + len(self._tail):
            return shorten(clean(_decode(self._head + self._tail)), self._limits)
        head = _first(clean(_decode(self._head)), self._limits.log_head_bytes)
        tail = _last(clean(_decode(self._tail)), self._limits.log_tail_bytes)
        return _join(head, self.seen - _size(head) - _size(tail), tail)


def clean(text: str) -> str:
    """Without escape sequences and control characters; of a line that was redrawn only its last state."""
    lines = _ESCAPE.sub("", text).split("\n")
    return "\n".join(_CONTROL.sub("", _last_state(line)) for line in lines)


def shorten(text: str, limits: Limits) -> str:
    """The first ``log_head_bytes`` and the last ``log_tail_bytes``, when there is more than both."""
    size = _size(text)
    if size <= limits.log_head_bytes + limits.log_tail_bytes:
        return text
    head = _first(text, limits.log_head_bytes)
    tail = _last(text, limits.log_tail_bytes)
    return _join(head, size - _size(head) - _size(tail), tail)


def _last_state(line: str) -> str:
    states = [state for state in line.split("\r") if state.strip()]
    return states[-1].rstrip() if states else ""


def _decode(data: bytearray) -> str:
    return data.decode("utf-8", errors="replace")


def _size(text: str) -> int:
    return len(text.encode())


def _first(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def _last(text: str, size: int) -> str:
    return text.encode()[-size:].decode(errors="ignore")


def _join(head: str, left_out: int, tail: str) -> str:
    return f"{head}\n… {left_out} bytes left out …\n{tail}"
