"""What a judge is called, and whether two judges ask the same model.

The id of a judge that asks a model is ``NAME/VERSION:MODEL:HASH``; the hash covers its prompts and options, so that a
changed word makes another judge. A judge made of others holds their ids in its own.
"""

from __future__ import annotations

import hashlib
import json
import re
import warnings

_HASH_CHARS = 12
_ASKING = re.compile(rf"\w+/\d+:(?P<model>.+?):[0-9a-f]{{{_HASH_CHARS}}}(?=$|[;)])")


def judge_id(name: str, version: int, model: str, *decides: object) -> str:
    """The id of a judge; ``decides`` is all that changes its verdicts besides the model."""
    told = json.dumps([repr(part) for part in decides])
    return f"{name}/{version}:{model}:{hashlib.sha256(told.encode()).hexdigest()[:_HASH_CHARS]}"


def models_of(judge: str) -> frozenset[str]:
    """The models that the judge with this id asks; none for one that measures or tests."""
    return frozenset(match["model"] for match in _ASKING.finditer(judge))


def same_model(a: str, b: str) -> bool:
    """Whether the judges with these ids have a model in common."""
    return not models_of(a).isdisjoint(models_of(b))


def warn_if_same_model(reward: str, evaluation: str) -> None:
    """Warn where a policy is evaluated by a model that also rewarded it. Both are ids of judges."""
    if same_model(reward, evaluation):
        shared = ", ".join(sorted(models_of(reward) & models_of(evaluation)))
        warnings.warn(
            f"The judge that rewards and the judge that evaluates ask the same model, {shared}: what the policy has"
            " learnt about its taste counts as quality. Evaluate with another model.",
            stacklevel=2,
        )
