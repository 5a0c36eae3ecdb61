"""A local causal language model plays, with its chat template and, where one is named, an adapter that was trained.

Tokens go in as they came out: what the model has said is never cut into tokens again, so a checkpoint plays as it
learned, and its cache of keys and values serves every turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from webgen_gym.agents.conversation import Conversation
from webgen_gym.agents.generators.base import Sampled, Sampling, Tokens
from webgen_gym.agents.generators.chat import ChatTokens
from webgen_gym.agents.prompts import system_prompt
from webgen_gym.errors import MissingTool, ModelFailed, ModelFailure, UsageError
from webgen_gym.llm.budget import Budget, Tally
from webgen_gym.llm.local.batching import Batcher
from webgen_gym.types import Dialect, Observation, Task

_PACKAGES = ("torch", "transformers")
_LONGEST = 32_768
_SEEDS_OF_A_TASK = 1000
# The paper's coder uses this temperature.
SAMPLING = Sampling(temperature=0.5, max_tokens=8192)


class TransformersPolicy:
    """A model in this process that any number of agents share; what they ask at about the same time is batched.

    Args:
        path: a folder, or a name on the hub.
        adapter: the folder of a PEFT adapter, as a trainer saves it.
        device: ``cuda``, ``cpu``, ``mps``; by default a GPU where there is one.
        dtype: as transformers takes it, ``auto`` for that of the weights.
        slots: how many answers are under way at once.
        context: how many tokens a conversation has at most; by default what the model takes, up to 32768.
        window_s: how long the first of several requests waits for others.
        budget: what may be spent, shared with other models.

    Raises:
        MissingTool: torch or transformers is not installed.
        UsageError: there is no such model or adapter, it has no chat template, or the device does not hold it.
    """

    def __init__(  # noqa: PLR0913 - each is a keyword
        self,
        path: str | Path,
        *,
        adapter: Path | None = None,
        device: str | None = None,
        dtype: str = "auto",
        slots: int = 8,
        context: int | None = None,
        window_s: float = 0.02,
        budget: Budget | None = None,
    ) -> None:
        if missing := [name for name in _PACKAGES if find_spec(name) is None]:
            raise MissingTool(
                f"Python package {missing[0]!r} is not installed; install it with: pip install 'webgen-gym[local]'"
            )
        from webgen_gym.agents.generators.loading import load_policy
        from webgen_gym.agents.generators.local import LocalGenerator

        loaded = load_policy(str(path), adapter, device, dtype)
        longest = getattr(loaded.model.config, "max_position_embeddings", None) or _LONGEST
        self.id = "+".join(_name(each) for each in (path, adapter) if each is not None)
        self.chat: ChatTokens = loaded.chat
        self._generator = LocalGenerator(
            loaded.model, slots=slots, context=context or min(longest, _LONGEST), eos=loaded.eos
        )
        self._budget = budget
        self._batcher: Batcher[_Asked, Sampled] = Batcher(
            self._answers, alike=lambda asked: asked.sampling, most=slots, window_s=window_s
        )

    def answer(self, prompt: Tokens, sampling: Sampling, seed: int) -> Sampled:
        """The answer to a prompt. May be asked from several threads.

        Raises:
            ModelFailed: the prompt leaves no room for an answer, the budget is spent, or the model failed.
        """
        if len(prompt) >= self._generator.context:
            raise ModelFailed(
                f"The conversation has {len(prompt)} tokens, and the model takes {self._generator.context} with its"
                " answer (context).",
                ModelFailure.CONTEXT,
            )
        tally = Tally(self._budget)
        tally.open_call()
        sampled = self._batcher.submit(_Asked(prompt, sampling, seed)).result()
        tally.charge(len(prompt), len(sampled.tokens))
        return sampled

    def close(self) -> None:
        """Answer what was asked, then end the thread and free the cache. Safe to call twice."""
        self._batcher.close()
        self._generator.close()

    def _answers(self, batch: Sequence[_Asked]) -> Sequence[Sampled]:
        """The answers to a batch, in the batcher's thread."""
        prompts, seeds = [asked.prompt for asked in batch], [asked.seed for asked in batch]
        try:
            return self._generator.generate(prompts, batch[0].sampling, seeds)
        except UsageError:
            raise
        except Exception as error:  # the boundary of a model call
            raise ModelFailed(
                f"The model {self.id} failed with {type(error).__name__}: {error}", ModelFailure.SERVER
            ) from error


class TransformersAgent:
    """An ``Agent`` that has a local model write each reply.

    Args:
        policy: who is asked; agents of parallel rollouts share one.
        dialect: how the model is told to reply: ``bolt``, ``search_replace``, ``unified_diff`` or ``tool_calls``.
        static: whether the environment shows plain websites only (``WebGenStatic-v0``).
        sampling: how replies are drawn.

    ``act`` raises ModelFailed where there is no reply to be had, which makes the rollout void.
    """

    def __init__(
        self,
        policy: TransformersPolicy,
        *,
        dialect: Dialect | str = Dialect.BOLT,
        static: bool = False,
        sampling: Sampling = SAMPLING,
    ) -> None:
        self._policy = policy
        self._system = system_prompt(dialect, static=static)
        self._sampling = sampling
        self._talk = _Talk(policy.chat, self._system)
        self._seed = 0
        kind = "static" if static else "any"
        self.id = f"transformers/{policy.id}/{Dialect(dialect).value}/{kind}"

    def start(self, task: Task, seed: int) -> None:
        """Begin a new conversation."""
        self._talk = _Talk(self._policy.chat, self._system)
        self._seed = seed

    def act(self, observation: Observation) -> str:
        """The model's next reply, as it wrote it."""
        # Another seed for each turn: a state that is gone back to would be answered alike for ever.
        seed = self._seed * _SEEDS_OF_A_TASK + observation.turn
        prompt = self._talk.prompt(observation)
        return self._talk.say(self._policy.answer(prompt, self._sampling, seed).tokens)

    def go_back(self, observation: Observation) -> None:
        """The site was set back to a state seen before; so is the conversation."""
        self._talk.go_back(observation)


class _Asked(NamedTuple):
    prompt: Tokens
    sampling: Sampling
    seed: int


class _Talk:
    """A conversation in tokens beside the one in messages, which knows what was told and what is to be forgotten."""

    def __init__(self, chat: ChatTokens, system: str) -> None:
        self._chat = chat
        self._messages = Conversation(system)
        # The prompt that ended with so many messages.
        self._prompts: dict[int, Tokens] = {}
        self._held: Tokens | None = None

    def prompt(self, observation: Observation) -> Tokens:
        """What was read and said so far and what is seen now; a state that was just gone back to is not told again."""
        self._messages.tell(observation)
        told = self._messages.messages
        if len(told) not in self._prompts:
            held = self._held
            self._prompts[len(told)] = self._chat.open(told) if held is None else self._chat.extend(held, told[-1:])
        return self._prompts[len(told)]

    def say(self, tokens: Tokens) -> str:
        """Add what the model answered; returns it as text."""
        text = self._chat.text(tokens)
        self._held = np.concatenate([self._prompts[len(self._messages.messages)], tokens])
        self._messages.say(text)
        return text

    def go_back(self, observation: Observation) -> None:
        """Forget everything after this state was told; everything, where it never was."""
        self._messages.go_back(observation)
        end = len(self._messages.messages)
        self._prompts = {count: prompt for count, prompt in self._prompts.items() if count <= end}
        self._held = self._prompts.get(end)


def _name(path: str | Path) -> str:
    """The name that records keep: that of the folder, or on the hub."""
    return Path(path).resolve().name if Path(path).is_dir() else str(path)
