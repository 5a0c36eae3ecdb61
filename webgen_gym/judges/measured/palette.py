"""The colours that were asked for against those that are seen."""

from __future__ import annotations

import numpy as np

from webgen_gym.judges.colour import Floats, distance, hex_name, rgb
from webgen_gym.judges.measured.finding import Finding, found, percent
from webgen_gym.judges.measured.page import Mask, Page
from webgen_gym.types import Palette

BACKGROUND_POINTS = 1.1
COMPONENT_POINTS = 1.1
# CIE76: full marks up to the first, none from the second on, by ratio in between: pale colours lie close together,
# ivory is 7 from white, and far off is worse than off.
BACKGROUND_NEAR, BACKGROUND_FAR = 3.0, 40.0
COMPONENT_NEAR, COMPONENT_FAR = 14.0, 90.0
ENOUGH_BACKGROUND = 0.25
ENOUGH_COMPONENT = 0.01
COMPONENT_TAGS = frozenset({"button", "header", "nav", "footer", "aside"})


def palette(page: Page, asked: Palette) -> tuple[Finding, ...]:
    """Points lost where the background or the components are not of the colour that was asked for."""
    return found(
        _background(page, asked.background, asked.background_name) if asked.background else None,
        _components(page, asked.component, asked.component_name) if asked.component else None,
    )


def _background(page: Page, colour: str, name: str) -> Finding | None:
    wanted = rgb(colour)
    near = _nearness(distance(page.picture.colours, wanted), BACKGROUND_NEAR, BACKGROUND_FAR)
    nearest = np.argsort(-near, kind="stable")
    # A large area does not make up for a colour that is only close: white everywhere is not ivory.
    areas = np.minimum(1.0, page.picture.shares[nearest].cumsum() / ENOUGH_BACKGROUND)
    met = float((near[nearest] * areas).max())
    if met > 0.95:
        return None
    seen = hex_name(page.picture.colours[page.picture.shares.argmax()])
    return Finding(
        BACKGROUND_POINTS * (1 - met),
        f"the background should be {name or colour} ({colour}); the commonest colour is {seen}",
        f"Set the page's background to {name or colour} ({colour}).",
    )


def _components(page: Page, colour: str, name: str) -> Finding | None:
    wanted = rgb(colour)
    used = components(page)
    matching = _share_matching(page, used, wanted)
    seen = page.picture.share_near(wanted, COMPONENT_NEAR)
    met = 0.6 * min(1.0, matching / 0.5) + 0.4 * min(1.0, seen / ENOUGH_COMPONENT)
    if met > 0.95:
        return None
    return Finding(
        COMPONENT_POINTS * (1 - met),
        f"components should be {name or colour} ({colour}); {percent(matching)} of {np.count_nonzero(used)} are, "
        f"and it fills {percent(seen)} of the picture",
        f"Use {name or colour} ({colour}) for buttons, header and navigation.",
    )


def components(page: Page) -> Mask:
    """Buttons, bars and other boxes that carry an accent: those with a ground or a text colour of their own."""
    bars = np.array([element.tag in COMPONENT_TAGS for element in page.elements], dtype=bool)
    roles = np.array([element.role in {"button", "tab", "link"} for element in page.elements], dtype=bool)
    return bars | (roles & page.interactive)


def _share_matching(page: Page, used: Mask, wanted: Floats) -> float:
    """The share of components whose ground or text is near the colour."""
    if not used.any():
        return 0.0
    ground = np.where(page.fills[used, 3:] > 0.5, page.fills[used, :3], page.behind[used])
    away = np.minimum(distance(ground, wanted), distance(page.inks[used], wanted))
    return float(_nearness(away, COMPONENT_NEAR, COMPONENT_FAR).mean())


def _nearness(away: Floats, near: float, far: float) -> Floats:
    """1 up to ``near``, 0 from ``far`` on; halfway where the distance is as many times the one as the other."""
    nearness: Floats = 1 - np.log(away.clip(near, far) / near) / np.log(far / near)
    return nearness
