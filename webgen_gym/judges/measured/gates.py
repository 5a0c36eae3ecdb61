"""What makes a page worth 0 whatever else is on it: it was not shown, it shows an error, or nothing."""

from __future__ import annotations

import re

from webgen_gym.judges.measured.finding import quoted
from webgen_gym.judges.measured.page import PICTURE_TAGS, Page
from webgen_gym.types import Element, Look

OK = 200
OVERLAY_TAGS = frozenset({"vite-error-overlay", "astro-dev-overlay-error", "nuxt-error-overlay"})
ERROR_DIALOG = re.compile(
    r"build error|unhandled runtime error|runtime \w*error|failed to compile|module not found|syntax ?error", re.I
)
ERROR_PAGE = re.compile(
    r"cannot (get|post) /|index of /|directory listing for /|failed to compile|uncaught runtime errors?|"
    r"compiled with problems|internal server error|\[plugin:vite|(4\d\d|50\d) (not found|forbidden|bad gateway)|"
    r"application error: a (client|server)-side exception",
    re.I,
)
# A page that speaks of errors in passing is longer than an error page.
ERROR_PAGE_LETTERS = 3000
FULL_VIEW_SHARE = 0.9
# A favicon's worth of edges: less than one short word at reading size.
FEWEST_EDGE_PIXELS = 60


def unseen(look: Look) -> str:
    """Why there is no page to judge; empty where there is one."""
    if look.problem:
        return look.problem
    if look.status != OK:
        return f"The page answered HTTP {look.status or 'nothing'}, not 200."
    if not look.screenshot:
        return "The page could not be photographed."
    return ""


def broken(page: Page) -> str:
    """Why what was shown is no website; empty where it is one."""
    return _overlay(page) or _error_page(page) or _blank(page)


def _overlay(page: Page) -> str:
    if any(element.tag in OVERLAY_TAGS for element in page.elements):
        return f"The page is covered by the build tool's error overlay: {quoted(_text(page), 200)}."
    portal = [element.text for element in _below(page, "nextjs-portal") if ERROR_DIALOG.search(element.text)]
    if portal:
        return f"The page is covered by the build tool's error overlay: {quoted(' '.join(portal), 200)}."
    if _framed_over(page) and (page.look.page_errors or _console_errors(page)):
        return "The page is covered by the build tool's error overlay."
    return ""


def _error_page(page: Page) -> str:
    text = page.look.measurements.text.strip()
    if len(text) <= ERROR_PAGE_LETTERS and ERROR_PAGE.match(text):
        return f"The page shows a server's error message or folder listing instead of a website: {quoted(text, 120)}."
    return ""


def _blank(page: Page) -> str:
    if page.picture.edge_pixels < FEWEST_EDGE_PIXELS:
        return "The page is blank: the picture shows one empty area."
    shows = any(element.text or element.interactive or element.tag in PICTURE_TAGS for element in page.elements)
    return "" if shows else "The page is blank: it has no text, no control and no picture."


def _below(page: Page, tag: str) -> list[Element]:
    roots = {index for index, element in enumerate(page.elements) if element.tag == tag}
    if not roots:
        return []
    return [element for index, element in enumerate(page.elements) if roots & set(page.ancestors(index))]


def _framed_over(page: Page) -> bool:
    view = page.look.width * page.look.height
    return any(element.tag == "iframe" and element.rect.area >= FULL_VIEW_SHARE * view for element in page.elements)


def _console_errors(page: Page) -> bool:
    return any(line.level == "error" for line in page.look.console)


def _text(page: Page) -> str:
    return page.look.measurements.text
