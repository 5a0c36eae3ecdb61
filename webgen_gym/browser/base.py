"""What a judge may do with a running site: look at it, and use it as a person would.

``Tab`` is the seam between the browser and the judges. The real one is
``webgen_gym.browser.tab.SiteTab``. Every method is under a deadline that is enforced from outside
the page. A page that cannot be used raises ``AgentFault`` with a sentence; a browser that dies
raises ``BrowserLost``.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from webgen_gym.types import ConsoleLine, Look, Rect, Request, Widget

Size = tuple[int, int]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Events:
    """What happened in a tab since it was last asked."""

    console: tuple[ConsoleLine, ...] = ()
    page_errors: tuple[str, ...] = ()
    requests: tuple[Request, ...] = ()
    dialogs: tuple[str, ...] = ()
    popups: tuple[str, ...] = ()
    downloads: tuple[str, ...] = ()
    navigations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the accessibility tree: a control, or words of the page.

    ``control`` is the index of its widget, -1 where it is none. ``inside`` is whether any of it lies in the window.
    """

    depth: int
    role: str
    words: str
    control: int
    inside: bool


@dataclass(frozen=True, slots=True)
class Window:
    """A page as it stands in the window, frames of the same origin and canvases included.

    ``open`` are the widgets that the mouse would meet where the page stands now: not scrolled away, not covered.
    ``left``, ``top``, ``width`` and ``height`` are the window's place on the page and the page's size, in CSS pixels.
    ``picture`` is a PNG of the window, empty where none was asked for.
    """

    lines: tuple[Line, ...]
    widgets: tuple[Widget, ...]
    open: frozenset[int]
    left: float
    top: float
    width: int
    height: int
    picture: bytes


@dataclass(frozen=True, slots=True)
class Place:
    """What an ``Element`` of a look says of where it stands and what it says, and nothing of how it looks."""

    tag: str
    text: str
    rect: Rect
    parent: int
    interactive: bool
    label: str = ""


class Tab(Protocol):
    """One page of one site, used by trusted input events. Time on the page stands still between calls."""

    @property
    def broken(self) -> bool:
        """Whether the page has stopped answering: this tab is of no more use."""
        ...

    async def open(self, path: str = "/") -> int:
        """Go to a path of the site and wait until it has settled; returns the HTTP status (0: no answer)."""
        ...

    async def widgets(self) -> tuple[Widget, ...]:
        """The controls that a person could use now, in document order."""
        ...

    async def point(self, widget: Widget) -> None:
        """Scroll it into view and lay mouse and focus on it: everything that pressing does but the press.

        What differs between this and ``press`` is what the control does. Raises as ``press`` does.
        """
        ...

    async def press(self, widget: Widget, at: Point | None = None) -> None:
        """Scroll it into view, click its centre with the mouse, let the page settle.

        ``at`` is another point of it, in CSS pixels from its top left. Raises AgentFault when it is gone, has no
        size, or something else lies over it.
        """
        ...

    async def type(self, widget: Widget, text: str) -> None:
        """Focus a field, replace what is in it by ``text`` (also date, time, number, colour and range fields)."""
        ...

    async def choose(self, widget: Widget, option: str) -> None:
        """Choose an option of a select by its label."""
        ...

    async def key(self, name: str) -> None:
        """Press one key (``Enter``, ``Tab``, ``ArrowLeft``, ``a``) where the focus is."""
        ...

    async def scroll(self, widget: Widget | None, *, down: bool) -> bool:
        """Scroll what holds the widget, or the page, by two thirds of what shows of it; whether it moved."""
        ...

    async def back(self) -> bool:
        """Go back in the tab's history; False where that would leave the site."""
        ...

    async def wait(self, milliseconds: int) -> None:
        """Let the page's own clock run on, at once in real time, then let it settle."""
        ...

    async def text(self) -> str:
        """The text that is visible on the whole page, as ``innerText`` gives it."""
        ...

    async def fingerprint(self) -> str:
        """A hash of what a person would notice: text, field values, geometry, colours, scroll place, path and query."""
        ...

    async def has_target(self, fragment: str) -> bool:
        """Whether a link to ``#fragment`` leads to a place on the page."""
        ...

    async def path(self) -> str:
        """The path, query and fragment of the current address."""
        ...

    async def look(self, *, picture: bool = True) -> Look:
        """A full look at the page as it is now; without its picture at a fraction of the price."""
        ...

    async def places(self) -> tuple[Place, ...]:
        """Where the elements of a look stand, at a fraction of its price."""
        ...

    async def window(self, *, picture: bool = True) -> Window:
        """What is in the window now; its widgets take the place of those that ``widgets`` gave."""
        ...

    def take_events(self) -> Events:
        """What happened since the last call; forgets it."""
        ...


class Visits(Protocol):
    """Opens clean tabs on one running site: no cookies, no storage, nothing from another tab."""

    @property
    def site(self) -> str:
        """The content of the site, hashed: equal for equal files, '' where it is not known."""
        ...

    def tab(self, viewport: Size | None = None) -> AbstractAsyncContextManager[Tab]:
        """A new tab that is closed at the end of the block; ``viewport`` is (width, height) in CSS pixels."""
        ...
