"""Values from the records, brought down to what a page can hold."""

from __future__ import annotations

import math
from typing import Any

_STRING_CHARS = 4000


class Trim:
    """Cuts JSON values and counts the list entries that it left out."""

    def __init__(self, items: int) -> None:
        self._items = items
        self.dropped = 0

    def value(self, value: Any) -> Any:
        """The value with its strings and lists bounded; a number that JSON cannot write becomes None."""
        if isinstance(value, str):
            return shortened(value, _STRING_CHARS)
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        if isinstance(value, dict):
            return {str(key): self.value(held) for key, held in value.items()}
        if isinstance(value, list | tuple):
            self.dropped += max(len(value) - self._items, 0)
            return [self.value(held) for held in value[: self._items]]
        return value


def shortened(text: str, max_chars: int) -> str:
    """The beginning of a text, with a word on how much is left out."""
    if len(text) <= max_chars:
        return text
    return f"{text[:max_chars]}\n… {len(text) - max_chars} more characters were left out of this page"
