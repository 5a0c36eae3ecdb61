"""The configuration of a run: a TOML file of these sections, or the same values given one by one.

Every field has the name of its key; unknown keys are refused with the nearest known one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import cattrs
from rapidfuzz import process

from webgen_gym.agents.generators import Sampling
from webgen_gym.errors import UsageError
from webgen_gym.trainers.guards import GuardSettings
from webgen_gym.trainers.learner import UpdateSettings
from webgen_gym.trainers.logprobs import CHUNK_TOKENS
from webgen_gym.trainers.loss import ClippedRatio
from webgen_gym.trainers.rollouts import RolloutSettings
from webgen_gym.trainers.trainer import RunSettings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LoraSettings:
    """Low-rank adapters on all linear layers: ``rank`` and ``alpha`` (their products are scaled by alpha / rank)."""

    rank: int = 32
    alpha: int = 64


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """The policy: ``path`` is a folder or a name on the hub.

    ``adapter`` is a folder with an adapter to go on from; ``lora`` None trains the whole model. ``dtype`` is that of
    the weights (``bfloat16``, ``float32``, ``auto``); the whole model is best trained in float32. ``device`` is
    ``cuda``, ``cpu``, or ``auto`` for a GPU where there is one. ``checkpointing`` makes activations again instead of
    keeping them.
    """

    path: str = ""
    adapter: str = ""
    lora: LoraSettings | None = None
    dtype: str = "auto"
    device: str = "auto"
    checkpointing: bool = True
    chunk_tokens: int = CHUNK_TOKENS


@dataclass(frozen=True, slots=True)
class TaskSettings:
    """``train`` and ``held_out`` are what ``--tasks`` of ``webgen run`` takes, '' for the bundled catalogue.

    Without ``held_out`` the last ``hold_out`` training tasks are held out, in the order of the file.
    """

    train: str = ""
    held_out: str = ""
    hold_out: int = 0


@dataclass(frozen=True, slots=True)
class EnvironmentSettings:
    """The environment, by the keywords of ``WebGenEnv``, and how many slots of it each process has.

    ``evaluation_judge`` and ``evaluation_gui`` score held-out tasks; '' for those of training. ``ray`` is the address
    of a Ray cluster over which the slots are spread, ``local`` to start one here. ``keep_turns`` records every turn
    with its screenshot in run folders that ``webgen view`` shows.
    """

    id: str = "WebGen-v0"
    slots: int = 16
    judge: str = "measured"
    gui: str = "explore"
    gui_on: str = "validate"
    sandbox: str = "auto"
    dialect: str = "bolt"
    evaluation_judge: str = ""
    evaluation_gui: str = ""
    ray: str = ""
    keep_turns: bool = True


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """Who samples: ``local`` (the trainer's own weights) or ``server`` (an OpenAI-compatible one, ``base_url``).

    ``context`` is the longest prompt with its reply, in tokens; ``slots`` how many replies the local one makes at once.
    """

    kind: str = "local"
    slots: int = 80
    context: int = 32768
    base_url: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """All of a run. ``folder`` is where it is kept."""

    folder: str = "runs/step-grpo"
    credit: str = "step_grpo"
    model: ModelSettings = field(default_factory=ModelSettings)
    tasks: TaskSettings = field(default_factory=TaskSettings)
    environment: EnvironmentSettings = field(default_factory=EnvironmentSettings)
    generator: GeneratorSettings = field(default_factory=GeneratorSettings)
    sampling: Sampling = field(default_factory=Sampling)
    rollout: RolloutSettings = field(default_factory=RolloutSettings)
    loss: ClippedRatio = field(default_factory=ClippedRatio)
    update: UpdateSettings = field(default_factory=UpdateSettings)
    run: RunSettings = field(default_factory=RunSettings)
    guards: GuardSettings = field(default_factory=GuardSettings)

    def __post_init__(self) -> None:
        if self.update.token_budget < self.generator.context:
            raise UsageError(
                f"update.token_budget is {self.update.token_budget} and generator.context {self.generator.context}; a"
                " pack must hold the longest row."
            )

    def fingerprint(self) -> dict[str, Any]:
        """What a resumed run must agree with: everything but how long it is, what it keeps and where it runs."""
        values = asdict(self)
        for section, key in _FREE:
            values[section].pop(key)
        del values["folder"]
        return values


_FREE = (
    ("run", "iterations"),
    ("run", "evaluate_every"),
    ("run", "save_every"),
    ("run", "keep"),
    ("model", "device"),
    ("environment", "slots"),
    ("environment", "ray"),
    ("environment", "keep_turns"),
    ("generator", "slots"),
    ("generator", "base_url"),
    ("guards", "void"),
    ("guards", "unscored"),
)


def read_config(path: Path | None, changes: Sequence[str] = ()) -> TrainConfig:
    """A configuration from a TOML file and changes like ``rollout.group=8``, whose values are written as in TOML.

    Raises:
        UsageError: a key is unknown, a value has the wrong type or is out of range; the message names it.
    """
    return settings_of(TrainConfig, _file(path) if path is not None else {}, changes)


def settings_of(kind: type[T], values: dict[str, Any], changes: Sequence[str] = ()) -> T:
    """Settings of some kind from values as TOML has them, and changes. Raises UsageError as ``read_config`` does."""
    for change in changes:
        key, equals, value = change.partition("=")
        if not equals:
            raise UsageError(f"'{change}' changes nothing; write it like {fields(kind)[0].name}=VALUE.")  # type: ignore[arg-type]
        _put(values, key.strip().split("."), _value(value.strip()))
    made: T = _structured(values, kind, "")
    return made


# ------------------------------------------------------------------ inside


def _file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"The configuration {path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The configuration {path} is no TOML: {error}.") from error


def _value(text: str) -> Any:
    """A value as TOML writes it; anything else is a text."""
    if text == "none":
        return None
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _put(values: dict[str, Any], keys: Sequence[str], value: Any) -> None:
    for key in keys[:-1]:
        inner = values.setdefault(key, {})
        values = inner if isinstance(inner, dict) else {}
    values[keys[-1]] = value


def _structured(values: Mapping[str, Any], kind: type[Any], above: str) -> Any:
    known = {each.name: each for each in fields(kind)}
    for key in values:
        if key not in known:
            near = process.extractOne(key, list(known))
            hint = f" Did you mean {above}{near[0]}?" if near else ""
            raise UsageError(f"There is no setting '{above}{key}'.{hint}")
    hints = get_type_hints(kind)
    return kind(**{key: _converted(value, hints[key], f"{above}{key}") for key, value in values.items()})


def _converted(value: Any, wanted: Any, name: str) -> Any:
    inner = _section(wanted)
    if inner is not None and isinstance(value, Mapping):
        return _structured(value, inner, f"{name}.")
    if value == "none":
        value = None
    try:
        return _CONVERTER.structure(value, wanted)
    except (cattrs.BaseValidationError, ValueError, TypeError) as error:
        raise UsageError(f"{name} is {value!r}; it must be {_spoken(wanted)}.") from error


def _section(wanted: Any) -> type[Any] | None:
    options = [wanted, *getattr(wanted, "__args__", ())]
    return next((option for option in options if isinstance(option, type) and is_dataclass(option)), None)


def _spoken(wanted: Any) -> str:
    return str(getattr(wanted, "__name__", wanted)).replace("NoneType", "none")


def _strict(kind: type[Any]) -> Any:
    """Takes a value of this type alone: neither '3' nor True is the number 3; a whole number is a float."""

    def take(value: Any, _: Any) -> Any:
        if kind is float and type(value) is int:
            return float(value)
        if type(value) is not kind:
            raise ValueError(f"{value!r} is no {kind.__name__}")
        return value

    return take


_CONVERTER = cattrs.Converter()
for _kind in (bool, int, float, str):
    _CONVERTER.register_structure_hook(_kind, _strict(_kind))
