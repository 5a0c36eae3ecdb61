"""From the answers of a model to a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import fmean
from types import MappingProxyType

from webgen_gym.judges.measured import gates, page
from webgen_gym.judges.vlm.windows import Window
from webgen_gym.types import Evidence, Look, Score

SUGGESTIONS = 8
# A model may write at length; what a turn keeps of one remark is bounded.
KEPT_CHARS = 1200


def worthless(look: Look) -> Score | None:
    """The 0 of a page that was not shown, is blank, or shows an error; None where there is something to judge."""
    problem = gates.unseen(look) or gates.broken(page.read(look))
    if not problem:
        return None
    return Score(
        0.0,
        evidence=(Evidence("rendering", problem, -5.0),),
        suggestions=(f"Make the page show a website. {problem}",),
        summary=problem,
    )


def over_windows(windows: Sequence[Window], scores: Sequence[Score]) -> Score:
    """One verdict on several windows: the mean. What was found says where, and suggestions are listed once."""
    if len(scores) == 1:
        return scores[0]
    placed = [(window.name, score) for window, score in zip(windows, scores, strict=True)]
    return Score(
        value=rounded(fmean(score.value for score in scores)),
        criteria=_mean_criteria(scores),
        evidence=tuple(
            replace(item, finding=f"{name}: {item.finding}") for name, score in placed for item in score.evidence
        ),
        suggestions=unlike(advice for score in scores for advice in score.suggestions),
        summary="\n".join(f"{name}: {score.summary}" for name, score in placed),
    )


def unlike(texts: Iterable[str]) -> tuple[str, ...]:
    """The first few different texts that say something, each shortened."""
    return tuple(dict.fromkeys(filter(None, map(kept, texts))))[:SUGGESTIONS]


def kept(text: str) -> str:
    """What a verdict keeps of a model's remark."""
    text = text.strip()
    return text if len(text) <= KEPT_CHARS else text[: KEPT_CHARS - 1] + "…"


def rounded(value: float) -> float:
    """A value on the scale, to two places as all judges give it."""
    return round(value, 2)


def _mean_criteria(scores: Sequence[Score]) -> Mapping[str, float]:
    """The mean of each criterion over the windows that were graded by criteria."""
    names = dict.fromkeys(name for score in scores for name in score.criteria)
    means = {name: fmean(score.criteria.get(name, 0.0) for score in scores) for name in names}
    return MappingProxyType({name: rounded(mean) for name, mean in means.items()})
