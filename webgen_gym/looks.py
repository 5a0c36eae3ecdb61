"""Looks that are kept: a site that was shown before, as it was built and seen then.

What is kept is named by the files, the browser and our scripts, the window, the sandbox and the limits; not by Node's
version. Kept is only what went well: a site that started, a page that settled, no server error.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

from webgen_gym.kept import Kept
from webgen_gym.limits import Limits
from webgen_gym.plain import as_json, from_json
from webgen_gym.types import Build, Look

FORMAT = 1
_FAST = 1
_LENGTH = 8


@dataclass(frozen=True, slots=True)
class Shown:
    """A site that is up, and the look at its first page."""

    build: Build
    look: Look

    @property
    def went_well(self) -> bool:
        """Whether showing it again would come to the same."""
        look = self.look
        return self.build.ok and look.settled and not look.problem and not look.server_failed


class LookCache:
    """Looks by key, in a folder; ``max_bytes`` bounds them together. Raises as ``Kept`` does."""

    def __init__(self, folder: Path, max_bytes: int) -> None:
        self._kept = Kept(folder / f"looks-{FORMAT}.sqlite", max_bytes, "cache of looks")

    def get(self, key: str) -> Shown | None:
        """What is kept under a key; None where there is nothing."""
        kept = self._kept.get(key)
        return None if kept is None else _read(kept)

    def put(self, key: str, shown: Shown) -> None:
        """Keep a look that went well; any other is not kept."""
        if shown.went_well:
            self._kept.put(key, _written(shown))

    def forget(self, key: str) -> None:
        """Keep nothing under a key any more."""
        self._kept.forget(key)

    def __len__(self) -> int:
        return len(self._kept)


def look_key(files: str, browser: str, viewport: tuple[int, int], sandbox: str, limits: Limits) -> str:
    """The name of a look. ``files`` is the hash of the site's content, ``browser`` what looks."""
    bounds = (
        limits.page_load_s,
        limits.settle_virtual_ms,
        limits.settle_cap_s,
        limits.dialogs,
        limits.popups,
        limits.console_lines,
        limits.requests_listed,
        limits.elements,
        limits.text_bytes,
        limits.response_bytes,
        limits.contrast_kinds,
        limits.log_head_bytes,
        limits.log_tail_bytes,
    )
    return hashlib.sha256(repr((FORMAT, files, browser, viewport, sandbox, bounds)).encode()).hexdigest()


def _written(shown: Shown) -> bytes:
    """The length of the text, the text, the picture as it is."""
    look = {name: value for name, value in as_json(shown.look).items() if name != "screenshot"}
    text = json.dumps({"build": as_json(shown.build), "look": look}).encode("utf-8", "surrogatepass")
    packed = zlib.compress(text, _FAST)
    return len(packed).to_bytes(_LENGTH, "big") + packed + shown.look.screenshot


def _read(kept: bytes) -> Shown:
    end = _LENGTH + int.from_bytes(kept[:_LENGTH], "big")
    whole = json.loads(zlib.decompress(kept[_LENGTH:end]).decode("utf-8", "surrogatepass"))
    look = from_json({**whole["look"], "screenshot": kept[end:]}, Look)
    return Shown(from_json(whole["build"], Build), look)
