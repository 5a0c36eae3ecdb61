"""The report: one HTML page that needs nothing but itself.

All that comes out of a run (instructions, replies, console lines, file names) was written by a model or by a page that
a model built. So it enters the page as data alone: JSON in which no ``<`` is left, or compressed and in base64; the
page's script turns it into text nodes and never into markup, and the page's content policy admits that one script by
its hash and no request to anywhere.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from webgen_gym.blobs import write_whole
from webgen_gym.errors import StorageFailed
from webgen_gym.records.report import history
from webgen_gym.records.report.bounds import Bounds
from webgen_gym.records.report.commits import Commits
from webgen_gym.records.report.history import History, Rollout
from webgen_gym.records.report.overview import overview
from webgen_gym.records.report.shots import Shots
from webgen_gym.records.report.turn import Shares, Sources, details
from webgen_gym.records.run_folder import RunFolder

_ASSETS = files("webgen_gym.records") / "assets"
_SCRIPTS = (
    "dom.js",
    "charts.js",
    "rows.js",
    "overview.js",
    "evidence.js",
    "changes.js",
    "turn.js",
    "rollout.js",
    "app.js",
)
_STYLES = ("base.css", "overview.css", "rollout.css")


def write_report(run: RunFolder, path: Path, bounds: Bounds | None = None) -> Path:
    """Write the page about ``run`` to ``path``, in the place of what is there, and return ``path``.

    What of the run is missing or damaged is said on the page. The same run gives the same bytes. Screenshots are
    reduced, texts cut, and both said so, where the run is too large for ``bounds``.

    Raises:
        StorageFailed: the page cannot be written.
    """
    limits = bounds or Bounds()
    played = history.read(run)
    shots = _shots(run, played, limits)
    shares = Shares.of(limits.turn_chars(played.turns))
    sources = Sources(run, Commits(run.folder / "repo.git"), shots, limits, shares)
    summary = overview(run, played, sources.commits)
    summary["page"] = {
        "shots": len(shots.embedded()),
        "reduced_to": shots.reduced_to,
        "left_out": shots.left_out,
        "damaged_lines": played.damaged_lines,
        "store_problem": sources.commits.problem,
    }
    chunks = [_packed(_turns(rollout, sources)) for rollout in played.rollouts]
    _write(path, _html(summary, chunks, shots))
    return path


def _shots(run: RunFolder, played: History, bounds: Bounds) -> Shots:
    shots = Shots(run.blobs, bounds.image_bytes)
    # First the middle turn of every rollout, then the quarters, and so on: what does not fit is missing evenly.
    longest = max((len(rollout.turns) for rollout in played.rollouts), default=0)
    places = sorted(range(longest), key=lambda place: -(place & -place))
    others = [
        rollout.turns[place].screenshot for place in places for rollout in played.rollouts if place < len(rollout.turns)
    ]
    shots.take((rollout.screenshot for rollout in played.rollouts), others)
    return shots


def _turns(rollout: Rollout, sources: Sources) -> list[dict[str, Any]]:
    taken: dict[str, int] = {}
    for place, turn in enumerate(rollout.turns):
        if turn.screenshot and turn.raw.get("look"):
            taken.setdefault(turn.screenshot, place)
    return [details(turn, taken, sources) for turn in rollout.turns]


def _html(summary: dict[str, Any], chunks: list[str], shots: Shots) -> bytes:
    script = "\n".join(_asset(name) for name in _SCRIPTS)
    # One scope for all: nothing on the page can be reached from outside of it.
    script = f"(() => {{\n'use strict';\n{script}}})();\n"
    style = "\n".join(_asset(name) for name in _STYLES)
    template = jinja2.Environment(autoescape=True).from_string(_asset("report.html.j2"))
    page = template.render(
        name=summary["name"],
        # Assets of this package, and data without a '<'.
        script=Markup(script),
        style=Markup(style),
        script_hash=_csp_hash(script),
        style_hash=_csp_hash(style),
        summary=Markup(_json(summary).replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")),
        chunks=chunks,
        shots=shots.embedded(),
    )
    return page.encode("utf-8", "replace")


def _packed(value: object) -> str:
    return base64.b64encode(gzip.compress(_json(value).encode("ascii"), mtime=0)).decode("ascii")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def _csp_hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode("ascii")


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def _write(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise StorageFailed(f"The report {path} could not be written: {error.strerror or error}.") from error
