"""What a completions server is sent and what it answers, token ids in and out (vLLM's form of OpenAI's API)."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from webgen_gym.agents.generators.base import Sampled, Sampling, Tokens
from webgen_gym.errors import ModelFailed, ModelFailure, UsageError

_ID = "token_id:"


def body_of(model: str, prompt: Tokens, sampling: Sampling, seed: int, ends: list[int]) -> dict[str, Any]:
    """The request for one answer of at most ``sampling.max_tokens`` tokens.

    What would bend the distribution is switched off by name: a server takes its defaults from the model's folder.
    """
    return {
        "model": model,
        "prompt": prompt.tolist(),
        "max_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": -1,
        "min_p": 0.0,
        "repetition_penalty": 1.0,
        "seed": seed,
        "stop_token_ids": ends,
        "skip_special_tokens": False,
        "logprobs": 1,
        "return_token_ids": True,
        "return_tokens_as_token_ids": True,
    }


def read_answer(text: str) -> Sampled:
    """The answer in a body of status 200.

    Raises:
        ModelFailed: it is none, or is torn.
        UsageError: the server does not tell token ids or log-probabilities, so nothing can be learned from it.
    """
    choice = _choice(text)
    told = choice.get("logprobs")
    logprobs = told.get("token_logprobs") if isinstance(told, dict) else None
    tokens = choice.get("token_ids") or _named_ids(told)
    if tokens is None:
        raise UsageError(
            "The server tells no token ids, and text does not say how it was cut into tokens; take a vLLM server that"
            " knows return_token_ids (0.10.2 or newer) or return_tokens_as_token_ids."
        )
    if not isinstance(logprobs, list):
        raise UsageError(
            "The server tells no log-probabilities (logprobs), so nothing can be learned from its answers."
        )
    if len(logprobs) != len(tokens):
        raise _malformed(f"{len(tokens)} tokens and {len(logprobs)} log-probabilities")
    if not tokens:
        raise _malformed("no token at all")
    if not all(_is_id(token) for token in tokens):
        raise _malformed("a token id that is not a whole number from 0 on")
    if not all(_is_number(each) for each in logprobs):
        raise _malformed("a log-probability that is not a number")
    return Sampled(
        np.array(tokens, dtype=np.int64), np.array(logprobs, dtype=np.float32), choice.get("finish_reason") == "stop"
    )


def _choice(text: str) -> dict[str, Any]:
    try:
        choice = json.loads(text)["choices"][0]
    except (ValueError, RecursionError, LookupError, TypeError):
        choice = None
    if not isinstance(choice, dict):
        raise _malformed("no choice")
    return choice


def _named_ids(told: Any) -> list[Any] | None:
    """The ids in a list of ``token_id:17``; None where there is none."""
    names = told.get("tokens") if isinstance(told, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) and name.startswith(_ID) for name in names):
        return None
    digits = [name.removeprefix(_ID) for name in names]
    return [int(each) if each.isascii() and each.isdigit() else each for each in digits]


def _is_id(token: Any) -> bool:
    return isinstance(token, int) and not isinstance(token, bool) and 0 <= token < 2**31


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _malformed(what: str) -> ModelFailed:
    return ModelFailed(f"The server's answer holds {what}.", ModelFailure.MALFORMED)
