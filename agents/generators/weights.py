"""What tells whether a model still is what it was when a cache was filled with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Weights:
    """A model's parameters at one moment.

    ``places`` says where they lie and which adapters are on, ``versions`` how often each was written to. A write
    through ``.data`` leaves no trace; who does that must say so.
    """

    places: tuple[Any, ...]
    versions: tuple[int, ...]

    @classmethod
    def of(cls, model: Any) -> Weights:
        """Of this model, now."""
        parameters = list(model.parameters())
        adapters = tuple(_adapters(part) for part in model.modules() if hasattr(part, "merged_adapters"))
        return cls((*(each.data_ptr() for each in parameters), adapters), tuple(each._version for each in parameters))


def _adapters(layer: Any) -> tuple[Any, ...]:
    """Which adapters of a PEFT layer are on, and which are in its weights."""
    return bool(layer.disable_adapters), tuple(layer.active_adapters), tuple(layer.merged_adapters)
