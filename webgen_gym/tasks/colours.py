"""Colour names as people write them → ``#rrggbb``.

A name is looked up, in this order: as ``#rgb`` or ``#rrggbb``; as a CSS name, words joined ("forest green" →
``forestgreen``); in ``BEYOND_CSS``; as any kind of white ("cloud white"); as a lighter or darker kind of
one of those ("faint gray", "dark teal"). Everything else is unknown: ``None``, never a guess.

``BEYOND_CSS`` holds names whose common lists agree on roughly one colour: X11, the web colours that CSS
left out, Wikipedia's list of colours, the xkcd survey, Name That Color. Names on which those lists
contradict each other ("caramel", "mint", "smoke", "mocha") are left out on purpose: a check against the
wrong colour would punish a site that is right.
"""

from __future__ import annotations

import re

import webcolors  # type: ignore[import-untyped]

HEX = re.compile(r"#(?:[0-9a-f]{6}|[0-9a-f]{3})")

BEYOND_CSS = {
    "alabaster": "#edeae0",
    "almond": "#efdecd",
    "amber": "#ffbf00",
    "apricot": "#fbceb1",
    "ash": "#b2beb5",
    "azuremist": "#f0ffff",
    "babyblue": "#89cff0",
    "burgundy": "#800020",
    "burntsienna": "#e97451",
    "buttermilk": "#fff1b5",
    "champagne": "#f7e7ce",
    "charcoal": "#36454f",
    "coolgray": "#8c92ac",
    "cream": "#fffdd0",
    "darkmossgreen": "#4a5d23",
    "darkteal": "#014d4e",
    "desertsand": "#edc9af",
    "eggshell": "#f0ead6",
    "emerald": "#50c878",
    "iceblue": "#d7fffe",
    "lavendermist": "#e6e6fa",
    "lightgoldenrod": "#eedd82",
    "lilac": "#c8a2c8",
    "melon": "#fdbcb4",
    "mossgreen": "#8a9a5b",
    "moonstone": "#3aa8c1",
    "navyblue": "#000080",
    "offwhite": "#faf9f6",
    "opal": "#a8c3bc",
    "palerose": "#fdc1c5",
    "peach": "#ffe5b4",
    "pearl": "#eae0c8",
    "platinum": "#e5e4e2",
    "porcelain": "#eff2f3",
    "rebeccapurple": "#663399",
    "sage": "#9caf88",
    "terracotta": "#e2725b",
    "vanilla": "#f3e5ab",
}

WHITE_SHARE = {"light": 0.5, "pale": 0.5, "soft": 0.5, "faint": 0.75}
BLACK_SHARE = {"dark": 0.5, "deep": 0.5}


def hex_of(name: str) -> str | None:
    """The colour that a name stands for, as lowercase ``#rrggbb``; None where no table knows it."""
    words = name.lower().replace("-", " ").replace("grey", "gray").split()
    if not words:
        return None
    return _hex_code("".join(words)) or _table("".join(words)) or _white(words) or _shade(words)


def _hex_code(text: str) -> str | None:
    return str(webcolors.normalize_hex(text)) if HEX.fullmatch(text) else None


def _table(joined: str) -> str | None:
    try:
        return str(webcolors.name_to_hex(joined))
    except ValueError:
        return BEYOND_CSS.get(joined)


def _white(words: list[str]) -> str | None:
    return "#ffffff" if words[-1] == "white" else None


def _shade(words: list[str]) -> str | None:
    first, rest = words[0], "".join(words[1:])
    base = _table(rest) if rest else None
    if base is None:
        return None
    if first in WHITE_SHARE:
        return _mixed(base, 255, WHITE_SHARE[first])
    return _mixed(base, 0, BLACK_SHARE[first]) if first in BLACK_SHARE else None


def _mixed(base: str, end: int, share: float) -> str:
    channels = (round(channel * (1 - share) + end * share) for channel in webcolors.hex_to_rgb(base))
    return "#" + "".join(f"{channel:02x}" for channel in channels)
