"""A page that sets two judges beside each other: a scatter plot, how far they agree, where they do not.

All words on it that a model or a page wrote are escaped; the page has no script and may ask for nothing.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import jinja2
from markupsafe import Markup
from PIL import Image

from webgen_gym.blobs import Blobs, write_whole
from webgen_gym.errors import StorageFailed
from webgen_gym.judges.agreement import CLOSE, Agreement, agreement
from webgen_gym.records.rescore import Plan, Rescored, scores
from webgen_gym.types import Score, Unscored

_ASSETS = files("webgen_gym.records") / "assets"
_APART = 12
_PICTURE_PX = 480
_SAID = 3


@dataclass(frozen=True, slots=True)
class _Point:
    name: str
    before: float
    after: float
    picture: str = ""
    said: tuple[str, ...] = ()


def compared(rescored: Sequence[Rescored]) -> Agreement:
    """How far the new verdicts agree with those of the run."""
    return agreement(*scores(rescored))


def write_comparison(plan: Plan, rescored: Sequence[Rescored], path: Path) -> Path:
    """Write the page to ``path`` in the place of what is there, and return ``path``.

    Raises:
        StorageFailed: it cannot be written.
    """
    config = plan.run.header["config"]
    style = "\n".join((_ASSETS / name).read_text(encoding="utf-8") for name in ("base.css", "comparison.css"))
    template = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        (_ASSETS / "comparison.html.j2").read_text(encoding="utf-8")
    )
    points = [_point(item) for item in rescored if item.before >= 0 and isinstance(item.verdict, Score)]
    page = template.render(
        old=config["judge"] if plan.appearance is not None else config["gui"],
        new=plan.judge,
        what="Appearance" if plan.appearance is not None else "Functionality",
        run=plan.run.folder.name,
        states=len(rescored),
        facts=facts(rescored),
        points=points,
        unscored=_unscored(rescored),
        apart=_apart(rescored, plan.run.blobs),
        style=Markup(style),
        style_hash="sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii"),
    )
    try:
        write_whole(path, page.encode("utf-8", "replace"))
    except OSError as error:
        raise StorageFailed(f"The page {path} could not be written: {error.strerror or error}.") from error
    return path


def facts(rescored: Sequence[Rescored]) -> list[tuple[str, str]]:
    """How far the new verdicts agree with those of the run: names and figures."""
    found = compared(rescored)
    return [
        ("states compared", str(found.pairs)),
        ("shift", f"{found.shift:+.2f}"),
        ("mean distance", f"{found.distance:.2f}"),
        (f"within {CLOSE:g}", f"{found.close:.0%}"),
        ("Spearman's ρ", _number(found.spearman)),
        ("Kendall's τ-b", _number(found.kendall)),
        ("Pearson's r", _number(found.pearson)),
    ]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _unscored(rescored: Sequence[Rescored]) -> list[tuple[str, int]]:
    reasons: Counter[str] = Counter()
    for item in rescored:
        if isinstance(item.verdict, Unscored):
            reasons[f"not scored now: {item.verdict.reason}"] += 1
        elif item.before < 0:
            reasons["not scored in the run"] += 1
    return sorted(reasons.items())


def _apart(rescored: Sequence[Rescored], blobs: Blobs) -> list[_Point]:
    both = [(item, item.verdict) for item in rescored if item.before >= 0 and isinstance(item.verdict, Score)]
    differing = [pair for pair in both if abs(pair[1].value - pair[0].before) > CLOSE]
    worst = sorted(differing, key=lambda pair: -abs(pair[1].value - pair[0].before))[:_APART]
    return [_point(item, _picture(blobs.get(item.screenshot)), _said(verdict)) for item, verdict in worst]


def _point(item: Rescored, picture: str = "", said: tuple[str, ...] = ()) -> _Point:
    assert isinstance(item.verdict, Score)
    return _Point(f"{item.rollout}, turn {item.number}", item.before, item.verdict.value, picture, said)


def _said(verdict: Score) -> tuple[str, ...]:
    lines = [verdict.summary, *(finding.finding for finding in verdict.evidence)]
    return tuple(line for line in lines if line)[:_SAID]


def _picture(png: bytes) -> str:
    if not png:
        return ""
    with Image.open(io.BytesIO(png)) as image:
        small = image.convert("RGB")
        small.thumbnail((_PICTURE_PX, _PICTURE_PX))
        out = io.BytesIO()
        small.save(out, "JPEG", quality=70)
    return base64.b64encode(out.getvalue()).decode("ascii")
