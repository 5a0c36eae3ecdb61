"""One site being built: the only place that knows the order of things.

A turn is: the reply is read → its edits are applied → the site is brought up → looked at → judged → stored.
``_turn`` says this once. What is above it is how a session starts and goes back; what is below it is what each
case leaves behind. All that outlasts a turn is in a frozen ``State``, so going back is putting an older one in
its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from webgen_gym.browser import measure
from webgen_gym.engine import Engine
from webgen_gym.errors import AgentFault, BrowserLost, InfraFault, UsageError
from webgen_gym.feedback import Report, feedback
from webgen_gym.judges.base import AppearanceJudge, FunctionalityJudge, judged, mostly_waits
from webgen_gym.live import LiveSite
from webgen_gym.replies import read
from webgen_gym.rewards import RewardFunction
from webgen_gym.selection import ERROR_APPEARANCE, Mark, better
from webgen_gym.snapshots import Snapshot
from webgen_gym.state import State, decode, encode, points
from webgen_gym.store import Store
from webgen_gym.types import (
    Build,
    Control,
    Evidence,
    Files,
    Look,
    Observation,
    Outcome,
    Reply,
    Reward,
    Score,
    Stage,
    Task,
    Turn,
    Verdict,
)
from webgen_gym.watch import Watch
from webgen_gym.workspace import EMPTY, Workspace

_BUILD_OUTCOMES = {
    Stage.INSTALL: Outcome.INSTALL_FAILED,
    Stage.BUILD: Outcome.BUILD_FAILED,
    Stage.START: Outcome.START_FAILED,
}
_OUTCOMES = {
    None: Outcome.SHOWN,
    Control.VALIDATE: Outcome.VALIDATED,
    Control.FINISH: Outcome.FINISHED,
    Control.BACKTRACK: Outcome.BACKTRACKED,
}
_NO_WAY_BACK = "There is no earlier version to go back to; nothing was built yet."


@dataclass(frozen=True, slots=True)
class Settings:
    """What a session is made with. ``gui_on``: ``validate`` (when the model says so) or ``turn`` (after every edit)."""

    appearance: AppearanceJudge
    functionality: FunctionalityJudge
    reward: RewardFunction
    gui_on: str = "validate"
    sandbox: str = "auto"
    viewport: tuple[int, int] = (1024, 768)
    static_only: bool = False


@dataclass(frozen=True, slots=True)
class _Shown:
    """What showing the files came to."""

    build: Build
    look: Look | None
    appearance: Verdict

    @property
    def failure(self) -> Outcome | None:
        """The outcome that says what failed; None where the page was shown."""
        if not self.build.ok:
            return _BUILD_OUTCOMES[self.build.stage]
        return Outcome.PAGE_FAILED if self.look is not None and self.look.problem else None


class Session:
    """Builds one site at a time. Used from one event loop; at most one call at once."""

    def __init__(self, engine: Engine, settings: Settings, store: Store) -> None:
        self._limits = engine.limits
        self._settings = settings
        self._store = store
        self._workspace = Workspace(engine.limits)
        self._live = LiveSite(
            engine, sandbox=settings.sandbox, viewport=settings.viewport, static_only=settings.static_only
        )
        self._chromium = engine.chromium
        self._gates = engine.gates
        self._state: State | None = None
        self._snapshot: Snapshot | None = None
        self._parent = ""
        self._rollout = ""
        self._over = False

    # -------------------------------------------------------------- beginning and going back

    async def reset(self, task: Task, *, rollout: str, random: str = "") -> Turn:
        """Begin ``task`` with an empty workspace; the turn returned has number 0."""
        await self._live.lower()
        self._rollout = rollout
        said = feedback(task, Report(Outcome.STARTED))
        state = State(task, 0, Outcome.STARTED, error=False, random=random, feedback=said)
        stored = self._store.snapshots.commit(rollout, EMPTY, encode(state), message=f"task {task.id}")
        return self._enter(state, stored)

    async def restore(self, snapshot: str, *, rollout: str = "") -> Turn:
        """Go on from a snapshot, with its files, verdicts, budget, counters and random state.

        Processes are not captured: the site starts anew when it is next needed.

        Raises:
            UnknownSnapshot: there is none with this id; the session stays as it was.
        """
        stored = self._store.snapshots.load(snapshot)
        state = decode(stored.state)
        await self._live.lower()
        self._rollout = rollout or self._rollout or "restored"
        return self._enter(state, stored)

    async def backtrack(self, snapshot: str = "") -> Turn:
        """Set the site back to a snapshot of this rollout, the best one by default; the budget runs on.

        Raises:
            UsageError: nothing was built yet, or the session was not begun.
        """
        state, _ = self._current()
        if not snapshot and self.best is None:
            raise UsageError(_NO_WAY_BACK)
        stored = self._store.snapshots.load(snapshot or self._best().snapshot)
        await self._live.lower()
        return self._enter(self._set_back(state, decode(stored.state)), stored)

    @property
    def best(self) -> Mark | None:
        """The best turn so far, the current one included; None where nothing was built."""
        state, stored = self._current()
        return better(state.best, state.mark(stored.id))

    @property
    def state(self) -> State:
        """All that the session remembers between turns, besides the files."""
        return self._current()[0]

    @property
    def rollout(self) -> str:
        """The name of the branch that turns are stored on."""
        return self._rollout

    async def close(self) -> None:
        """End the site, the tabs and the door. Safe to call twice."""
        await self._live.close()

    # -------------------------------------------------------------- one turn

    async def step(self, text: str, *, random: str = "") -> Turn:
        """Play one reply; ``random`` is the environment's generator, kept with the snapshot.

        An infrastructure fault is replayed from the last snapshot up to ``limits.infra_retries`` times, then
        the turn is void.

        Raises:
            UsageError: the session was not begun or is over, or the machine lacks a program that the site needs.
        """
        state, stored = self._current()
        if self._over:
            raise UsageError("This episode is over; call reset() or restore() before the next step.")
        before = replace(state, random=random or state.random)
        fault: InfraFault | None = None
        for _ in range(1 + self._limits.infra_retries):
            try:
                return await self._turn(text, before)
            except InfraFault as failure:
                fault = failure
                self._undo(stored)
                await self._live.lower()
        assert fault is not None
        if isinstance(fault, BrowserLost) and await self._chromium.restart():
            return self._broke_the_browser(text, before, fault)
        return self._void(text, before, stored, fault)

    async def _turn(self, text: str, before: State) -> Turn:
        watch = Watch()
        reply = read(text, self._limits)
        if reply.malformed:
            return self._malformed(text, reply, before)
        try:
            base, changed = self._edit(reply, before)
        except AgentFault as refusal:
            return self._refused(text, reply, before, refusal)
        after = replace(base, number=before.number + 1, outcome=_OUTCOMES[reply.control])
        shown = await self._show(after.task, watch) if changed else None
        if shown is not None:
            after = self._after_showing(after, shown)
        tested = reply.control is Control.VALIDATE or (changed and self._settings.gui_on == "turn")
        if tested:
            after = replace(after, functionality=await self._test(after, watch))
        after = replace(after, error=_in_error(after))
        return self._played(text, reply, after, shown, watch, tested=tested)

    def _edit(self, reply: Reply, state: State) -> tuple[State, bool]:
        """Apply the reply; the state that it was applied to, and whether the files differ from what was shown."""
        if reply.control is Control.BACKTRACK:
            state = self._go_back(state)
        changed = self._workspace.apply(reply.edits)
        return state, changed or (state.build is None and bool(reply.edits))

    async def _show(self, task: Task, watch: Watch) -> _Shown:
        """Bring the site up, look at it, judge what is seen; a site that was seen before is not looked at again."""
        known = await watch.time("recall", self._live.recall(self._workspace.files))
        if known is not None:
            return await self._judged(task, known.build, known.look, watch)
        build = await watch.time("site", self._live.bring_up(self._workspace.files))
        if not build.ok:
            return _Shown(build, None, _nothing_shown(build.message))
        look = await watch.time("look", self._live.look())
        if look.problem or look.server_failed:
            build = replace(build, log=self._live.said() or build.log)
        if look.problem:
            return _Shown(build, look, _nothing_shown(look.problem))
        return await self._judged(task, build, look, watch)

    async def _judged(self, task: Task, build: Build, look: Look, watch: Watch) -> _Shown:
        judging = self._settings.appearance.appearance(task, look, await self._live.visits())
        return _Shown(build, look, await watch.time("appearance", judged(judging)))

    async def _test(self, state: State, watch: Watch) -> Verdict:
        """The verdict on what the site can do; a verdict on the same files is kept."""
        if isinstance(state.functionality, Score):
            return state.functionality
        if state.build is None or not state.build.ok:
            return Score(0.0, summary="The functions could not be tested, because the site does not run.")
        if not self._live.shows(self._workspace.files):
            build = await watch.time("site", self._live.bring_up(self._workspace.files))
            if not build.ok:
                return Score(0.0, summary=f"The functions could not be tested. {build.message}")
        judge = self._settings.functionality
        judging = judge.functionality(state.task, await self._live.visits())
        if mostly_waits(judge):
            return await watch.time("functionality", judged(judging))
        async with self._gates.pages:
            return await watch.time("functionality", judged(judging))

    # -------------------------------------------------------------- what each case leaves behind

    def _after_showing(self, state: State, shown: _Shown) -> State:
        failure = shown.failure
        finished = state.outcome is Outcome.FINISHED
        return replace(
            state,
            outcome=failure if failure is not None and not finished else state.outcome,
            edit_turn=state.number,
            screenshot=self._store.blobs.put(shown.look.screenshot if shown.look is not None else b""),
            build=shown.build,
            appearance=shown.appearance,
            functionality=None,
        )

    def _played(
        self, text: str, reply: Reply, state: State, shown: _Shown | None, watch: Watch, *, tested: bool
    ) -> Turn:
        report = Report(
            outcome=state.outcome,
            error=state.error,
            notes=reply.notes,
            build=shown.build if shown else None,
            look=shown.look if shown else None,
            appearance=state.appearance if shown else None,
            functionality=state.functionality if tested else None,
            tested=tested,
        )
        credited = tested or reply.control is Control.FINISH
        reward = self._settings.reward(state.appearance, state.functionality if credited else None, malformed=False)
        turn = self._store_turn(text, state, report, reward, watch)
        return replace(
            turn,
            look=shown.look if shown else None,
            functionality=state.functionality if credited else None,
            credit_to=state.edit_turn if credited and isinstance(state.functionality, Score) else -1,
        )

    def _malformed(self, text: str, reply: Reply, before: State) -> Turn:
        state = replace(
            before,
            number=before.number + 1,
            outcome=Outcome.MALFORMED,
            error=True,
            malformed_in_a_row=before.malformed_in_a_row + 1,
        )
        report = Report(Outcome.MALFORMED, faults=reply.faults, notes=reply.notes)
        turn = self._store_turn(text, state, report, self._settings.reward(None, None, malformed=True), Watch())
        return replace(_unbuilt(turn), faults=reply.faults)

    def _refused(self, text: str, reply: Reply, before: State, refusal: AgentFault) -> Turn:
        _, stored = self._current()
        self._undo(stored)
        state = replace(before, number=before.number + 1, outcome=Outcome.REFUSED, error=True)
        report = Report(Outcome.REFUSED, refusal=refusal.message, notes=reply.notes)
        reward = self._settings.reward(None, None, malformed=False)
        return _unbuilt(self._store_turn(text, state, report, reward, Watch()))

    def _broke_the_browser(self, text: str, before: State, fault: BrowserLost) -> Turn:
        """A healthy browser dies of this page each time: the page is at fault, or a site could choose to be void."""
        reply = read(text, self._limits)
        base, _ = self._edit(reply, before)
        problem = f"The page brings the browser down, time after time. {fault.message}"
        kind = base.build.kind if base.build is not None else ""
        build = Build(ok=True, stage=Stage.UP, kind=kind, message="The site started.")
        shown = _Shown(build, measure.unseen(self._settings.viewport, problem), _nothing_shown(problem))
        after = replace(base, number=before.number + 1, outcome=_OUTCOMES[reply.control])
        after = replace(self._after_showing(after, shown), error=True)
        return self._played(text, reply, after, shown, Watch(), tested=False)

    def _void(self, text: str, before: State, stored: Snapshot, fault: InfraFault) -> Turn:
        """Nothing is stored: the turn says nothing about the policy, and the snapshot before it stands."""
        self._over = True
        said = feedback(before.task, Report(Outcome.VOID, refusal=fault.message))
        turn = self._as_turn(replace(before, outcome=Outcome.VOID, error=True, feedback=said), stored)
        return replace(_unbuilt(turn), reply=text, truncated=True)

    def _store_turn(self, text: str, state: State, report: Report, reward: Reward, watch: Watch) -> Turn:
        """Commit the state with its feedback and make it the current one."""
        before, stored = self._current()
        final = replace(
            state,
            feedback=feedback(state.task, report),
            malformed_in_a_row=state.malformed_in_a_row if report.faults else 0,
            errors_in_a_row=before.errors_in_a_row + 1 if state.error else 0,
            best=better(before.best, before.mark(stored.id)),
        )
        with watch.timing("store"):
            made = self._store.snapshots.commit(
                self._rollout,
                self._workspace.files,
                encode(final),
                parent=self._parent,
                message=f"turn {final.number}: {final.outcome.value}",
            )
        turn = self._enter(final, made)
        terminated = final.outcome is Outcome.FINISHED
        cut = final.number >= self._limits.turns or final.malformed_in_a_row >= self._limits.malformed_in_a_row
        self._over = terminated or cut
        return replace(
            turn,
            reply=text,
            reward=reward,
            terminated=terminated,
            truncated=cut and not terminated,
            usage=watch.usage(),
            timings=watch.seconds(),
        )

    # -------------------------------------------------------------- state

    def _current(self) -> tuple[State, Snapshot]:
        if self._state is None or self._snapshot is None:
            raise UsageError("The environment has no episode yet; call reset() first.")
        return self._state, self._snapshot

    def _enter(self, state: State, stored: Snapshot) -> Turn:
        """Make a state the current one."""
        self._state, self._snapshot = state, stored
        self._undo(stored)
        self._over = False
        return self._as_turn(state, stored)

    def _undo(self, stored: Snapshot) -> None:
        """Put the snapshot's files back in place."""
        self._parent = stored.id
        self._workspace.replace(stored.files)

    def _as_turn(self, state: State, stored: Snapshot) -> Turn:
        return Turn(
            task=state.task.id,
            number=state.number,
            reply="",
            outcome=state.outcome,
            observation=self._observe(state, stored.files),
            reward=Reward(0.0, _no_parts(self._settings.reward)),
            terminated=False,
            truncated=False,
            snapshot=stored.id,
            parent=stored.parent,
            state_hash=stored.state_hash,
            error=state.error,
            build=state.build,
            appearance=state.appearance,
            functionality=state.functionality,
        )

    def _observe(self, state: State, files: Files) -> Observation:
        return Observation(
            instruction=state.task.instruction,
            files=files,
            build_log=state.build.log if state.build else "",
            screenshot=self._store.blobs.get(state.screenshot),
            feedback=state.feedback,
            appearance=points(state.appearance),
            functionality=points(state.functionality),
            turn=state.number,
        )

    def _best(self) -> Mark:
        best = self.best
        if best is None:
            raise AgentFault(_NO_WAY_BACK)
        return best

    def _go_back(self, state: State) -> State:
        """The model asks for the best version; its files become the current ones."""
        stored = self._store.snapshots.load(self._best().snapshot)
        self._undo(stored)
        return self._set_back(state, decode(stored.state))

    def _set_back(self, now: State, target: State) -> State:
        """The target's site with today's budget, generator and memory of the best."""
        return replace(
            target, number=now.number, random=now.random, malformed_in_a_row=0, errors_in_a_row=0, best=self.best
        )


def _unbuilt(turn: Turn) -> Turn:
    """A turn in which nothing was built or judged; what was before is in its observation alone."""
    return replace(turn, build=None, appearance=None, functionality=None)


def _nothing_shown(why: str) -> Score:
    return Score(0.0, evidence=(Evidence("rendering", why, -5.0),))


def _in_error(state: State) -> bool:
    """Whether the site as it stands does not run, or looks as if it did not (the paper's rule)."""
    if state.build is None:
        return False
    poor = isinstance(state.appearance, Score) and state.appearance.value <= ERROR_APPEARANCE
    return not state.build.ok or poor


def _no_parts(reward: RewardFunction) -> Mapping[str, float]:
    return MappingProxyType(dict.fromkeys(reward(None, None, malformed=False).parts, 0.0))
