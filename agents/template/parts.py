"""The hand-written parts by name: styles and scripts, and which of them a set of widgets needs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

_FOLDER = "webgen_gym.agents.template.assets"
_ALWAYS = ("core", "forms", "views")
_NEEDS = {
    "records": ("record-panel", "record-views"),
    "dashboard": ("charts",),
    "compare": ("charts",),
    "report": ("charts",),
    "assess": ("charts",),
}
_ORDER = ("core", "forms", "views", "charts", "pdf", "record-panel", "record-views")


@cache
def part(name: str) -> str:
    """The text of one part, ``core.js``."""
    return files(_FOLDER).joinpath(name).read_text(encoding="utf-8")


def scripts(widgets: Iterable[str], *, pdf: bool = False) -> tuple[str, ...]:
    """The names of the scripts that these widgets need, in the order in which they must load."""
    wanted = set(widgets) - {""}
    helpers = {helper for widget in wanted for helper in _NEEDS.get(widget, ()) if helper in _ORDER}
    helpers |= {"pdf"} if pdf else set()
    first = [name for name in _ORDER if name in _ALWAYS or name in helpers]
    return (*first, *sorted(wanted))


def widget_styles(widgets: Iterable[str]) -> str:
    """The rules of these widgets alone."""
    wanted = set(widgets) | {need for widget in widgets for need in _NEEDS.get(widget, ())}
    if wanted & {"battle", "tiles", "tictactoe", "arcade"}:
        wanted.add("charts")
    kept = [text for name, text in _style_parts() if name in wanted]
    return "\n".join(kept)


@cache
def _style_parts() -> tuple[tuple[str, str], ...]:
    pieces = re.split(r"/\* == (\w+) == \*/\n", part("widgets.css"))
    return tuple(zip(pieces[1::2], pieces[2::2], strict=True))
