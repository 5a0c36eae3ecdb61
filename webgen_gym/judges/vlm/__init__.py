"""Appearance by a vision-language model: ``Paper`` as in WebGen-Agent, ``Guarded`` for training against.

Reading order: ``options`` → ``windows`` (what is looked at) → ``prompts`` → ``asking`` → ``verdicts`` → ``paper``;
then ``grader_text``, ``cover``, ``facts`` and ``guarded``.
"""

from webgen_gym.judges.vlm.from_environment import judging_model
from webgen_gym.judges.vlm.guarded import Guarded
from webgen_gym.judges.vlm.options import Options
from webgen_gym.judges.vlm.paper import Paper

__all__ = ["Guarded", "Options", "Paper", "judging_model"]
