"""Sampling from a server that speaks OpenAI's completions with token ids, as vLLM does."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from webgen_gym.agents.generators.base import Sampled, Sampling, Tokens
from webgen_gym.agents.generators.checks import check_prompts
from webgen_gym.agents.generators.wire import body_of, read_answer
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.errors import MissingTool, ModelFailed, ModelRefused, UsageError
from webgen_gym.limits import MIB, ModelLimits
from webgen_gym.llm.clock import Clock, SystemClock
from webgen_gym.llm.settings import settings

if TYPE_CHECKING:
    from webgen_gym.agents.generators.connection import Connection

Run = Callable[[Coroutine[Any, Any, Any]], Any]
# A long answer among many takes minutes, and a server batches as many as it is given.
LIMITS = ModelLimits(call_s=1200.0, concurrency=128, response_bytes=64 * MIB)
_log = logging.getLogger(__name__)


class ServerGenerator:
    """A ``Generator`` over HTTP; all prompts are under way at once, ``limits.concurrency`` at most.

    The log-probabilities must be those of the distribution that is drawn from. vLLM tells those of temperature 1 and
    top-p 1 unless it is started with ``--logprobs-mode processed_logprobs``. For ``load`` it needs ``--enable-lora``
    and ``VLLM_ALLOW_RUNTIME_LORA_UPDATING=True``, and must see the same files.

    Args:
        base_url: up to and with ``/v1``.
        model: as the server calls it.
        context: how many tokens the server takes for a prompt and its answer.
        eos: the tokens that end an answer.
        api_key: where the server wants one; else OPENAI_API_KEY.
        limits: deadlines and retries of each call.
        clock: what waits between two tries.
        run: runs a coroutine to its end; by default on the loop that the environments share.

    Raises:
        UsageError: the address or the key is none.
        MissingTool: without the ``llm`` extra.
    """

    def __init__(  # noqa: PLR0913 - each is a keyword
        self,
        base_url: str,
        model: str,
        *,
        context: int,
        eos: Collection[int],
        api_key: str | None = None,
        limits: ModelLimits = LIMITS,
        clock: Clock | None = None,
        run: Run | None = None,
    ) -> None:
        found = settings(model, base_url, api_key)
        self._model = self._name = found.model
        self._context = context
        self._ends = sorted(eos)
        self._run: Run = run or (lambda work: shared_runtime().run(work))
        self._server = _connection()(found, limits, clock or SystemClock())
        # A name of this run alone: an adapter that another run left on the server is never taken for ours.
        self._run_id = secrets.token_hex(4)

    @property
    def shares_weights(self) -> bool:
        """No: the server is given adapters by ``load``."""
        return False

    @property
    def context(self) -> int:
        """How many tokens a prompt and its answer may have together."""
        return self._context

    def generate(self, prompts: Sequence[Tokens], sampling: Sampling, seeds: Sequence[int]) -> list[Sampled]:
        """An answer to each prompt. See ``Generator``.

        Raises:
            ModelFailed: the server gave no whole answer to one of them.
            UsageError: a prompt or a seed is out of its range, or the server turns the calls away, or it tells no token
                ids or no log-probabilities.
        """
        check_prompts(prompts, seeds, self._context)
        answers: list[Sampled] = self._run(self._answers(prompts, sampling, seeds))
        return answers

    def load(self, adapter: Path, version: int) -> None:
        """Have the server load this adapter, sample from it from now on, and have the one before unloaded.

        Raises:
            UsageError: the server loads no adapters while it runs.
            ModelFailed: it did not load this one.
        """
        name = f"{self._model}-{self._run_id}-{version}"
        path = str(adapter.resolve())
        try:
            self._run(self._server.post("/load_lora_adapter", {"lora_name": name, "lora_path": path}))
        except ModelRefused as refused:
            raise UsageError(
                "The server loads no adapters while it runs; start vLLM with --enable-lora and"
                f" VLLM_ALLOW_RUNTIME_LORA_UPDATING=True. {refused.message}"
            ) from refused
        self._unload()
        self._name = name

    def close(self) -> None:
        """Have the adapter unloaded and close the connections. Safe to call twice."""
        self._unload()
        self._run(self._server.close())

    async def _answers(self, prompts: Sequence[Tokens], sampling: Sampling, seeds: Sequence[int]) -> list[Sampled]:
        asked = zip(prompts, seeds, strict=True)
        tasks = [asyncio.create_task(self._answer(prompt, sampling, seed)) for prompt, seed in asked]
        try:
            return await asyncio.gather(*tasks)
        finally:
            # Where one fails, nobody wants the others any more.
            for task in tasks:
                task.cancel()

    async def _answer(self, prompt: Tokens, sampling: Sampling, seed: int) -> Sampled:
        room = min(sampling.max_tokens, self._context - len(prompt))
        body = body_of(self._name, prompt, replace(sampling, max_tokens=room), seed, self._ends)
        return read_answer(await self._server.post("/completions", body))

    def _unload(self) -> None:
        """Have the adapter in use unloaded; where that fails, the server holds one too many and no more is lost."""
        name, self._name = self._name, self._model
        if name == self._model:
            return
        try:
            self._run(self._server.post("/unload_lora_adapter", {"lora_name": name}))
        except (ModelFailed, ModelRefused) as error:
            _log.warning("The server did not unload the adapter %s: %s", name, error)


def _connection() -> type[Connection]:
    try:
        from webgen_gym.agents.generators.connection import Connection
    except ModuleNotFoundError as error:
        raise MissingTool(
            f"Python package {error.name!r} is not installed; install it with: pip install 'webgen-gym[llm]'"
        ) from error
    return Connection
