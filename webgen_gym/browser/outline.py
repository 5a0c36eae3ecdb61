"""The accessibility snapshot: roles, names and texts of what is visible, as an indented list."""

from __future__ import annotations

from collections.abc import Sequence

from webgen_gym.types import Element

_SILENT = frozenset({"generic", "none", "presentation", ""})


def outline(elements: Sequence[Element], limit: int) -> str:
    """One line per element that has a role or text of its own, at most ``limit`` characters in all."""
    depths: list[int] = []
    lines: list[str] = []
    size = 0
    for element in elements:
        depth = depths[element.parent] if element.parent >= 0 else 0
        line = _line(element)
        if line:
            shown = "  " * depth + line
            size += len(shown) + 1
            if size > limit:
                lines.append("…")
                break
            lines.append(shown)
        depths.append(depth + 1 if line else depth)
    return "\n".join(lines)


def _line(element: Element) -> str:
    words = element.label or element.text
    if element.role in _SILENT:
        return f"- text: {words}" if words else ""
    return f'- {element.role} "{words}"' if words else f"- {element.role}"
