"""Backtracking as WebGen-Agent does it: after too many turns in error, the best version comes back."""

from __future__ import annotations

from typing import Any

import gymnasium as gym

from webgen_gym.envs.env import WebGenEnv
from webgen_gym.envs.translate import InfoType, ObsType
from webgen_gym.errors import UsageError


class Backtracking(gym.Wrapper[ObsType, str, ObsType, str], gym.utils.RecordConstructorArgs):
    """After ``after`` turns in error in a row, sets the site back (arXiv 2509.22644: 5).

    Back to the best valid turn; to the empty workspace where there is none. The observation and info returned are then
    those of the state gone back to, with ``info["backtracked"]`` true; reward and end of the episode stay those of the
    turn itself, and no turn of the budget is spent.

    Args:
        env: a WebGenEnv, wrapped or not.
        after: errors in a row, at least 1.
    """

    def __init__(self, env: gym.Env[ObsType, str], after: int = 5) -> None:
        gym.utils.RecordConstructorArgs.__init__(self, after=after)
        super().__init__(env)
        if after < 1:
            raise UsageError(f"Backtracking needs at least 1 error in a row; got after={after}.")
        self._after = after
        self._root = ""

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[ObsType, InfoType]:
        """Begin an episode; where it begins is where it goes back to when nothing better is known."""
        observation, info = super().reset(seed=seed, options=options)
        self._root = info["snapshot"]
        return observation, info

    def step(self, action: str) -> tuple[ObsType, float, bool, bool, InfoType]:
        """Play one reply, then go back if it was one error too many."""
        observation, reward, terminated, truncated, info = super().step(action)
        inner = self.unwrapped
        assert isinstance(inner, WebGenEnv)
        if not (terminated or truncated) and inner.errors_in_a_row >= self._after:
            best = inner.best
            observation, shown = inner.backtrack(best.snapshot if best is not None and best.valid else self._root)
            info = {**info, **{key: shown[key] for key in ("snapshot", "parent", "state_hash", "backtracked")}}
        return observation, float(reward), terminated, truncated, info
