"""Decoding on CUDA, in steps that are captured and replayed: launching one takes longer than running it.

A captured step reads the parameters where they lie. What an optimiser writes into them is seen; parameters that were
replaced are not, which is what ``forget`` is for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import torch

from webgen_gym.agents.generators.base import Sampling
from webgen_gym.agents.generators.decoding import Drawn, logits_of
from webgen_gym.agents.generators.drawing import draw
from webgen_gym.agents.generators.flash_reads import FlashStep, Spans, Varlen
from webgen_gym.agents.generators.kv_cache import SlotCache
from webgen_gym.agents.generators.lanes import Due

_SIZES = (1, 2, 4, 8, 16, 24, 32, 48, 64, 80, 96, 128)
_LARGE = 64
_WARM_UPS = 2
_log = logging.getLogger(__name__)


class GraphDecoder:
    """Many steps between two looks at what was drawn; the host waits for the GPU once for ``stride`` of them.

    Answers are padded to the next batch size that was captured; the padding writes to the cache's spare row. Where a
    step cannot be captured it is run as it is, and a warning says so. ``shared`` query heads share a key head.
    """

    stride = 16

    def __init__(self, model: Any, cache: SlotCache, device: torch.device, *, kernel: Varlen, shared: int) -> None:
        self._model = model
        self._cache = cache
        self._kernel = kernel
        self._shared = shared
        self._sizes = sizes_up_to(cache.slots)
        self._graphs: dict[tuple[int, float, float], torch.cuda.CUDAGraph] = {}
        self._pool: Any = None
        self._captures = device.type == "cuda"
        self._state = _State(self._sizes[-1], self.stride, shared, device)

    def steps(self, due: Due, sampling: Sampling) -> Drawn:
        """See Decoder."""
        steps, count = due.chances.shape
        size = next(size for size in self._sizes if size >= count)
        step = self._step_of(size, sampling)
        self._state.begin(due, self._cache, size)
        for _ in range(steps):
            step()
        return self._state.drawn(steps, count)

    def forget(self) -> None:
        """See Decoder."""
        self._graphs.clear()
        self._pool = None

    def _step_of(self, size: int, sampling: Sampling) -> Callable[[], None]:
        """One step for so many answers, captured if that can be done."""
        key = (size, sampling.temperature, sampling.top_p)
        if self._captures and key not in self._graphs:
            try:
                self._graphs[key] = self._captured(size, sampling)
            except torch.cuda.OutOfMemoryError:
                raise
            except RuntimeError as error:
                self._captures = False
                _log.warning("Decoding goes on without CUDA graphs, more slowly; a step was not captured: %s", error)
        graph = self._graphs.get(key)
        return graph.replay if graph is not None else lambda: self._step(size, sampling)

    def _captured(self, size: int, sampling: Sampling) -> torch.cuda.CUDAGraph:
        self._state.idle(self._cache)
        aside = torch.cuda.Stream()
        aside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(aside):
            for _ in range(_WARM_UPS):
                self._step(size, sampling)
        torch.cuda.current_stream().wait_stream(aside)
        self._state.idle(self._cache)
        if self._pool is None:
            self._pool = torch.cuda.graph_pool_handle()
        graph = torch.cuda.CUDAGraph()
        # Another thread may use the GPU meanwhile, for a judge say; only this one is captured.
        with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
            self._step(size, sampling)
        return graph

    def _step(self, size: int, sampling: Sampling) -> None:
        state = self._state
        rows = state.rows[:size]
        self._cache.write_to(rows)
        positions = rows - state.starts[:size]
        spans = Spans(
            new=state.new[: size + 1],
            starts=state.starts32[: size + 1],
            used=(positions + 1).int(),
            most_new=self._shared,
            most_used=self._cache.context,
        )
        logits = logits_of(self._model, self._cache, state.tokens[:size], positions, FlashStep(self._kernel, spans), 0)
        chances = state.chances.index_select(0, state.step)[0, :size]
        tokens, logprobs = draw(logits, chances, sampling.temperature, sampling.top_p)
        state.advance(size, tokens, logprobs)


class _State:
    """The tensors that a captured step reads and writes, for the largest batch; smaller ones use their beginning."""

    def __init__(self, most: int, stride: int, shared: int, device: torch.device) -> None:
        def whole(*shape: int) -> torch.Tensor:
            return torch.zeros(*shape, dtype=torch.int64, device=device)

        self.step = whole(1)
        self.tokens, self.rows, self.starts, self._lasts = (whole(most) for _ in range(4))
        self.starts32 = torch.zeros(most + 1, dtype=torch.int32, device=device)
        self.new = torch.arange(most + 1, dtype=torch.int32, device=device) * shared
        self.chances = torch.zeros(stride, most, dtype=torch.float64, device=device)
        self._tokens = whole(stride, most)
        self._logprobs = torch.zeros(stride, most, dtype=torch.float32, device=device)

    def idle(self, cache: SlotCache) -> None:
        """All lanes are padding."""
        self.step.zero_()
        self.tokens.zero_()
        for rows in (self.rows, self.starts, self._lasts, self.starts32):
            rows.fill_(cache.spare_row)

    def begin(self, due: Due, cache: SlotCache, size: int) -> None:
        """The answers that are due, and padding up to ``size``."""
        self.idle(cache)
        steps, count = due.chances.shape
        starts = torch.from_numpy(due.slots * cache.context)
        self.starts[:count] = starts.to(self.starts.device)
        self.starts32[:count] = self.starts[:count]
        self.rows[:count] = torch.from_numpy(due.positions).to(self.rows.device) + self.starts[:count]
        self._lasts[:count] = self.starts[:count] + (cache.context - 1)
        self.tokens[:count] = torch.from_numpy(due.tokens).to(self.tokens.device)
        self.chances[:steps, :count] = torch.from_numpy(due.chances).to(self.chances.device)

    def advance(self, size: int, tokens: torch.Tensor, logprobs: torch.Tensor) -> None:
        """Keep what a step drew, and go to the next row; one that is past its slot stays on the slot's last row."""
        self._tokens[:, :size].index_copy_(0, self.step, tokens[None])
        self._logprobs[:, :size].index_copy_(0, self.step, logprobs[None])
        self.tokens[:size].copy_(tokens)
        rows = self.rows[:size]
        rows.copy_(torch.minimum(rows + 1, self._lasts[:size]))
        self.step.add_(1)

    def drawn(self, steps: int, count: int) -> Drawn:
        """What the last steps drew. Waits for the GPU."""
        tokens, logprobs = self._tokens[:steps, :count], self._logprobs[:steps, :count]
        return Drawn(tokens.cpu().numpy(), logprobs.cpu().numpy())


def sizes_up_to(most: int) -> list[int]:
    """The batch sizes that are captured: close to each other where a step is dear, and ``most`` the last."""
    larger = range(_SIZES[-1] + _LARGE, most, _LARGE)
    return [size for size in (*_SIZES, *larger) if size < most] + [most]
