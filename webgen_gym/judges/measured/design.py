"""Modernness and beauty, as far as they can be measured: style, type, colour, surfaces, pictures, contrast, palette."""

from __future__ import annotations

import numpy as np

from webgen_gym.judges.colour import chroma, hue, rgb
from webgen_gym.judges.measured import typography
from webgen_gym.judges.measured.finding import Criterion, Finding, found, leveling, percent, quoted, some
from webgen_gym.judges.measured.page import FAINT_RATIO, Mask, Page
from webgen_gym.judges.measured.palette import palette
from webgen_gym.types import Palette, Task

NAME = "design"
# What each part can take away. They add up to more than 5: a page without style has no design.
FONT, RAW, BARE = 1.5, 1.4, 0.65
COLOUR, STRAY, SURFACES, PICTURES, DETAIL, CONTRAST = 0.8, 2.4, 0.8, 0.8, 1.0, 2.4
ENOUGH_RULES = 20
SURFACE_MIN_PX = 3000.0
ENOUGH_SURFACES = 8
ENOUGH_PICTURES = 4
ENOUGH_PICTURE_SHARE = 0.08
PICTURE_MIN_PX = 400.0
ENOUGH_PIECES = 32
VIVID, GARISH = 14.0, 40.0
STRAY_MIN_PX = 150.0
HUE_BINS = 12
MANY_HUES = 5
# The accent and its companion; what is of another hue strays.
OWN_HUES = 2
STRAY_HALF = 10.0
# All texts at half the contrast they should have cost nearly all points.
FAINT_HALF = 0.2


def design(page: Page, task: Task) -> Criterion:
    """Points lost for missing style, weak type, dull or garish colour, flatness, faint text and another palette."""
    return Criterion(
        NAME,
        found(
            _style(page),
            typography.hierarchy(page),
            typography.plain_headings(page),
            typography.small_text(page),
            typography.families(page),
            _colour(page, task.palette),
            _stray_colours(page),
            _surfaces(page),
            _pictures(page),
            _detail(page),
            _contrast(page),
            *palette(page, task.palette),
        ),
    )


def _style(page: Page) -> Finding | None:
    letters = page.letters * page.readable
    plain = np.array([element.font_family in typography.DEFAULT_FONTS for element in page.elements], dtype=bool)
    default_font = float(letters[plain].sum() / max(1, letters.sum()))
    controls = [element for element in page.elements if element.interactive]
    raw = [element for element in controls if not element.styled]
    raw_share = len(raw) / len(controls) if controls else 0.0
    no_rules = max(0.0, 1 - page.look.measurements.css_rules / ENOUGH_RULES)
    lost = FONT * default_font + RAW * raw_share + BARE * no_rules
    if lost < 0.05:
        return None
    signs = [
        f"{percent(default_font)} of the text is in the browser's default font" if default_font > 0.1 else "",
        f"{len(raw)} of {len(controls)} controls look as the browser draws them" if raw else "",
        f"{page.look.measurements.css_rules} CSS rules" if no_rules > 0.2 else "",
    ]
    worst = f"Style {quoted(raw[0].label or raw[0].text or raw[0].tag)}" if raw else "Choose a font for the body"
    return Finding(
        lost, "; ".join(sign for sign in signs if sign), f"{worst}: colours, padding, border and font in a style sheet."
    )


def _colour(page: Page, asked: Palette) -> Finding | None:
    """One to five hues on boxes and controls; greys alone are dull where none was asked for, a rainbow is garish."""
    large = page.boxes[:, 2] * page.boxes[:, 3] >= 400
    filled = page.fills[(page.fills[:, 3] > 0.5) & large, :3]
    inks = page.inks[page.readable & (page.interactive | (page.font_px >= 18))]
    body = np.array([page.look.measurements.body_background], dtype=np.float64)
    colours = np.concatenate([filled, inks, body])
    vivid = colours[chroma(colours) > VIVID]
    hues = len(np.unique(hue(vivid) // (360 / HUE_BINS))) if len(vivid) else 0
    wanted_grey = asked.component is not None and chroma(rgb(asked.component)) < VIVID
    if hues == 0 and not wanted_grey and not page.painted_over.any():
        return Finding(
            COLOUR, "no colour but greys on any box, control or heading", "Choose an accent colour and use it."
        )
    if hues > MANY_HUES:
        return Finding(
            min(COLOUR, 0.25 * (hues - MANY_HUES)),
            f"{hues} different hues compete",
            "Keep to one accent colour and its shades.",
        )
    return None


def _stray_colours(page: Page) -> Finding | None:
    """Small coloured boxes in other hues than the page's own."""
    areas = page.boxes[:, 2] * page.boxes[:, 3]
    filled = np.flatnonzero((page.fills[:, 3] > 0.5) & (areas >= STRAY_MIN_PX))
    vivid = filled[chroma(page.fills[filled, :3]) > GARISH]
    bins = (hue(page.fills[vivid, :3]) // (360 / HUE_BINS)).astype(np.intp)
    used = np.bincount(bins, weights=areas[vivid], minlength=HUE_BINS)
    own = np.argsort(-used, kind="stable")[:OWN_HUES]
    stray = vivid[~np.isin(bins, own)]
    if not len(stray):
        return None
    first = page.elements[int(stray[0])]
    return Finding(
        leveling(len(stray), STRAY_HALF, STRAY),
        f"{len(stray)} box(es) in a colour of their own, such as <{first.tag}> {quoted(first.text)}",
        "Keep badges, tags and buttons in the page's accent colour and its shades.",
    )


def _surfaces(page: Page) -> Finding | None:
    count = int(np.count_nonzero(surfaces(page)))
    if count >= ENOUGH_SURFACES:
        return None
    return Finding(
        SURFACES * (1 - count / ENOUGH_SURFACES),
        f"{count} box(es) with a ground of their own: the page is flat",
        "Set parts apart: a coloured header, cards with a ground, padding and rounded corners.",
    )


def surfaces(page: Page) -> Mask:
    """Boxes whose ground differs from what lies around them: headers, cards, panels."""
    areas = page.boxes[:, 2] * page.boxes[:, 3]
    large = areas >= SURFACE_MIN_PX
    return page.grounds & large & ~page.boxed_controls


def _pictures(page: Page) -> Finding | None:
    areas = page.boxes[:, 2] * page.boxes[:, 3]
    missing = {image.rect for image in page.look.measurements.images if not image.loaded}
    shown = np.array([element.tag != "img" or element.rect not in missing for element in page.elements], dtype=bool)
    drawn = page.pictures & shown & (areas >= PICTURE_MIN_PX)
    gradient = any(element.background_image for element in page.elements)
    share = float(areas[drawn & page.in_view].sum()) / (page.look.width * page.look.height)
    count = int(np.count_nonzero(drawn))
    met = max(count / ENOUGH_PICTURES, share / ENOUGH_PICTURE_SHARE, 0.4 if gradient else 0.0)
    if met >= 1:
        return None
    return Finding(
        PICTURES * (1 - met),
        f"{count} picture(s), drawing(s) or icon(s), filling {percent(share)} of the first screen",
        "Add pictures, illustrations or icons, for instance as inline SVG.",
    )


def _detail(page: Page) -> Finding | None:
    """How much there is to see on the first screen: different texts, controls, pictures."""
    texts = {page.elements[index].text for index in np.flatnonzero(page.in_view & page.readable & ~page.interactive)}
    pieces = len(texts) + int(np.count_nonzero(page.in_view & (page.interactive | page.pictures)))
    if pieces >= ENOUGH_PIECES:
        return None
    return Finding(
        DETAIL * (1 - pieces / ENOUGH_PIECES),
        f"{pieces} texts, controls and pictures on the first screen: it looks plain",
        "Work the first screen out: a tagline, real entries with details, labels, badges, secondary actions.",
    )


def _contrast(page: Page) -> Finding | None:
    # What is fainter still is not there at all, and costs rendering.
    faint = [kind for kind in page.look.measurements.contrast if kind.ratio >= FAINT_RATIO]
    if not faint:
        return None
    # Over what can be read: text that nobody sees must not thin out the faint ones.
    texts = max(1, int(np.count_nonzero(page.readable)))
    share = min(1.0, sum(kind.count for kind in faint) / texts)
    short = min(1.0, sum(kind.count * (1 - kind.ratio / kind.required) for kind in faint) / texts)
    worst = min(faint, key=lambda kind: kind.ratio / kind.required)
    kinds = some(f"{kind.text} ({kind.ratio:.1f}:1)" for kind in faint)
    return Finding(
        0.1 + leveling(short, FAINT_HALF, CONTRAST),
        f"{percent(share)} of the texts have too little contrast: {kinds}",
        f"Text {quoted(worst.text)} has contrast {worst.ratio:.1f}:1 ({worst.foreground} on {worst.background}); "
        f"WCAG AA asks for {worst.required:g}:1.",
    )
