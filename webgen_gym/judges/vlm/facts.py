"""What an observer reported, and what of it a grader is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webgen_gym.judges.vlm.grader_text import GraderText, addressed, plainly, praise, strictly_addressed

SECTIONS = ("texts", "rendering", "content", "layout", "style")
FACTS = 40
FACT_CHARS = 300
WITHHELD = "(a text that is not passed on)"
# What could pass for the structure of a prompt or of an answer.
_MARKERS = re.compile(r"[<>{}\[\]|`#]")


@dataclass(frozen=True, slots=True)
class Facts:
    """An observer's report. ``flagged`` is a text for a grader in it, ``praised`` a mark that the page gives itself."""

    said: Mapping[str, Any]
    flagged: GraderText | None
    praised: str

    def told(self) -> str:
        """The notes that the grader gets: bounded, in lines, without texts that speak to it."""
        lines = [f"kind: {washed(self.said['kind'])}"]
        for section in SECTIONS:
            lines.append(f"{section}:")
            lines += [f"- {washed(fact)}" for fact in self.said[section][:FACTS]]
        return "\n".join(lines)


def read(said: Mapping[str, Any], place: str) -> Facts:
    """The facts in an observer's answer on the window ``place``."""
    remarks = [said["kind"], *(fact for section in SECTIONS for fact in said[section])]
    quotes = [*filter(None, map(plainly, said["to_grader"])), *map(addressed, said["texts"])]
    # An order may be cut into pieces, each a text of its own.
    quotes += map(strictly_addressed, (" ".join(said["texts"]), *remarks))
    flagged = next(filter(None, quotes), "")
    praised = next(filter(None, map(praise, remarks)), "")
    return Facts(said, GraderText(flagged[:FACT_CHARS], place) if flagged else None, praised)


def washed(fact: str) -> str:
    """A fact as one bounded line without markers; withheld as a whole where it speaks to a grader or names a mark."""
    line = plainly(fact)
    if addressed(line) or praise(line):
        return WITHHELD
    return " ".join(_MARKERS.sub(" ", line).split())[:FACT_CHARS]
