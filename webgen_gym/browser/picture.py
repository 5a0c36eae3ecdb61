"""The picture of a page as it stands in the window."""

from __future__ import annotations

import asyncio
import base64

from playwright.async_api import CDPSession, Error

from webgen_gym.errors import BrowserLost

_PAUSES_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
_NO_FRAME = "Unable to capture screenshot"


async def picture(cdp: CDPSession) -> bytes:
    """A PNG of the window; under load the browser now and then has no frame to give, which is not the page's fault.

    Other errors of Playwright pass.

    Raises:
        BrowserLost: there was no frame in several attempts.
    """
    for pause_s in _PAUSES_S:
        try:
            answer = await cdp.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
            return base64.b64decode(answer["data"])
        except Error as error:
            if _NO_FRAME not in str(error):
                raise
            await asyncio.sleep(pause_s)
    raise BrowserLost(f"The browser gave no picture of the page in {len(_PAUSES_S)} attempts.")
