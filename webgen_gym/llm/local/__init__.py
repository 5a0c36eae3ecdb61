"""A model in this process, through transformers: a GPU machine needs no server.

Reading order: ``batching`` (requests that come at once are answered at once) → ``engine`` (the only module that imports
torch and transformers) → ``model`` (the ``Model`` that callers see).
"""

from webgen_gym.llm.local.model import LocalModel

__all__ = ["LocalModel"]
