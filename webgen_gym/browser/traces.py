"""What a visit leaves behind in a page that is used again. Errors of Playwright pass."""

from __future__ import annotations

import asyncio

from playwright.async_api import CDPSession

from webgen_gym.site.gateway import SITE_ORIGIN

# What frames listen to is not asked.
_LEAVING = (
    "!!frames.length || [window, document].some((target) => ['beforeunload', 'unload', 'pagehide', 'visibilitychange',"
    " 'freeze'].some((type) => type in getEventListeners(target)))"
)


async def clear(cdp: CDPSession) -> None:
    """Clear what the site has stored, the page's history and the window's name."""
    calls = (
        cdp.send("Network.clearBrowserCookies"),
        cdp.send("Storage.clearDataForOrigin", {"origin": SITE_ORIGIN, "storageTypes": "all"}),
        cdp.send("DOMStorage.clear", {"storageId": {"securityOrigin": SITE_ORIGIN, "isLocalStorage": False}}),
        cdp.send("Page.resetNavigationHistory"),
        # It outlives the document, and holds as much text as a page likes.
        cdp.send("Runtime.evaluate", {"expression": "window.name = ''"}),
    )
    # A page that has stored nothing answers some of these with an error.
    await asyncio.gather(*calls, return_exceptions=True)


async def may_come(cdp: CDPSession) -> bool:
    """Whether the page listens to being left, and so may still store something then."""
    asked = {"expression": _LEAVING, "includeCommandLineAPI": True, "returnByValue": True}
    answer = await cdp.send("Runtime.evaluate", asked)
    return answer.get("result", {}).get("value") is not False
