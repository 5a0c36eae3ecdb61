"""A palette → the colours of a site. Two colours are asked for; the rest follow from contrast.

Text is chosen by measured contrast (WCAG 2, at least 4.5 to 1), so that any pair of colours can be read.
The colours that the task names stand in the stylesheet exactly as given.
"""

from __future__ import annotations

from dataclasses import dataclass

from webgen_gym.types import Palette

RGB = tuple[int, int, int]

_NEUTRAL_BACKGROUND = "#f6f7f9"
_NEUTRAL_COMPONENT = "#2f5d8c"
_WHITE: RGB = (255, 255, 255)
_BLACK: RGB = (12, 14, 18)
_AA = 4.5
_AAA = 7.0
# Where black and white contrast alike; above it black is the better ink.
_MIDDLE = 0.179


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours of a site by their CSS names, without the leading dashes."""

    colours: tuple[tuple[str, str], ...]
    serif: bool

    def css(self) -> str:
        """The ``:root`` rule."""
        lines = [f"  --{name}: {value};" for name, value in self.colours]
        head = (
            'Georgia, "Times New Roman", serif'
            if self.serif
            else '"Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif'
        )
        return "\n".join([":root {", *lines, f"  --head: {head};", "}"]) + "\n"


def theme(palette: Palette, *, serif: bool = False, strong: bool = False) -> Theme:
    """Choose all colours. ``strong`` asks for more contrast than the standard demands."""
    back = _parse(palette.background or _NEUTRAL_BACKGROUND)
    brand = _parse(palette.component or _NEUTRAL_COMPONENT)
    least = _AAA if strong else _AA + 0.4
    light = _luminance(back) > _MIDDLE
    surface = _mix(back, _WHITE, 0.72) if light else _mix(back, _WHITE, 0.07)
    soft = _mix(surface, brand, 0.10)
    ink = _readable(_mix(_BLACK, brand, 0.16), (back, surface, soft), 10.0)
    muted = _readable(_mix(ink, back, 0.36), (back, surface, soft), least)
    deep = _mix(brand, _BLACK, 0.55)
    named = {
        "bg": back,
        "surface": surface,
        "soft": soft,
        "line": _mix(_mix(back, brand, 0.22), ink, 0.10),
        "ink": ink,
        "muted": muted,
        "brand": brand,
        "on-brand": _on(brand),
        "brand-ink": _readable(brand, (back, surface, soft), least),
        "brand-2": _mix(brand, back, 0.45),
        "brand-3": _mix(brand, back, 0.74),
        "deep": deep,
        "on-deep": _on(deep),
        "field": _mix(surface, ink, 0.55),
        "good": _readable((21, 109, 62), (surface, soft), least),
        "warm": _readable((148, 84, 6), (surface, soft), least),
        "bad": _readable((176, 26, 40), (surface, soft, back), least),
    }
    return Theme(tuple((name, _hex(colour)) for name, colour in named.items()), serif)


def contrast(one: str, two: str) -> float:
    """The WCAG contrast of two ``#rrggbb`` colours, 1 to 21."""
    return _contrast(_parse(one), _parse(two))


def _readable(colour: RGB, grounds: tuple[RGB, ...], least: float) -> RGB:
    """The colour, moved towards black or white until it can be read on every ground."""
    aim = (0, 0, 0) if _luminance(grounds[0]) > _MIDDLE else _WHITE
    for step in range(21):
        moved = _mix(colour, aim, step / 20)
        if min(_contrast(moved, ground) for ground in grounds) >= least:
            return moved
    return aim


def _on(ground: RGB) -> RGB:
    inks: tuple[RGB, ...] = (_WHITE, _mix(_BLACK, ground, 0.08), _BLACK, (0, 0, 0))
    return next((ink for ink in inks if _contrast(ink, ground) >= _AA + 0.1), inks[-1])


def _mix(one: RGB, two: RGB, share: float) -> RGB:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, two, strict=True))
    return red, green, blue


def _contrast(one: RGB, two: RGB) -> float:
    high, low = sorted((_luminance(one), _luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: RGB) -> float:
    red, green, blue = (_linear(part / 255) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _parse(text: str) -> RGB:
    digits = text.lstrip("#")
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _hex(colour: RGB) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)
