"""Who plays: agents turn observations into replies.

Reading order: ``base`` (the seam) → ``scripted`` (says what it was given) → ``random_edits`` (the floor) →
``template/`` (the baseline: builds real sites without a model) → ``play`` (one rollout) → ``run`` (many tasks).

``make`` gives the command line its agents by name.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from webgen_gym.errors import UsageError

if TYPE_CHECKING:
    from webgen_gym.agents.base import Agent

__all__ = ["make"]

NAMES = ("template", "template-vite", "random", "scripted:FILE")


def make(name: str, **settings: int | float) -> Agent:
    """The agent of a name: ``template``, ``template-vite``, ``random``, ``scripted:FILE``.

    ``settings`` go to the agent: ``quality`` and ``turns`` for the template, ``seed`` for the random one.

    Raises:
        UsageError: there is no such agent, or it does not take a setting.
    """
    kind, _, argument = name.partition(":")
    try:
        return _made(kind, argument, settings)
    except TypeError as error:
        raise UsageError(f"The agent '{name}' does not take these settings: {error}") from error


def _made(kind: str, argument: str, settings: dict[str, int | float]) -> Agent:
    if kind == "scripted" and argument:
        from webgen_gym.agents.scripted import read_script

        return read_script(Path(argument), **settings)
    if kind == "random":
        from webgen_gym.agents.random_edits import RandomAgent

        return RandomAgent(**settings)  # type: ignore[arg-type]
    if kind in {"template", "template-vite"}:
        from webgen_gym.agents.template import TemplateAgent

        return TemplateAgent("vite" if kind == "template-vite" else "static", **settings)  # type: ignore[arg-type]
    raise UsageError(f"There is no agent '{kind}'; it is one of {', '.join(NAMES)}.")
