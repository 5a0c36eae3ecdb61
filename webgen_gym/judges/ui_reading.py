"""A tab that is read once between two actions.

The page's clock stands still until something is done, so nothing that is read can have changed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar, cast

from webgen_gym.browser.base import Place, Tab
from webgen_gym.types import Look, Widget

T = TypeVar("T")


class Reading:
    """What UI tests need of a ``Tab``. Whatever acts on the page makes all that was read stale."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._read: dict[str, object] = {}

    @property
    def broken(self) -> bool:
        """Whether the page has stopped answering."""
        return self._tab.broken

    # -------------------------------------------------------------- reading

    async def widgets(self) -> tuple[Widget, ...]:
        """See ``Tab.widgets``."""
        return await self._once("widgets", self._tab.widgets)

    async def places(self) -> tuple[Place, ...]:
        """See ``Tab.places``."""
        return await self._once("places", self._tab.places)

    async def text(self) -> str:
        """See ``Tab.text``."""
        return await self._once("text", self._tab.text)

    async def fingerprint(self) -> str:
        """See ``Tab.fingerprint``."""
        return await self._once("fingerprint", self._tab.fingerprint)

    async def path(self) -> str:
        """See ``Tab.path``."""
        return await self._once("path", self._tab.path)

    async def look(self) -> Look:
        """See ``Tab.look``; without the picture."""
        return await self._once("look", lambda: self._tab.look(picture=False))

    # -------------------------------------------------------------- acting

    async def open(self, path: str = "/") -> int:
        """See ``Tab.open``."""
        return await self._acting(self._tab.open(path))

    async def point(self, widget: Widget) -> None:
        """See ``Tab.point``."""
        await self._acting(self._tab.point(widget))

    async def press(self, widget: Widget) -> None:
        """See ``Tab.press``."""
        await self._acting(self._tab.press(widget))

    async def type(self, widget: Widget, text: str) -> None:
        """See ``Tab.type``."""
        await self._acting(self._tab.type(widget, text))

    async def choose(self, widget: Widget, option: str) -> None:
        """See ``Tab.choose``."""
        await self._acting(self._tab.choose(widget, option))

    async def key(self, name: str) -> None:
        """See ``Tab.key``."""
        await self._acting(self._tab.key(name))

    async def wait(self, milliseconds: int) -> None:
        """See ``Tab.wait``."""
        await self._acting(self._tab.wait(milliseconds))

    # -------------------------------------------------------------- inside

    async def _once(self, what: str, read: Callable[[], Awaitable[T]]) -> T:
        if what not in self._read:
            self._read[what] = await read()
        return cast("T", self._read[what])

    async def _acting(self, action: Awaitable[T]) -> T:
        self._read.clear()
        return await action
