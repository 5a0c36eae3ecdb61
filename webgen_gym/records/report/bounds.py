"""How much of a run goes on one page."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Bounds:
    """Bounds of one page. The defaults bring 51 rollouts of 200 turns to some 28 MB.

    ``image_bytes``: all screenshots, encoded. ``text_chars``: what all turns together may say, before compression;
    each turn gets an equal share of it, between ``turn_chars_least`` and ``turn_chars_most``. ``line_chars``: one
    line of a diff. ``items``: entries of one list, such as findings or console lines.
    """

    image_bytes: int = 14 * MIB
    text_chars: int = 40 * MIB
    turn_chars_least: int = 3 * KIB
    turn_chars_most: int = 128 * KIB
    line_chars: int = 600
    items: int = 100

    def turn_chars(self, turns: int) -> int:
        """The share of one of ``turns`` turns."""
        share = self.text_chars // max(turns, 1)
        return min(max(share, self.turn_chars_least), self.turn_chars_most)
