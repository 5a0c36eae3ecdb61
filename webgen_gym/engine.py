"""What all sessions of a process share: the browser, the gateway, the lines of work, the folder of caches."""

from __future__ import annotations

import os
from pathlib import Path

from webgen_gym.browser.chromium import Chromium
from webgen_gym.concurrency import Concurrency, Gates
from webgen_gym.limits import Limits
from webgen_gym.looks import LookCache
from webgen_gym.site.gateway import Gateway


class Engine:
    """The shared parts as one session sees them, under its own limits. Making one starts nothing."""

    def __init__(
        self,
        limits: Limits,
        chromium: Chromium,
        gates: Gates | None = None,
        *,
        cache: Path | None = None,
        keeps_looks: bool = False,
    ) -> None:
        self.limits = limits
        self.chromium = chromium
        self.gates = gates or Gates(Concurrency.of_machine())
        self.gateway = Gateway(limits)
        self.cache = cache or default_cache()
        self.looks = LookCache(self.cache / "looks", limits.looks_bytes) if keeps_looks else None


def default_cache() -> Path:
    """Where installed dependencies are kept: WEBGEN_CACHE, else the user's cache folder."""
    named = os.environ.get("WEBGEN_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "webgen-gym"
