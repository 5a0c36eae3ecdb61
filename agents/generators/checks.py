"""What every generator refuses."""

from __future__ import annotations

from collections.abc import Sequence

from webgen_gym.agents.generators.base import Tokens
from webgen_gym.errors import UsageError


def check_prompts(prompts: Sequence[Tokens], seeds: Sequence[int], context: int) -> None:
    """Refuse what cannot be answered.

    Raises:
        UsageError: a prompt is empty or leaves no room for a token, or there is not one seed (0 or more) for each.
    """
    if len(seeds) != len(prompts):
        raise UsageError(f"There are {len(prompts)} prompts and {len(seeds)} seeds; each prompt needs one.")
    if len(seeds) and min(seeds) < 0:
        raise UsageError(f"A seed is {min(seeds)}; it must be 0 or more.")
    for number, prompt in enumerate(prompts):
        if not 0 < len(prompt) < context:
            raise UsageError(
                f"Prompt {number} has {len(prompt)} tokens; it needs 1 to {context - 1}, so that an answer has room in"
                f" the {context} tokens of the context (context)."
            )
