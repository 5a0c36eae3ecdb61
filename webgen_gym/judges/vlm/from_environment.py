"""The model that judges, as the environment variables name it."""

from __future__ import annotations

import os
from collections.abc import Mapping

from webgen_gym.errors import UsageError
from webgen_gym.llm import OpenAIModel

MODEL, BASE_URL, API_KEY = "WEBGEN_JUDGE_MODEL", "WEBGEN_JUDGE_BASE_URL", "WEBGEN_JUDGE_API_KEY"
_NO_KEY = "none"


def judging_model(judge: str, environment: Mapping[str, str] = os.environ) -> OpenAIModel:
    """WEBGEN_JUDGE_MODEL at WEBGEN_JUDGE_BASE_URL with WEBGEN_JUDGE_API_KEY, each else that of the agents.

    A judge with an address of its own is never sent the key of another server. Raises UsageError, naming the
    settings, where something is missing, and MissingTool without the ``llm`` extra.
    """
    model, url, key = (environment.get(name, "").strip() or None for name in (MODEL, BASE_URL, API_KEY))
    try:
        return OpenAIModel(model, base_url=url, api_key=key or (_NO_KEY if url else None))
    except UsageError as error:
        raise UsageError(
            f"judge='{judge}' asks a model: set {MODEL}, with {BASE_URL} or {API_KEY} as its server needs, or pass an"
            f" object, judge={judge.capitalize()}(model). {error.message}"
        ) from error
