"""WebGenVectorEnv: N slots behind Gymnasium's vector interface. It only batches; what happens is in the slots."""

from __future__ import annotations

import concurrent.futures
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from webgen_gym.envs.plan import Plan
from webgen_gym.envs.pool import LocalPool, Pool
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.envs.screens import Screens
from webgen_gym.envs.slot import OPTIONS, checked_options
from webgen_gym.envs.spaces import ReplyText
from webgen_gym.envs.translate import (
    RENDER_MODES,
    InfoType,
    ObsType,
    Pixels,
    as_info,
    as_observation,
    described,
    observation_space,
    pixels,
)
from webgen_gym.errors import UsageError
from webgen_gym.llm import Message, Request
from webgen_gym.types import Turn

Bools = NDArray[np.bool_]
Stepped = tuple[ObsType, NDArray[np.float64], Bools, Bools, InfoType]

_OPTIONS = OPTIONS | {"reset_mask"}


@dataclass(frozen=True, slots=True)
class StepResult:
    """What ``WebGenEnv.step`` would have returned for one slot, and the turn itself."""

    observation: ObsType
    reward: float
    terminated: bool
    truncated: bool
    info: InfoType
    turn: Turn


class WebGenVectorEnv(VectorEnv[ObsType, Sequence[str], NDArray[Any]]):
    """N websites are built at once: one event loop, one browser, N sessions that wait at the same time.

    Observations are batched as Gymnasium batches our spaces: ``screenshot`` (N, H, W, 3), ``scores`` (N, 2), ``turn``
    (N,), and tuples of N for ``instruction``, ``files``, ``build_log`` and ``feedback``. Actions are N replies.

    All slots share one store: a snapshot made in one may be restored in any other.

    Args:
        num_envs: the number of slots, at least 1.
        autoreset_mode: ``NEXT_STEP`` (Gymnasium's default), ``SAME_STEP``, or ``DISABLED``, which is right for groups
            of rollouts: a slot that is over waits until ``reset(options={"reset_mask": …})``, ``restore`` or
            ``step_slots`` of the others.
        copy: False shows the screenshots in the same array each time, overwritten by the next call.
        arguments: every keyword of ``WebGenEnv``.

    Raises:
        UsageError: an argument names something that does not exist.
    """

    def __init__(
        self,
        num_envs: int = 1,
        *,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        copy: bool = True,
        **arguments: Any,
    ) -> None:
        if num_envs < 1:
            raise UsageError(f"A vector environment needs at least 1 slot; got num_envs={num_envs}.")
        self._plan = Plan(**arguments)
        self._mode = AutoresetMode(autoreset_mode)
        self.num_envs = num_envs
        self.metadata = {"render_modes": list(RENDER_MODES), "render_fps": 1, "autoreset_mode": self._mode}
        self.render_mode = self._plan.render_mode
        self.single_action_space = ReplyText(self._plan.limits.reply_bytes)
        self.single_observation_space = observation_space(self._plan.limits, self._plan.viewport)
        self.action_space = batch_space(self.single_action_space, num_envs)
        self.observation_space = batch_space(self.single_observation_space, num_envs)
        self._opened: Pool | None = None
        self._turns: list[Turn | None] = [None] * num_envs
        self._over = np.zeros(num_envs, dtype=np.bool_)
        self._under_way: dict[Future[Turn], int] = {}
        self._screens = Screens(num_envs, self._plan.viewport, copy=copy)

    # -------------------------------------------------------------- Gymnasium

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[ObsType, InfoType]:
        """Begin an episode in every slot, or in those of ``options["reset_mask"]``, a bool array of shape (N,).

        ``seed``: one for each slot, or an int, from which slot i takes ``seed + i``. ``options``: those of
        ``WebGenEnv.reset``; a list or tuple has one value for each slot, so that groups of slots get the same task.

        Raises:
            UsageError: an option is unknown, has the wrong length, or names what does not exist.
        """
        given = dict(checked_options(options, _OPTIONS))
        slots = self._masked(given.pop("reset_mask", None))
        seeds = self._seeds(seed)
        each = [self._options_of(slot, given) for slot in range(self.num_envs)]
        self._begin({slot: each[slot] for slot in slots}, seeds)
        return self._observations(), self._infos({slot: as_info(self._turn(slot)) for slot in slots})

    def step(self, actions: Iterable[str]) -> Stepped:
        """Play one reply in each slot.

        Where an episode is over: ``NEXT_STEP`` ignores the reply and begins the next episode, ``SAME_STEP`` has begun
        it already (``info["final_obs"]``, ``info["final_info"]`` are of the last turn), ``DISABLED`` raises.

        Raises:
            UsageError: not N texts, no episode under way, or an episode is over under ``DISABLED``.
        """
        replies = self._checked(dict(enumerate(actions)), every=True)
        self._idle(replies)
        if self._mode is AutoresetMode.DISABLED and self._over.any():
            over = ", ".join(map(str, np.flatnonzero(self._over)))
            raise UsageError(
                f"The episode of slot {over} is over: reset it (options={{'reset_mask': mask}}), restore it, or step"
                " the others (step_slots)."
            )
        begun = self._over.copy() if self._mode is AutoresetMode.NEXT_STEP else np.zeros_like(self._over)
        calls = {
            slot: self._pool.submit(slot, "reset", {}) if begun[slot] else self._pool.submit(slot, "step", reply)
            for slot, reply in replies.items()
        }
        self._play(calls)
        turns = [self._turn(slot) for slot in range(self.num_envs)]
        rewards = np.array([0.0 if new else turn.reward.value for turn, new in zip(turns, begun, strict=True)])
        terminated = np.array([turn.terminated for turn in turns], dtype=np.bool_)
        truncated = np.array([turn.truncated for turn in turns], dtype=np.bool_)
        self._over = terminated | truncated
        infos: InfoType = {}
        if self._mode is AutoresetMode.SAME_STEP and self._over.any():
            infos = self._begin_next()
        shown = {slot: as_info(self._turn(slot)) for slot in range(self.num_envs)}
        return self._observations(), rewards, terminated, truncated, self._infos(shown, infos)

    def render(self) -> tuple[Pixels | str, ...] | None:
        """For each slot the last screenshot, or a few lines about the last turn."""
        if self.render_mode is None or None in self._turns:
            return None
        turns = [self._turn(slot) for slot in range(self.num_envs)]
        if self.render_mode == "rgb_array":
            return tuple(pixels(turn.observation.screenshot, self._plan.viewport) for turn in turns)
        return tuple(described(turn) for turn in turns)

    def call(self, name: str, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        """An attribute of every slot, called where it can be: ``snapshot``, ``best``, ``last_turn``, ``backtrack``."""
        if name in ("restore", "backtrack"):
            self._idle(range(self.num_envs))
            self._play({slot: self._pool.submit(slot, name, *args, **kwargs) for slot in range(self.num_envs)})
            self._over[:] = False
            return tuple(self._single(slot) for slot in range(self.num_envs))
        return tuple(self._pool.get(slot, name, args, kwargs) for slot in range(self.num_envs))

    def get_attr(self, name: str) -> tuple[Any, ...]:
        """An attribute of every slot."""
        return self.call(name)

    def set_attr(self, name: str, values: Any) -> None:
        """Set an attribute of every slot; a list or tuple has one value for each."""
        each = values if isinstance(values, list | tuple) else [values] * self.num_envs
        self._same_length(name, each)
        for slot, value in enumerate(each):
            self._pool.set(slot, name, value)

    @property  # type: ignore[misc]
    def np_random(self) -> tuple[np.random.Generator, ...]:  # type: ignore[override]
        """The generators of the slots, as Gymnasium's own vector environments have it."""
        return self.get_attr("np_random")

    @property
    def np_random_seed(self) -> tuple[int | None, ...]:  # type: ignore[override]
        """What the generators of the slots were seeded with."""
        return self.get_attr("np_random_seed")

    def close_extras(self, **kwargs: Any) -> None:
        """End all sites and tabs; the last user of the process's browser ends it."""
        pool, self._opened = self._opened, None
        if pool is not None:
            concurrent.futures.wait(self._under_way)
            pool.close()
        self._screens.close()

    # -------------------------------------------------------------- branching

    def restore(self, snapshots: Sequence[str | None]) -> tuple[ObsType, InfoType]:
        """Go on from one snapshot in each slot; a slot whose place holds None stays as it is.

        The same id in several places branches one state into several slots.

        Raises:
            UnknownSnapshot: there is none with an id; slots with good ids are restored all the same.
        """
        self._same_length("restore", snapshots)
        chosen = {slot: snapshot for slot, snapshot in enumerate(snapshots) if snapshot is not None}
        self.restore_slots(chosen)
        return self._observations(), self._infos({slot: as_info(self._turn(slot)) for slot in chosen})

    # -------------------------------------------------------------- not in step with one another

    def step_slots(self, replies: Mapping[int, str]) -> dict[int, StepResult]:
        """Play replies in some slots and wait for all of them; no slot is reset by itself.

        Raises:
            UsageError: a slot does not exist, is busy, or its episode is over.
        """
        return {slot: self._result(slot) for slot in sorted(self.play_slots(replies))}

    def play_slots(self, replies: Mapping[int, str]) -> dict[int, Turn]:
        """As ``step_slots``, without the observations in Gymnasium's form: no picture is decoded."""
        self.send(replies)
        played: set[int] = set()
        while not played >= replies.keys():
            played |= self._received(None, only=frozenset(replies))
        return {slot: self._turn(slot) for slot in sorted(played)}

    def begin_slots(self, options: Mapping[int, Mapping[str, Any]]) -> dict[int, Turn]:
        """Begin an episode in some slots, each with its options of ``WebGenEnv.reset``; no picture is decoded.

        Raises:
            UsageError: a slot does not exist or is busy, or an option names what does not exist.
        """
        self._exist(options)
        self._begin({slot: checked_options(dict(given), OPTIONS) for slot, given in options.items()})
        return {slot: self._turn(slot) for slot in options}

    def restore_slots(self, snapshots: Mapping[int, str]) -> dict[int, Turn]:
        """Go on from a snapshot in some slots, as ``restore`` does; no picture is decoded."""
        self._exist(snapshots)
        self._idle(snapshots)
        self._play({slot: self._pool.submit(slot, "restore", snapshot) for slot, snapshot in snapshots.items()})
        self._over[list(snapshots)] = False
        return {slot: self._turn(slot) for slot in snapshots}

    def check_models(self) -> None:
        """Ask the model of every judge that was asked for by name for one word, so that a run fails before it begins.

        Raises:
            ModelFailed: one gives no answer.
            ModelRefused: one turns every call away.
        """
        for model in self._plan.models:
            shared_runtime().run(model.complete(Request((Message.user("Answer with the one word: ready"),))))

    def send(self, replies: Mapping[int, str]) -> None:
        """Begin to play replies in some slots, and return at once. Raises UsageError as ``step_slots`` does."""
        checked = self._checked(replies)
        self._idle(checked)
        over = [slot for slot in checked if self._over[slot]]
        if over:
            raise UsageError(f"The episode of slot {', '.join(map(str, over))} is over; reset or restore it first.")
        for slot, reply in checked.items():
            self._under_way[self._pool.submit(slot, "step", reply)] = slot

    def receive(self, timeout_s: float | None = None, *, only: frozenset[int] | None = None) -> dict[int, StepResult]:
        """The turns that were sent and have ended since; waits for the first of them.

        ``timeout_s``: how long to wait, None for ever; then the result may be empty. ``only``: the slots to wait for.
        """
        return {slot: self._result(slot) for slot in sorted(self._received(timeout_s, only=only))}

    # -------------------------------------------------------------- inside

    def _begin(self, options: Mapping[int, Mapping[str, Any]], seeds: Sequence[int | None] | None = None) -> None:
        self._idle(options)
        self._play(
            {
                slot: self._pool.submit(slot, "reset", given, seed=seeds[slot] if seeds else None)
                for slot, given in options.items()
            }
        )
        self._over[list(options)] = False

    def _received(self, timeout_s: float | None, *, only: frozenset[int] | None) -> set[int]:
        """The slots whose turns have ended; waits for the first of them."""
        waiting = [future for future, slot in self._under_way.items() if only is None or slot in only]
        done, _ = concurrent.futures.wait(waiting, timeout=timeout_s, return_when=concurrent.futures.FIRST_COMPLETED)
        ended = {self._under_way.pop(future): future for future in done}
        self._play(ended)
        for slot in ended:
            self._over[slot] = self._turn(slot).terminated or self._turn(slot).truncated
        return set(ended)

    @property
    def _pool(self) -> Pool:
        if self._opened is None:
            if self.closed:
                raise UsageError("The vector environment is closed; make a new one.")
            self._opened = self._open_pool(self._plan)
        return self._opened

    def _open_pool(self, plan: Plan) -> Pool:
        return LocalPool(plan, self.num_envs)

    def _play(self, calls: Mapping[int, Future[Turn]]) -> None:
        """Wait for all calls, so that no slot is left busy; then raise what one of them raised."""
        concurrent.futures.wait(calls.values())
        failed = None
        for slot, call in calls.items():
            error = call.exception()
            if error is None:
                self._turns[slot] = call.result()
            failed = failed or error
        if failed is not None:
            raise failed

    def _begin_next(self) -> InfoType:
        """Begin the next episode in the slots that are over; what the last one ended with."""
        ended = [int(slot) for slot in np.flatnonzero(self._over)]
        infos: InfoType = {}
        for slot in ended:
            observation, info = self._single(slot)
            infos = self._add_info(infos, {"final_obs": observation, "final_info": info}, slot)
        self._play({slot: self._pool.submit(slot, "reset", {}) for slot in ended})
        self._over[ended] = False
        return infos

    def _turn(self, slot: int) -> Turn:
        turn = self._turns[slot]
        if turn is None:
            raise UsageError(f"Slot {slot} has no episode yet; call reset() first.")
        return turn

    def _result(self, slot: int) -> StepResult:
        turn = self._turn(slot)
        observation, info = self._single(slot)
        return StepResult(observation, turn.reward.value, turn.terminated, turn.truncated, info, turn)

    def _single(self, slot: int) -> tuple[ObsType, InfoType]:
        turn = self._turn(slot)
        return as_observation(turn.observation, pixels(turn.observation.screenshot, self._plan.viewport)), as_info(turn)

    def _observations(self) -> ObsType:
        """The observations of all slots, each of its last turn."""
        turns = [self._turn(slot) for slot in range(self.num_envs)]
        screens = self._screens.show([turn.observation.screenshot for turn in turns])
        each = [as_observation(turn.observation, screens[slot]) for slot, turn in enumerate(turns)]
        batched: ObsType = {key: tuple(one[key] for one in each) for key in each[0]}
        batched["screenshot"] = screens
        batched["scores"] = np.stack([one["scores"] for one in each])
        batched["turn"] = np.array([one["turn"] for one in each], dtype=np.int64)
        return batched

    def _infos(self, each: Mapping[int, InfoType], infos: InfoType | None = None) -> InfoType:
        infos = infos or {}
        for slot, info in each.items():
            infos = self._add_info(infos, info, slot)
        return infos

    def _checked(self, replies: Mapping[int, str], *, every: bool = False) -> dict[int, str]:
        """The replies, none of which is played unless all can be."""
        if every:
            self._same_length("step", list(replies.values()))
        self._exist(replies)
        for slot, reply in replies.items():
            if not isinstance(reply, str):
                raise UsageError(
                    f"The action of slot {slot} is {type(reply).__name__}; it is the text of a reply, a str."
                )
            self._turn(slot)
        return {int(slot): str(reply) for slot, reply in replies.items()}

    def _exist(self, slots: Iterable[int]) -> None:
        for slot in slots:
            if not 0 <= slot < self.num_envs:
                raise UsageError(f"There is no slot {slot}; there are 0 to {self.num_envs - 1}.")

    def _idle(self, slots: Iterable[int]) -> None:
        busy = sorted(set(slots) & set(self._under_way.values()))
        if busy:
            raise UsageError(f"Slot {', '.join(map(str, busy))} is still playing what was sent; receive it first.")

    def _masked(self, mask: Any) -> list[int]:
        if mask is None:
            return list(range(self.num_envs))
        if not isinstance(mask, np.ndarray) or mask.dtype != np.bool_ or mask.shape != (self.num_envs,):
            raise UsageError(f"options['reset_mask'] is a bool array of shape ({self.num_envs},); got {mask!r}.")
        if not mask.any():
            raise UsageError("options['reset_mask'] names no slot; at least one value must be True.")
        return [int(slot) for slot in np.flatnonzero(mask)]

    def _seeds(self, seed: int | Sequence[int | None] | None) -> Sequence[int | None]:
        if seed is None:
            return [None] * self.num_envs
        if isinstance(seed, int | np.integer):
            return [int(seed) + slot for slot in range(self.num_envs)]
        self._same_length("seed", seed)
        return seed

    def _options_of(self, slot: int, options: Mapping[str, Any]) -> dict[str, Any]:
        chosen = {}
        for name, value in options.items():
            if isinstance(value, list | tuple):
                self._same_length(name, value)
                value = value[slot]
            if value is not None:
                chosen[name] = value
        if isinstance(chosen.get("rollout"), str) and not isinstance(options["rollout"], list | tuple):
            chosen["rollout"] = f"slot-{slot:02d}-{chosen['rollout']}"
        return chosen

    def _same_length(self, name: str, values: Sequence[Any]) -> None:
        if len(values) != self.num_envs:
            raise UsageError(f"{name} takes one value for each of {self.num_envs} slots; got {len(values)}.")
