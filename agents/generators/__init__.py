"""Sampling at the level of tokens, for training and for playing a checkpoint.

Reading order: ``base`` (the seam) → ``scripted`` (says what it was given) → ``chat`` (conversations as tokens) →
``local`` (a transformers model in this process; its docstring goes on) → ``wire``, ``connection``, ``server`` (vLLM) →
``loading`` (a model from a folder or the hub). Only ``local``, what it stands on, and ``loading`` import torch.
"""

from webgen_gym.agents.generators.base import Floats, Generator, Sampled, Sampling, Tokens

__all__ = ["Floats", "Generator", "Sampled", "Sampling", "Tokens"]
