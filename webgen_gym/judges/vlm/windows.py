"""Which windows of a site are judged, and looking at them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from webgen_gym.browser import measure
from webgen_gym.browser.base import Size, Visits
from webgen_gym.errors import AgentFault
from webgen_gym.judges.vlm.options import Options
from webgen_gym.types import Look, Widget

_HERE = "http://site"
_PAGE_SUFFIXES = frozenset({"", ".html", ".htm"})


@dataclass(frozen=True, slots=True)
class Window:
    """One page of the site at one size. ``widgets`` are its controls; none are known of the session's own look."""

    path: str
    look: Look
    widgets: tuple[Widget, ...] = ()

    @property
    def name(self) -> str:
        """``/prices at 390×844``."""
        return f"{self.path} at {self.look.width}×{self.look.height}"


def paths(look: Look, options: Options) -> tuple[str, ...]:
    """The pages to judge: those named, then as many as wanted of those that the first page links to."""
    linked = [path for path in _linked(look) if path not in options.pages]
    return tuple(dict.fromkeys((*options.pages, *linked[: options.links])))


async def windows(look: Look, visits: Visits, options: Options) -> tuple[Window, ...]:
    """Look at every window. Only those that differ from ``look``, the first page as the session saw it, are opened.

    Raises BrowserLost where the browser dies. A page that cannot be shown is a window with the problem in its look.
    """
    here = (look.width, look.height)
    wanted = [(path, size) for size in options.viewports or (here,) for path in paths(look, options)]
    return tuple(
        [Window("/", look) if (path, size) == ("/", here) else await visit(visits, path, size) for path, size in wanted]
    )


async def visit(visits: Visits, path: str, size: Size) -> Window:
    """Look at one page at one size in a clean tab."""
    async with visits.tab(size) as tab:
        try:
            await tab.open(path)
            return Window(path, await tab.look(), await tab.widgets())
        except AgentFault as fault:
            return Window(path, measure.unseen(size, fault.message))


def _linked(look: Look) -> list[str]:
    """The other pages of the site that a look has links to, in order."""
    base = urljoin(_HERE, look.url)
    found = []
    for href, _ in look.measurements.links:
        try:
            parts = urlsplit(urljoin(base, href))
        except ValueError:
            continue
        suffix = PurePosixPath(parts.path).suffix.lower()
        if f"{parts.scheme}://{parts.netloc}" == _HERE and suffix in _PAGE_SUFFIXES:
            found.append(parts._replace(scheme="", netloc="", fragment="", path=parts.path or "/").geturl())
    return list(dict.fromkeys(found))
