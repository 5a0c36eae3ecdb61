"""A vision-language model behind deterministic gates and against text that talks to it.

What stands between a page and its grade, in order:

1. A page that was not shown, is blank or shows an error is 0 without asking (``verdicts.worthless``).
2. An observer sees the picture alone, no word of page or task, and reports facts; it is asked for no grade.
3. A scorer sees the rubric, the instruction and the facts, and no picture: pixels cannot talk to whoever gives the
   grade. What speaks to a grader, marks and reserved characters are taken out of the facts (``facts``). The price is
   that taste reaches it in words only.
4. The page's own text is searched for words to a grader, at this size and others (``grader_text``), and a picture in
   place of a website is recognised (``cover``). Where either is found, or the observer quotes such words, the value
   is at most ``CAP``.

What it does not hold: an observer that obeys text which only it can read (in a picture, on a canvas) so far that it
neither quotes it nor tells the truth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median
from types import MappingProxyType

from webgen_gym.browser.base import Size, Visits
from webgen_gym.errors import ModelFailed
from webgen_gym.judges.identity import judge_id
from webgen_gym.judges.measured import page
from webgen_gym.judges.vlm import cover, facts, grader_text, prompts
from webgen_gym.judges.vlm.asking import ask, together
from webgen_gym.judges.vlm.facts import Facts
from webgen_gym.judges.vlm.grader_text import GraderText
from webgen_gym.judges.vlm.options import Options
from webgen_gym.judges.vlm.verdicts import kept, over_windows, rounded, unlike, worthless
from webgen_gym.judges.vlm.windows import Window, paths, visit, windows
from webgen_gym.llm import ImagePart, Message, Model
from webgen_gym.types import Evidence, Look, Score, Task, Unscored, Verdict

CAP = 1.0
# A telephone and a wide screen: text may be put where only they show it.
AUDITED: tuple[Size, ...] = ((390, 844), (1920, 1080))

_PROMPTS = (prompts.OBSERVE, prompts.OBSERVATION, prompts.SCORE, prompts.SCORING, prompts.asked_for(""))


@dataclass(frozen=True, slots=True)
class _Vote:
    """One observer's facts, and what a scorer made of them."""

    seen: Facts
    grades: Mapping[str, int]
    analysis: str
    suggestions: tuple[str, ...]

    @property
    def value(self) -> float:
        return fmean(self.grades.values())


@dataclass(frozen=True, slots=True)
class _Judged:
    """The score of one window, and why it is to be capped, if it is."""

    score: Score
    why: Evidence | None = None


class Guarded:
    """Appearance by a vision-language model that is hard to talk to; the module says what guards it.

    A vote is the mean of four criteria, a window's grade the median of its votes, the value the mean of the windows.
    ``audited`` are sizes at which each page is searched for text to a grader without being shown to the model; each
    costs a page load.
    """

    def __init__(
        self,
        model: Model,
        options: Options = Options(instruction=True),  # noqa: B008
        audited: tuple[Size, ...] = AUDITED,
    ) -> None:
        self._model = model
        self._options = options
        self._audited = audited
        self._id = judge_id("guarded", 1, model.id, options, audited, *_PROMPTS)

    @property
    def id(self) -> str:
        """``guarded/1:MODEL:HASH``; the hash covers prompts, options and audited sizes."""
        return self._id

    async def appearance(self, task: Task, look: Look, visits: Visits) -> Verdict:
        """Judge the windows of the options. Raises ModelRefused where no call will be answered."""
        shown = await windows(look, visits, self._options)
        try:
            judged = await together(self._window(task, window) for window in shown)
        except ModelFailed as failure:
            return Unscored(failure.reason.value, failure.message)
        score = over_windows(shown, [each.score for each in judged])
        if score.value == 0:
            return score
        reasons = [each.why for each in judged if each.why is not None]
        why = reasons[0] if reasons else await self._audit(look, visits, shown)
        return score if why is None else _capped(score, why)

    async def _audit(self, look: Look, visits: Visits, shown: Sequence[Window]) -> Evidence | None:
        """The first text for a grader in the windows that were judged, else in those of the audited sizes."""
        for window in shown:
            if (found := grader_text.in_window(window)) is not None:
                return _addressed(found)
        for path in paths(look, self._options):
            for size in self._audited:
                if (found := grader_text.in_window(await visit(visits, path, size))) is not None:
                    return _addressed(found)
        return None

    async def _window(self, task: Task, window: Window) -> _Judged:
        if (nothing := worthless(window.look)) is not None:
            return _Judged(nothing)
        votes = await together(self._vote(task, window) for _ in range(self._options.votes))
        quoted = [vote.seen.flagged for vote in votes if vote.seen.flagged is not None]
        why = _addressed(quoted[0]) if 2 * len(quoted) > len(votes) else None
        if why is None and cover.picture_only(page.read(window.look)):
            why = Evidence("rendering", f"A picture fills the window in place of a website, on {window.name}.")
        return _Judged(_score(votes), why)

    async def _vote(self, task: Task, window: Window) -> _Vote:
        observe = (Message.system(prompts.OBSERVE), Message.user(ImagePart(window.look.screenshot)))
        seen = facts.read(await ask(self._model, observe, prompts.OBSERVATION, self._options), window.name)
        wanted = prompts.asked_for(task.instruction if self._options.instruction else None)
        notes = Message.user(f"{wanted}\n\nThe observer's notes:\n\n{seen.told()}")
        graded = await ask(self._model, (Message.system(prompts.SCORE), notes), prompts.SCORING, self._options)
        grades = MappingProxyType({name: graded[name] for name in prompts.CRITERIA})
        return _Vote(seen, grades, kept(graded["analysis"]), unlike(graded["suggestions"]))


def _score(votes: Sequence[_Vote]) -> Score:
    """The verdict of several votes on one window, before any cap."""
    medians = {name: rounded(median(vote.grades[name] for vote in votes)) for name in prompts.CRITERIA}
    praised = [vote.seen.praised for vote in votes if vote.seen.praised][:1]
    return Score(
        value=rounded(median(vote.value for vote in votes)),
        criteria=MappingProxyType(medians),
        evidence=(
            *(Evidence("appearance", f"{vote.value:g} of {prompts.HIGHEST}: {vote.analysis}") for vote in votes),
            *(Evidence("self_praise", f"A mark on the page counts for nothing: '{mark}'.") for mark in praised),
        ),
        suggestions=unlike(advice for vote in votes for advice in vote.suggestions),
        summary=votes[0].analysis,
    )


def _addressed(found: GraderText) -> Evidence:
    """Why a page that speaks to its grader is capped."""
    return Evidence("grader_text", f"Text that speaks to whoever grades the page, on {found.place}: '{found.quote}'.")


def _capped(score: Score, why: Evidence) -> Score:
    """The score, at most ``CAP``; the first thing said is why."""
    value = min(score.value, CAP)
    return replace(
        score,
        value=value,
        evidence=(replace(why, points=rounded(value - score.value)), *score.evidence),
        suggestions=unlike((f"Take it off the page. {why.finding}", *score.suggestions)),
        summary="\n".join(filter(None, (f"{why.finding} Such a page gets {CAP:g} at most.", score.summary))),
    )
