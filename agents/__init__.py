"""Who plays: agents turn observations into replies.

Reading order: ``base`` (the seam) → ``scripted`` (says what it was given) → ``random_edits`` (the floor) →
``template/`` (the baseline: builds real sites without a model) → ``prompts/``, ``conversation``, ``openai`` (a chat
model over the OpenAI API), ``generators/``, ``transformers`` (a checkpoint in this process) → ``play`` (one rollout) →
``run`` (many tasks).

``make`` gives agents by name.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from webgen_gym.errors import UsageError

if TYPE_CHECKING:
    from webgen_gym.agents.base import Agent

__all__ = ["NAMES", "make"]

NAMES = ("template", "template-vite", "random", "scripted:FILE", "openai", "transformers")


def make(name: str, **settings: Any) -> Agent:
    """The agent of a name, one of ``NAMES``.

    ``settings`` go to the agent: ``quality`` and ``turns`` for the template, ``seed`` for the random one; ``model`` (a
    Model), ``dialect``, ``sees``, ``static`` and ``sampling`` for ``openai``; ``policy`` (a TransformersPolicy, which
    agents share), ``dialect``, ``static`` and ``sampling`` for ``transformers``.

    Raises:
        UsageError: there is no such agent, or it does not take a setting.
    """
    kind, _, argument = name.partition(":")
    try:
        return _made(kind, argument, settings)
    except TypeError as error:
        raise UsageError(f"The agent '{name}' does not take these settings: {error}") from error


def _made(kind: str, argument: str, settings: dict[str, Any]) -> Agent:
    if kind == "scripted" and argument:
        from webgen_gym.agents.scripted import read_script

        return read_script(Path(argument), **settings)
    if kind == "random":
        from webgen_gym.agents.random_edits import RandomAgent

        return RandomAgent(**settings)
    if kind in {"template", "template-vite"}:
        from webgen_gym.agents.template import TemplateAgent

        return TemplateAgent("vite" if kind == "template-vite" else "static", **settings)
    if kind == "openai":
        from webgen_gym.agents.openai import OpenAIAgent

        return OpenAIAgent(**settings)
    if kind == "transformers":
        from webgen_gym.agents.transformers import TransformersAgent

        return TransformersAgent(**settings)
    raise UsageError(f"There is no agent '{kind}'; it is one of {', '.join(NAMES)}.")
