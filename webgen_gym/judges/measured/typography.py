"""Type: sizes that tell what matters, headings that somebody has set, few families, nothing too small."""

from __future__ import annotations

import numpy as np

from webgen_gym.judges.measured.finding import Finding, leveling, percent, quoted, some
from webgen_gym.judges.measured.page import Page
from webgen_gym.types import Element

HIERARCHY, SMALL, FAMILIES = 0.6, 2.0, 2.6
# Text of the first size is large enough, of the second as small as it can be.
SMALL_PX, TINY_PX = 14.0, 9.0
# Two families go together; a share of the texts in further ones costs half of the points.
OWN_FAMILIES = 2
FOREIGN_HALF = 0.3
FURTHER_POINTS = 0.12
DEFAULT_FONTS = frozenset({"Times New Roman", "Times", ""})
CODE_TAGS = frozenset({"code", "pre", "kbd", "samp"})
# What browsers give headings that nobody has styled: their size in terms of the text around them.
BOLD = 700
HEADING_EM = {"h1": 2.0, "h2": 1.5, "h3": 1.17}


def hierarchy(page: Page) -> Finding | None:
    """Headings hardly larger than the text, or a different size for everything."""
    texts = page.readable
    if not texts.any():
        return None
    sizes, body = page.font_px[texts], body_px(page)
    ratio = float(sizes.max()) / max(body, 1.0)
    kinds = len(np.unique(np.round(sizes)))
    if ratio < 1.4:
        return Finding(
            HIERARCHY * min(1.0, (1.6 - ratio) / 0.5),
            f"the largest text ({sizes.max():.0f} px) hardly differs from the body text ({body:.0f} px)",
            "Make the main heading at least twice as large as the body text.",
        )
    if kinds > 9:
        return Finding(
            HIERARCHY * min(1.0, (kinds - 9) / 6), f"{kinds} different font sizes", "Use five font sizes at most."
        )
    return None


def plain_headings(page: Page) -> Finding | None:
    """Headings as browsers draw them."""
    headings = [element for element in page.elements if element.tag in HEADING_EM and element.text]
    body = body_px(page)
    plain = [heading for heading in headings if _is_plain(heading, page, body)]
    if not plain or len(plain) < 0.5 * len(headings):
        return None
    return Finding(
        0.7 * HIERARCHY * len(plain) / len(headings),
        f"{len(plain)} of {len(headings)} headings have the size that browsers give them",
        f"Set sizes and spacing for the headings, {quoted(plain[0].text)} first.",
    )


def _is_plain(heading: Element, page: Page, body: float) -> bool:
    """Whether it has the weight and size that it would have without a style, in terms of its parent or of the text."""
    around = {page.elements[heading.parent].font_px if heading.parent >= 0 else body, body}
    return heading.font_weight == BOLD and any(
        abs(heading.font_px / size - HEADING_EM[heading.tag]) < 0.01 for size in around if size
    )


def body_px(page: Page) -> float:
    """The font size of the text: half of the letters are smaller, half are larger."""
    sizes, letters = page.font_px[page.readable], page.letters[page.readable]
    if not len(sizes):
        return 0.0
    order = np.argsort(sizes, kind="stable")
    return float(sizes[order][np.searchsorted(letters[order].cumsum(), letters.sum() / 2)])


def small_text(page: Page) -> Finding | None:
    """Text that is too small to be read with ease."""
    letters = page.letters * page.readable
    total = max(1, letters.sum())
    short = np.clip((SMALL_PX - page.font_px) / (SMALL_PX - TINY_PX), 0, 1)
    lost = SMALL * float((short * letters).sum() / total)
    if lost < 0.02:
        return None
    share = float(letters[page.font_px < SMALL_PX].sum() / total)
    return Finding(
        lost,
        f"{percent(share)} of the text is smaller than {SMALL_PX:.0f} px",
        f"Set the body text in 16 px and small print in no less than {SMALL_PX:.0f} px.",
    )


def families(page: Page) -> Finding | None:
    """More than two families of type; the browser's own counts as none, which costs more."""
    letters = page.letters * page.readable
    used: dict[str, int] = {}
    for element, count in zip(page.elements, letters, strict=True):
        if count and element.tag not in CODE_TAGS and element.font_family not in DEFAULT_FONTS:
            used[element.font_family] = used.get(element.font_family, 0) + int(count)
    ranked = sorted(used, key=lambda family: -used[family])
    further = ranked[OWN_FAMILIES:]
    if not further:
        return None
    share = sum(used[family] for family in further) / sum(used.values())
    return Finding(
        FURTHER_POINTS * len(further) + leveling(share, FOREIGN_HALF, FAMILIES),
        f"{len(ranked)} font families: {some(ranked, 4)}",
        "Keep to two font families: one for headings, one for text.",
    )
