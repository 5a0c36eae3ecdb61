"""Conversations to learn from, and where they come from.

Reading order: ``base`` (what one is), ``chats`` (files of conversations, the published ``webgen-agent_train_sft`` among
them), ``runs`` (the best of what was played in a run folder).
"""

from webgen_gym.trainers.demonstrations.base import Demonstration, Exchange
from webgen_gym.trainers.demonstrations.chats import chats, read_chats
from webgen_gym.trainers.demonstrations.runs import Selection, read_run

__all__ = ["Demonstration", "Exchange", "Selection", "chats", "read_chats", "read_run"]
