"""Kinds of spoiling, three strengths each: pure functions from files to files.

A spoiling is a script (``spoil/``) that is written into every page, because most sites draw their content by script
and only the page that stands can be spoilt in the same way everywhere. A stronger one holds all that a weaker one does.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources

from webgen_gym.types import Files

HEAD = re.compile(rb"<head[^>]*>|<body[^>]*>|<html[^>]*>", re.I)
STRENGTHS = (1, 2, 3)
# A page with less on it is emptier, which every criterion minds.
EMPTIER = frozenset({"rendering", "layout", "design"})


@dataclass(frozen=True, slots=True)
class Kind:
    """One way to spoil a site.

    ``criterion`` is the one that it belongs to; ``also`` are those that it touches by its nature. ``amounts`` are what
    the script is given at each strength: a share, a number of things, pixels, or a factor, as ``what`` says.
    """

    name: str
    criterion: str
    amounts: tuple[float, float, float]
    what: str
    also: frozenset[str] = frozenset()


def _kind(
    name: str, criterion: str, amounts: tuple[float, float, float], what: str, also: frozenset[str] = frozenset()
) -> Kind:
    return Kind(name, criterion, amounts, what, also)


KINDS = (
    _kind("broken_images", "rendering", (0.34, 0.67, 1), "share of the pictures that cannot be loaded"),
    _kind("script_errors", "rendering", (1, 2, 4), "errors that scripts throw"),
    _kind("console_errors", "rendering", (1, 2, 4), "errors in the console"),
    _kind("missing_files", "rendering", (1, 2, 4), "style sheets that are not there"),
    _kind("invisible_text", "rendering", (0.1, 0.3, 0.6), "share of the texts in their ground's colour"),
    _kind("leftovers", "rendering", (1, 3, 6), "texts that show code or an unset value"),
    _kind("wrong_topic", "relevance", (0.33, 0.67, 1), "share of the texts and controls that speak of masonry"),
    _kind("lorem", "relevance", (0.33, 0.67, 1), "share of the texts that are Latin filler"),
    _kind("missing_sections", "relevance", (0.35, 0.6, 0.85), "share of the page's parts that are not there", EMPTIER),
    _kind("nameless_controls", "relevance", (0.33, 0.67, 1), "share of the controls called 'Button' or 'Item'"),
    _kind("too_wide", "layout", (60, 250, 800), "pixels that the page is wider than the window"),
    _kind("overlap", "layout", (0.1, 0.3, 0.6), "share of the texts drawn over the one before"),
    _kind("cramped", "layout", (0.65, 0.85, 1), "share of all padding, margins and gaps taken away"),
    _kind("tight_lines", "layout", (0.9, 0.75, 0.55), "line height, in font sizes"),
    _kind("cut_off", "layout", (0.1, 0.25, 0.5), "share of the texts half out of the window"),
    _kind("misaligned", "layout", (6, 14, 30), "pixels by which things miss their line"),
    _kind("tiny_controls", "layout", (20, 16, 12), "height of buttons and fields, in pixels"),
    _kind("wasted_space", "layout", (0.35, 0.6, 0.9), "share of the window that stands empty above the content"),
    _kind("low_contrast", "design", (3.8, 2.8, 1.9), "highest contrast ratio of any text"),
    _kind("palette_off", "design", (0.3, 0.6, 1), "how far every ground goes to the opposite hue"),
    _kind("default_font", "design", (0.33, 0.67, 1), "share of the texts in the browser's own font"),
    _kind("many_fonts", "design", (2, 4, 7), "further font families in turn"),
    _kind("raw_controls", "design", (0.33, 0.67, 1), "share of controls and links as the browser draws them"),
    _kind("tiny_text", "design", (0.8, 0.7, 0.6), "factor on all font sizes"),
    _kind("clutter", "design", (6, 14, 30), "garish badges in the texts"),
    _kind("lost_rules", "design", (0.33, 0.67, 1), "share of the style rules that are lost", frozenset({"layout"})),
)


def spoil(files: Files, kind: Kind, strength: int) -> Files:
    """The files of the spoilt site; ``strength`` is 1, 2 or 3."""
    script = f"<script>{_script(kind, kind.amounts[strength - 1])}</script>".encode()
    return {path: inserted(content, script) if path.endswith(".html") else content for path, content in files.items()}


def inserted(page: bytes, script: bytes) -> bytes:
    """The page with a script before all others."""
    found = HEAD.search(page)
    at = found.end() if found else 0
    return page[:at] + script + page[at:]


def _script(kind: Kind, amount: float) -> str:
    """Once the page is loaded and its own scripts have drawn it."""
    call = f"addEventListener('load', () => setTimeout(() => KINDS[{json.dumps(kind.name)}]({amount:g}), 30));"
    return "\n".join(["(() => {", script_text("common"), script_text(kind.criterion), call, "})();"])


@cache
def script_text(name: str) -> str:
    """A script of ``spoil/``, by its name."""
    return resources(__package__).joinpath("spoil", f"{name}.js").read_text()
