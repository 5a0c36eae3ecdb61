"""Trying every control of one page, and doubting every failure before it is believed.

A control that does nothing is tried again: on the page loaded anew, with the fields filled, and after a neighbour
that works has changed something. The chosen tab of a group, "Clear" of an empty field and "Previous" on the first
slide are alive; they only have nothing to do.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from webgen_gym.errors import AgentFault
from webgen_gym.judges.explore_controls import Control, Key, Kind, controls_of, key_of, revealed
from webgen_gym.judges.explore_deeds import DEEDS, SEND_EMPTY
from webgen_gym.judges.explore_hands import Effect, Gone, Hands

# How much of the tries a page may use up that leads to others.
HERE_SHARE = 0.67
NEIGHBOURS = 3
REVEALED_EACH = 6
REVEALED_DEPTH = 2
BROKEN_TABS_AT_MOST = 2
CLOSER = re.compile(r"accept|close|dismiss|got it|agree|\bok\b|×|✕", re.I)
NARROWS = re.compile(r"filter|sort|categor|order|genre|type|show|all\b|any\b|language|unit|theme", re.I)
PRESSED = frozenset({Kind.BUTTON, Kind.CLICKABLE, Kind.TICK})
# What may give others something to do: a route of the page, a form that adds to an empty list.
STIRRING = PRESSED | {Kind.ANCHOR, Kind.FORM}


@dataclass(frozen=True, slots=True)
class Trial:
    """A control and what came of trying it.

    ``alive`` is None where nothing can be said. ``led`` is the page that it led to. ``fresh``: it was tried before
    anything else had changed the page. ``final``: trying it again would tell nothing new.
    """

    control: Control
    alive: bool | None
    seen: str
    errors: tuple[str, ...] = ()
    led: str = ""
    fresh: bool = False
    final: bool = False

    @property
    def doubtful(self) -> bool:
        """Whether it is to be tried once more before it counts as dead."""
        return self.alive is False and not self.final


class Tour:
    """The controls of one page, tried one after the other.

    ``go_on`` says whether there is time left; ``known`` are controls that were met on other pages. ``cut_short``
    tells afterwards whether there was more to try.
    """

    def __init__(self, hands: Hands, go_on: Callable[[], bool], known: set[Key]) -> None:
        self._hands = hands
        self._go_on = go_on
        self._known = known
        self._trials: dict[Control, Trial] = {}
        self.cut_short = False

    async def take(self, tries: int) -> tuple[Trial, ...]:
        """Try at most so many controls of the page that the hands have opened; some are left for where it leads."""
        controls = [
            control for control in controls_of(await self._hands.tab.widgets()) if control.key not in self._known
        ]
        self._known.update(control.key for control in controls)
        if any(control.kind is Kind.LINK for control in controls):
            tries = max(1, round(tries * HERE_SHARE))
        await self._first_round(controls, tries)
        await self._again([trial for trial in self._doubtful() if not trial.fresh])
        await self._again([trial for trial in self._doubtful() if trial.control.kind is not Kind.FORM], filled=True)
        await self._after_neighbours()
        return tuple(self._trials.values())

    # -------------------------------------------------------------- rounds

    async def _first_round(self, controls: Iterable[Control], tries: int) -> None:
        queue = deque(controls)
        while queue and len(self._trials) < tries and self._may_go_on():
            trial = await self._try(queue.popleft())
            if trial is not None:
                self._trials[trial.control] = trial
                queue.extendleft(reversed(await self._revealed(trial)))
        self.cut_short = bool(queue)

    async def _again(self, trials: Iterable[Trial], *, filled: bool = False) -> None:
        """On the page loaded anew; one load serves for as long as nothing happens."""
        for trial in trials:
            if self._may_go_on():
                await self._retry(trial, filled=filled, remark="once the fields are filled" if filled else "")

    async def _after_neighbours(self) -> None:
        for trial in self._doubtful():
            for neighbour in self._neighbours(trial.control):
                if self._trials[trial.control].alive is False and self._may_go_on():
                    await self._retry(trial, after=neighbour, remark=f"after {neighbour.label}")

    async def _retry(self, trial: Trial, *, filled: bool = False, after: Control | None = None, remark: str) -> None:
        try:
            await self._hands.begin(trial.control, filled=filled)
            if after is not None and not await self._hands.use_quietly(after):
                # A player that runs changes the page whatever one presses.
                return
            again = await self._judge(trial.control, filled=filled)
        except Gone:
            self._hands.stand = None
        except AgentFault:
            await self._hands.mend()
        else:
            if again.alive is not False:
                self._trials[trial.control] = replace(again, seen=f"{again.seen} {remark}".strip())

    # -------------------------------------------------------------- one control

    async def _try(self, control: Control) -> Trial | None:
        """Try it where the page stands, then from the beginning if it is not there; None if it is nowhere."""
        for anew in (False, True):
            try:
                if anew or self._hands.lost:
                    await self._hands.begin(control, anew=True)
                fresh = self._hands.stand is not None
                return replace(await self._judge(control), fresh=fresh)
            except Gone:
                continue
            except AgentFault as fault:
                broken = await self._hands.mend()
                if control.via and not broken:
                    # What was revealed may lie under what revealed it: nobody promised that it can be reached.
                    return None
                if broken or anew:
                    return Trial(control, alive=False, seen=fault.message, fresh=True, final=broken)
        return None

    async def _judge(self, control: Control, *, filled: bool = False) -> Trial:
        if control.kind is Kind.ANCHOR and await self._hands.tab.has_target(control.href.removeprefix("#")):
            return Trial(control, alive=True, seen="its target is on the page")
        if control.kind is Kind.FORM:
            return await self._judge_form(control)
        return await self._conclude(control, await self._hands.act(control, DEEDS[control.kind], filled=filled))

    async def _judge_form(self, control: Control) -> Trial:
        """Sent empty, then sent filled; what holds back the empty one and answers the full one works."""
        text = await self._hands.tab.text()
        empty = await self._hands.act(control, SEND_EMPTY)
        if empty.seen:
            await self._hands.begin(control, anew=True)
        full = await self._hands.act(control, DEEDS[Kind.FORM])
        same = await self._hands.tab.text() == text
        trial = await self._conclude(control, full)
        if not trial.alive:
            answered = not (same or full.errors or trial.final or self._hands.restless)
            return replace(trial, alive=True, seen="the page changed while it was filled") if answered else trial
        if full.left and same:
            return replace(trial, alive=False, seen="sending it only loads the same page again", final=True)
        waits = "sent empty, it answers too" if empty.seen else "sent empty, it waits"
        return replace(trial, seen=f"{trial.seen}; {waits}", errors=tuple(dict.fromkeys(empty.errors + trial.errors)))

    async def _conclude(self, control: Control, effect: Effect) -> Trial:
        if effect.failed:
            return Trial(control, alive=False, seen=f"it leads nowhere: {effect.failed}", final=True)
        if effect.seen:
            late = () if effect.left else await self._hands.calm_down()
            led = effect.went if effect.left else ""
            return Trial(control, alive=True, seen=effect.seen, errors=effect.errors + late, led=led)
        if effect.errors:
            return Trial(control, alive=False, seen=f"it only fails: {effect.errors[0]}", errors=effect.errors)
        return Trial(control, alive=_verdict_on_silence(control), seen="nothing happened")

    # -------------------------------------------------------------- which ones

    async def _revealed(self, trial: Trial) -> list[Control]:
        """The controls that a press brought to light, to be tried while they are there."""
        if not trial.alive or trial.led or trial.control.kind not in PRESSED | {Kind.FORM}:
            return []
        if len(trial.control.via) >= REVEALED_DEPTH or self._hands.lost:
            return []
        widgets = await self._hands.tab.widgets()
        new = revealed(widgets, self._known, trial.control)[:REVEALED_EACH]
        # Also those that are left out, such as the pressed control under a new name.
        self._known.update(key_of(widget) for widget in widgets)
        return new

    def _doubtful(self) -> list[Trial]:
        return [trial for trial in self._trials.values() if trial.doubtful]

    def _neighbours(self, control: Control) -> list[Control]:
        """What works and may give this one something to do: what closes a cover, the nearest, a form that adds."""
        working = [
            trial.control
            for trial in self._trials.values()
            if trial.alive and not trial.led and trial.control.kind in STIRRING and trial.control.via == control.via
        ]
        closers = [other for other in working if CLOSER.search(other.label)]
        forms = [other for other in working if other.kind is Kind.FORM]
        nearest = sorted(working, key=lambda other: (abs(other.place - control.place), other.place))
        return list(dict.fromkeys(closers[:1] + nearest[:NEIGHBOURS] + forms[:1]))

    def _may_go_on(self) -> bool:
        return self._go_on() and self._hands.broken_tabs <= BROKEN_TABS_AT_MOST


def _verdict_on_silence(control: Control) -> bool | None:
    """What it means that nothing happened. A box with a pointer, or a choice that is only kept, promises nothing."""
    if control.kind is Kind.CLICKABLE:
        return None
    if control.kind is Kind.CHOICE and not NARROWS.search(control.label):
        return None
    return False
