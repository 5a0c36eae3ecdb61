"""Screenshots for the page: each blob once, the chosen turns' in full, the others as large as there is room for."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

from webgen_gym.blobs import Blobs
from webgen_gym.errors import BadRun

_QUALITY = 70
# Widths in pixels that a screenshot may be brought down to, and how much a page of text then weighs.
_WIDTHS = {1024: 1.0, 768: 0.62, 512: 0.34, 384: 0.22, 256: 0.12}
_USUAL_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class Shot:
    """An encoded screenshot, ``data`` in base64; or none, and ``problem`` says why."""

    data: str = ""
    problem: str = ""


class Shots:
    """The screenshots of one page, by the names of their blobs. No more than ``max_bytes`` are kept."""

    def __init__(self, blobs: Blobs, max_bytes: int) -> None:
        self._blobs = blobs
        self._left = max_bytes
        self._shots: dict[str, Shot] = {}
        self._kept = 0
        self._spent = 0
        self.reduced_to = 0

    def take(self, first: Iterable[str], rest: Iterable[str]) -> None:
        """Take ``first`` in full, then ``rest`` in the largest width in which all of them fit, in their order."""
        for name in first:
            self._take(name, max(_WIDTHS))
        waiting = [name for name in dict.fromkeys(rest) if name and name not in self._shots]
        width = self._fitting(len(waiting))
        self.reduced_to = width if width < max(_WIDTHS) else 0
        for name in waiting:
            self._take(name, width)

    def embedded(self) -> dict[str, str]:
        """Blob name → base64, of all that are on the page."""
        return {name: shot.data for name, shot in self._shots.items() if shot.data}

    @property
    def left_out(self) -> int:
        """How many there was no room for."""
        return sum(1 for shot in self._shots.values() if shot.problem == _NO_ROOM)

    def problem(self, name: str) -> str:
        """Why this screenshot is not on the page; '' when it is."""
        shot = self._shots.get(name)
        return "" if shot is None else shot.problem

    def _fitting(self, count: int) -> int:
        usual = self._spent / self._kept if self._kept else _USUAL_BYTES
        room = self._left / max(count, 1)
        return next((width for width, share in _WIDTHS.items() if usual * share <= room), min(_WIDTHS))

    def _take(self, name: str, width: int) -> None:
        if not name or name in self._shots:
            return
        if self._left <= 0:
            self._shots[name] = Shot(problem=_NO_ROOM)
            return
        try:
            content = _encoded(self._blobs.get(name), width)
        except BadRun:
            self._shots[name] = Shot(problem="The screenshot is missing from the run folder, or damaged.")
            return
        except (OSError, ValueError, Image.DecompressionBombError):
            self._shots[name] = Shot(problem="The screenshot is not an image that can be read.")
            return
        self._keep(name, content)

    def _keep(self, name: str, content: bytes) -> None:
        if len(content) > self._left:
            self._shots[name] = Shot(problem=_NO_ROOM)
            self._left = 0
            return
        self._left -= len(content)
        self._spent += len(content)
        self._kept += 1
        self._shots[name] = Shot(data=base64.b64encode(content).decode("ascii"))


_NO_ROOM = "The screenshot was left out to keep this page small; it is in the run folder."


def _encoded(png: bytes, width: int) -> bytes:
    with Image.open(io.BytesIO(png)) as image:
        picture = image.convert("RGB")
    if picture.width > width:
        picture = picture.resize((width, max(1, round(picture.height * width / picture.width))), Image.Resampling.BOX)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=_QUALITY, method=1)
    return out.getvalue()
