"""From the engine's frozen values to Gymnasium's: spaces, observations, infos."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from PIL import Image

from webgen_gym.envs.spaces import FileTree, Unicode
from webgen_gym.limits import Limits
from webgen_gym.types import Observation, Outcome, Turn, Unscored

RENDER_MODES = ("rgb_array", "ansi")

ObsType = dict[str, Any]
InfoType = dict[str, Any]
Pixels = NDArray[np.uint8]


def observation_space(limits: Limits, viewport: tuple[int, int]) -> spaces.Dict:
    """The space of one environment's observations."""
    width, height = viewport
    return spaces.Dict(
        {
            "instruction": Unicode(limits.text_bytes),
            "files": FileTree(limits.files, limits.source_bytes),
            "build_log": Unicode(limits.output_bytes),
            "screenshot": spaces.Box(0, 255, (height, width, 3), np.uint8),
            "feedback": Unicode(limits.output_bytes),
            "scores": spaces.Box(-1.0, 5.0, (2,), np.float32),
            # One more than the budget: a restored last turn may still be tested.
            "turn": spaces.Discrete(limits.turns + 2),
        }
    )


def as_observation(seen: Observation, screenshot: Pixels) -> ObsType:
    """The observation with its decoded picture."""
    return {
        "instruction": seen.instruction,
        "files": dict(seen.files),
        "build_log": seen.build_log,
        "screenshot": screenshot,
        "feedback": seen.feedback,
        "scores": np.array([seen.appearance, seen.functionality], dtype=np.float32),
        "turn": seen.turn,
    }


def pixels(png: bytes, viewport: tuple[int, int]) -> Pixels:
    """The screenshot as (H, W, 3) of its own; black where nothing was seen."""
    width, height = viewport
    shown = np.empty((height, width, 3), dtype=np.uint8)
    decode(png, shown)
    return shown


def decode(png: bytes, into: Pixels) -> None:
    """Write a screenshot into an array of its size, (H, W, 3)."""
    if not png:
        into[...] = 0
        return
    with Image.open(io.BytesIO(png)) as image:
        into[...] = np.asarray(image.convert("RGB"))


def as_info(turn: Turn, *, backtracked: bool = False) -> InfoType:
    """Fixed keys, one type per key; no clock, port, process id or path."""
    unscored = turn.appearance.reason if isinstance(turn.appearance, Unscored) else ""
    untested = turn.functionality.reason if isinstance(turn.functionality, Unscored) else ""
    return {
        "snapshot": turn.snapshot,
        "parent": turn.parent,
        "state_hash": turn.state_hash,
        "outcome": turn.outcome.value,
        "error": turn.error,
        "malformed": turn.outcome is Outcome.MALFORMED,
        "scored": not unscored and not untested,
        "unscored_reason": unscored or untested,
        "void": turn.outcome is Outcome.VOID,
        "credit_to": turn.credit_to,
        "reward_parts": {name: float(value) for name, value in turn.reward.parts.items()},
        "backtracked": backtracked,
    }


def described(turn: Turn) -> str:
    """A few lines about a turn: what ``render`` gives for ``ansi``."""
    seen = turn.observation
    scores = f"appearance {seen.appearance:.2f}, functionality {seen.functionality:.2f}"
    names = ", ".join(sorted(seen.files)) or "no files"
    first = f"turn {turn.number}: {turn.outcome.value}, reward {turn.reward.value:.2f} ({scores})"
    return f"{first}\n{names}\n\n{seen.feedback}"
