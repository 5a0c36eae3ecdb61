"""The picture at the top of a site: a drawn scene from the palette, the topic's icon in front."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from zlib import crc32

from webgen_gym.agents.template.plan import SitePlan

_BARS = ((70, 58), (116, 92), (162, 74), (208, 122), (254, 104))


@cache
def icons() -> dict[str, str]:
    """SVG markup of every icon on a 24 by 24 grid, by name."""
    text = files("webgen_gym.agents.template.data").joinpath("icons.toml").read_text(encoding="utf-8")
    return {name: str(markup) for name, markup in tomllib.loads(text).items()}


def icon(name: str) -> str:
    """An icon as HTML; one that is not known becomes a spark."""
    markup = icons().get(name, icons()["spark"])
    return f'<span class="icon" aria-hidden="true"><svg viewBox="0 0 24 24">{markup}</svg></span>'


def thumb(seed: str, name: str) -> str:
    """A small picture for a card, in the classes that the stylesheet colours."""
    number = crc32(seed.encode())
    x, y, r = 40 + number % 200, 20 + (number >> 3) % 90, 40 + (number >> 5) % 50
    shapes = (
        f'<circle class="a1" cx="{x}" cy="{y}" r="{r}"/>',
        f'<circle class="a3" cx="{310 - x // 2}" cy="{140 - y}" r="{r // 2}"/>',
        f'<rect class="a2" x="{300 - x}" y="{90 - y // 2}" width="150" height="150" rx="28"/>',
        f'<g class="a4" transform="translate(124 44) scale(3)">{icons().get(name, "")}</g>',
    )
    svg = f'<svg viewBox="0 0 320 160" preserveAspectRatio="xMidYMid slice">{"".join(shapes)}</svg>'
    return f'<div class="art art-{number % 4}" aria-hidden="true">{svg}</div>'


def scene(plan: SitePlan, colours: dict[str, str]) -> str:
    """The hero picture as a complete SVG document; its shapes differ from site to site."""
    seed = crc32(plan.name.encode())
    sky, near, far, deep = colours["brand"], colours["brand-3"], colours["brand-2"], colours["deep"]
    hill = 196 + seed % 30
    sun = (70 + seed % 260, 62 + (seed >> 4) % 40)
    far_hill = f"M0 {hill}C90 {hill - 60} 180 {hill + 30} 270 {hill - 20}S420 {hill - 50} 480 {hill - 10}V320H0Z"
    near_hill = f"M0 {hill + 50}C120 {hill} 210 {hill + 80} 320 {hill + 40}S440 {hill + 20} 480 {hill + 44}V320H0Z"
    return "".join(
        (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320" role="img" ',
            f'aria-label="Illustration for {_plain(plan.name)}">',
            _rect((0, 0, 480, 320), sky),
            f'<circle cx="{sun[0]}" cy="{sun[1]}" r="38" fill="{near}" opacity=".9"/>',
            f'<path d="{far_hill}" fill="{far}"/>',
            f'<path d="{near_hill}" fill="{deep}"/>',
            _cards(plan, colours, seed),
            "</svg>",
        )
    )


def _rect(box: tuple[int, int, int, int], fill: str, *, round_px: float = 0, more: str = "") -> str:
    x, y, width, height = box
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{round_px:g}" fill="{fill}"{more}/>'


def _cards(plan: SitePlan, colours: dict[str, str], seed: int) -> str:
    surface, ink, edge = colours["surface"], colours["ink"], f' stroke="{colours["line"]}"'
    brand = colours["brand-ink"]
    rows = [
        _rect((336, y, 92 - (seed >> index) % 34, 8), ink, round_px=4, more=' opacity=".55"')
        for index, y in enumerate((196, 214, 232))
    ]
    drawn = f'fill="none" stroke="{brand}" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round"'
    return "".join(
        (
            _rect((48, 84, 256, 176), surface, round_px=18, more=edge),
            _rect((66, 102, 96, 10), ink, round_px=5, more=' opacity=".7"'),
            _INSIDE[_manner(plan)](colours, seed),
            _rect((318, 66, 128, 194), surface, round_px=18, more=edge),
            _rect((332, 80, 100, 98), colours["soft"], round_px=12),
            *rows,
            f'<g transform="translate(346 93) scale(3)" {drawn}>{icons()[plan.topic.icon]}</g>',
        )
    )


def _manner(plan: SitePlan) -> str:
    """What the large card shows: figures for a console, pictures for things, lines for what is read."""
    if plan.layout == "console" or not plan.highlight:
        return "bars"
    view = next((one.view for one in plan.collections if one.id in plan.highlight), "table")
    pictured = {
        "product",
        "property",
        "place",
        "package",
        "work",
        "menu",
        "species",
        "tool",
        "plan",
        "service",
        "media",
    }
    kinds = {one.kind for one in plan.collections}
    return "pictures" if view == "cards" and kinds & pictured else "lines" if view in {"cards", "posts"} else "bars"


def _bars(colours: dict[str, str], seed: int) -> str:
    parts = []
    for index, (x, most) in enumerate(_BARS):
        tall = most - (seed >> index) % 18
        shade = f' opacity="{0.45 + index * 0.13:.2f}"'
        parts.append(_rect((x, 236 - tall, 26, tall), colours["brand-ink"], round_px=5, more=shade))
    return "".join(parts)


def _lines(colours: dict[str, str], seed: int) -> str:
    parts = []
    for index, y in enumerate((130, 172, 214)):
        tint = colours[("brand", "brand-2", "deep")[index]]
        parts.append(f'<circle cx="82" cy="{y + 12}" r="13" fill="{tint}"/>')
        long, short = 168 - (seed >> index) % 40, 112 + (seed >> index) % 44
        parts.append(_rect((106, y, long, 9), colours["ink"], round_px=4.5, more=' opacity=".6"'))
        parts.append(_rect((106, y + 16, short, 7), colours["ink"], round_px=3.5, more=' opacity=".28"'))
    return "".join(parts)


def _pictures(colours: dict[str, str], seed: int) -> str:
    tints = ("brand-3", "brand-2", "soft", "brand", "brand-3", "brand-2")
    parts = []
    for index, (x, y) in enumerate((x, y) for y in (126, 192) for x in (66, 144, 222)):
        tint, edge = colours[tints[(index + seed) % 6]], f' stroke="{colours["line"]}"'
        sun = f'cx="{x + 18 + (seed >> index) % 28}" cy="{y + 20}"'
        parts.append(_rect((x, y, 66, 54), tint, round_px=9, more=edge))
        parts.append(f'<circle {sun} r="8" fill="{colours["surface"]}" opacity=".8"/>')
        parts.append(f'<path d="M{x + 4} {y + 48}l18-18 12 11 10-8 18 15z" fill="{colours["deep"]}" opacity=".55"/>')
    return "".join(parts)


_INSIDE = {"bars": _bars, "lines": _lines, "pictures": _pictures}


def _plain(text: str) -> str:
    return text.replace("&", "and").replace('"', "").replace("<", "")
