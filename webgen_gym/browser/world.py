"""The isolated world of a page, in which our scripts run: they see its DOM, its own scripts do not see them.

What the page does to its prototypes and globals changes nothing here. The scripts are in ``scripts/``; together
they define ``webgenSight``, ``webgenEyes`` (looking), ``webgenHands`` (using) and ``webgenWindow`` (both at once).
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from typing import Any

from playwright.async_api import CDPSession, Error

_NAME = "webgen"
_SCRIPTS = ("colour", "names", "sight", "contrast", "eyes", "hands", "window")


class World:
    """The isolated world of whatever document a page shows. Errors of Playwright pass."""

    def __init__(self, cdp: CDPSession) -> None:
        self._cdp = cdp
        self._frame = ""
        self._context: int | None = None

    async def prepare(self) -> None:
        """Put our scripts into every document to come."""
        await self._cdp.send("Page.addScriptToEvaluateOnNewDocument", {"source": _source(), "worldName": _NAME})

    def forget(self) -> None:
        """The document has gone, or may have."""
        self._frame, self._context = "", None

    def begin_document(self) -> None:
        """Another document comes in the same frame."""
        self._context = None

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression, awaited. Raises Error where it throws or where the document has gone."""
        # As one text: every process on the way would take a tree of values apart and build it anew.
        parameters = {
            "expression": f"(async () => JSON.stringify((await ({expression})) ?? null))()",
            "contextId": await self._context_id(),
            "awaitPromise": True,
            "returnByValue": True,
        }
        answer = await self._cdp.send("Runtime.evaluate", parameters)
        if "exceptionDetails" in answer:
            raise Error(str(answer["exceptionDetails"].get("exception", {}).get("description", "exception")))
        return json.loads(answer["result"]["value"])

    async def _context_id(self) -> int:
        if self._context is None:
            if not self._frame:
                tree = await self._cdp.send("Page.getFrameTree")
                self._frame = tree["frameTree"]["frame"]["id"]
            made = await self._cdp.send("Page.createIsolatedWorld", {"frameId": self._frame, "worldName": _NAME})
            self._context = int(made["executionContextId"])
        return self._context


@cache
def script(name: str) -> str:
    """The text of one of our scripts."""
    return resources.files("webgen_gym.browser").joinpath("scripts", f"{name}.js").read_text(encoding="utf-8")


@cache
def _source() -> str:
    return "\n".join(map(script, _SCRIPTS))


@cache
def scripts_id() -> str:
    """Names what our scripts are, so that what they saw is not mistaken for what others see."""
    return hashlib.sha256((script("clock") + _source()).encode()).hexdigest()[:16]
