"""The build log: what the commands said, in words that do not change from run to run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

_DURATION = re.compile(
    r"\b(in|after|took|time:)\s+\d+(?:[.,]\d+)?\s?(?:ms|µs|s|m|min|seconds?|minutes?)\b", re.IGNORECASE
)
_BRACKETED = re.compile(r"([(+])\d+(?:\.\d+)?\s?m?s\b")
_AT_THE_END = re.compile(r"(?<=\s)\d+(?:\.\d+)?m?s$", re.MULTILINE)
_DATE = re.compile(r"\b(?:\d{4}-\d\d-\d\dT?|\d{1,2}/\d{1,2}/\d{4},?)\s?(?=\d{1,2}:\d\d)")
_CLOCK = re.compile(r"\[?(?<![\w:.])\d{1,2}[:_]\d\d[:_]\d\d(?:[.,_]\d+)?Z?(?:\s?[AP]M)?(?![\w:])\]?[ \t]*")
_ADDRESS = re.compile(r"(?:\b(?:localhost|127\.0\.0\.1|0\.0\.0\.0)|\[::1?\]):\d{2,5}\b")
_NOISE = re.compile(
    r"^(?:npm (?:error|warn|ERR!|WARN) (?:A complete log of this run|.*Log files were not written|Unknown )"
    r"|Progress: resolved |\s*\[?\d{1,3}%|\s+at .*(?:node_modules/|node:internal|<anonymous>)).*\n?",
    re.MULTILINE,
)
_PROCESS = re.compile(r"\(node:\d+\)")
_BLANKS = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Names:
    """What stands for the things that differ between machines and runs: host paths and addresses → names."""

    places: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    port: int = 0

    def hide(self, text: str) -> str:
        """The text without this machine's paths and the port."""
        for place in sorted(self.places, key=len, reverse=True):
            text = text.replace(place, self.places[place])
        return re.sub(rf"(?<![\d.]){self.port}(?![\d.])", "PORT", text) if self.port else text

    def normal(self, text: str) -> str:
        """The output of a command without paths, addresses, clock times, durations and progress."""
        for pattern, replacement in _STEADY:
            text = pattern.sub(replacement, text)
        return self.hide(text).strip("\n")


_STEADY = (
    (_NOISE, ""),
    (_DATE, ""),
    (_CLOCK, ""),
    (_ADDRESS, "localhost"),
    (_DURATION, r"\1 … s"),
    (_BRACKETED, r"\1… s"),
    (_AT_THE_END, "… s"),
    (_PROCESS, "(node)"),
    (_BLANKS, "\n\n"),
)


def entry(shown: str, said: str) -> str:
    """One command and its output, as a terminal shows it."""
    return f"$ {shown}\n{said}".strip() + "\n"


def joined(parts: Sequence[str]) -> str:
    """The parts of a log, one blank line between them."""
    return "\n".join(part.rstrip("\n") + "\n" for part in parts if part.strip())
