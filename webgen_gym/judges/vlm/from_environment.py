"""The model that judges, as the environment variables name it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from webgen_gym.errors import UsageError
from webgen_gym.limits import ModelLimits
from webgen_gym.llm import Budget, OpenAIModel

MODEL, BASE_URL, API_KEY = "WEBGEN_JUDGE_MODEL", "WEBGEN_JUDGE_BASE_URL", "WEBGEN_JUDGE_API_KEY"
_NO_KEY = "none"
_SETTINGS = {"paper": ("judge", "Paper"), "guarded": ("judge", "Guarded"), "agent": ("gui", "GuiAgent")}


def judging_model(
    judge: str,
    environment: Mapping[str, str] = os.environ,
    budget: Budget | None = None,
    limits: ModelLimits = ModelLimits(),  # noqa: B008
) -> OpenAIModel:
    """WEBGEN_JUDGE_MODEL at WEBGEN_JUDGE_BASE_URL with WEBGEN_JUDGE_API_KEY, each else that of the agents.

    ``judge`` is the name of the judge that asks; whoever calls this closes the model. A judge with an address of its
    own is never sent the key of another server. Raises UsageError, naming the settings, where something is missing,
    and MissingTool without the ``llm`` extra.
    """
    setting, kind = _SETTINGS[judge]
    model, url, key = (environment.get(name, "").strip() or None for name in (MODEL, BASE_URL, API_KEY))
    try:
        return OpenAIModel(model, base_url=url, api_key=key or (_NO_KEY if url else None), limits=limits, budget=budget)
    except UsageError as error:
        raise UsageError(
            f"{setting}='{judge}' asks a model: set {MODEL}, with {BASE_URL} or {API_KEY} as its server needs, or pass"
            f" an object, {setting}={kind}(model). {error.message}"
        ) from error
