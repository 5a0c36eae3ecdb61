"""The model that is trained: a causal LM of transformers, whole or through low-rank adapters."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import torch

from webgen_gym.trainers.attention import read_packs
from webgen_gym.trainers.logprobs import CHUNK_TOKENS, token_logprobs
from webgen_gym.trainers.packing import Pack


class Policy(torch.nn.Module):  # type: ignore[misc]
    """Scores the trained tokens of packs.

    Args:
        model: a causal LM of transformers, or a ``PeftModel`` around one.
        temperature: what logits are divided by, that of sampling: the policy is what samples.
        checkpointing: whether activations are made again in the backward pass instead of being kept.
        chunk_tokens: for how many tokens there are logits at once.
    """

    def __init__(
        self, model: Any, *, temperature: float = 1.0, checkpointing: bool = False, chunk_tokens: int = CHUNK_TOKENS
    ) -> None:
        super().__init__()
        self.model = model
        self._temperature = temperature
        self._chunk_tokens = chunk_tokens
        self._half = _half_precision(model)
        if self._half is not None and has_adapters(model):
            _leave_inputs_alone(model)
        if checkpointing:
            _enable_checkpointing(model)
            # Without this nothing before the first adapter needs a gradient, and checkpoints are skipped.
            if has_adapters(model):
                model.enable_input_require_grads()
        self._layers = [part for part in model.modules() if getattr(part, "gradient_checkpointing", False)]

    @property
    def _no_split_modules(self) -> list[str]:
        """What accelerate's TRANSFORMER_BASED_WRAP asks: the classes of layers that stay whole, as the model knows."""
        return list(causal_lm(self.model)._no_split_modules or ())

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return next(self.model.parameters()).device

    def forward(self, pack: Pack) -> tuple[torch.Tensor, torch.Tensor]:
        """Log-probability and entropy of each trained token of a pack on the policy's device; both (N,) float32."""
        causal = causal_lm(self.model)
        read_packs(causal)
        with self._precision(), self._checkpoints():
            read = causal.get_decoder()(
                input_ids=pack.tokens,
                position_ids=pack.positions,
                use_cache=False,
                bounds=pack.bounds,
                longest=pack.longest,
            )
        hidden = read.last_hidden_state[0, pack.places]
        head = causal.get_output_embeddings().weight
        dtype = _autocast(hidden.device.type) or head.dtype
        # Autocast, which accelerate may have put around this, would round the logits.
        with torch.autocast(hidden.device.type, enabled=False):
            return token_logprobs(
                hidden.to(dtype),
                head.to(dtype),
                pack.targets,
                temperature=self._temperature,
                chunk_tokens=self._chunk_tokens,
            )

    @contextlib.contextmanager
    def as_reference(self) -> Iterator[None]:
        """Within the block the adapters are off, which is the model that training began with."""
        with self.model.disable_adapter():
            yield

    def trained(self) -> dict[str, torch.nn.Parameter]:
        """The parameters that training changes, by name."""
        return {name: value for name, value in self.model.named_parameters() if value.requires_grad}

    @contextlib.contextmanager
    def _checkpoints(self) -> Iterator[None]:
        """Transformers checkpoints the layers that are in training; whoever samples from them must not."""
        for layer in self._layers:
            layer.training = torch.is_grad_enabled()
        try:
            yield
        finally:
            for layer in self._layers:
                layer.training = False

    def _precision(self) -> contextlib.AbstractContextManager[Any]:
        """Adapters are float32 beside weights of half precision; their products are made in that of the weights."""
        if self._half is None:
            return contextlib.nullcontext()
        autocast: contextlib.AbstractContextManager[Any] = torch.autocast(self.device.type, self._half)
        return autocast


def has_adapters(model: Any) -> bool:
    """Whether low-rank adapters are trained, and not the whole model."""
    return hasattr(model, "peft_config") and hasattr(model, "disable_adapter")


def causal_lm(model: Any) -> Any:
    """The causal LM of transformers itself, adapters or not."""
    return model.get_base_model() if has_adapters(model) else model


def _enable_checkpointing(model: Any) -> None:
    causal = causal_lm(model)
    # The newer name; the older one is to go with transformers 6.
    enable = getattr(causal, "activation_checkpointing_enable", None) or causal.gradient_checkpointing_enable
    enable({"use_reentrant": False})


def _autocast(device: str) -> torch.dtype | None:
    return torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else None


def _half_precision(model: Any) -> torch.dtype | None:
    dtype = causal_lm(model).get_output_embeddings().weight.dtype
    return dtype if dtype in (torch.bfloat16, torch.float16) else None


def _leave_inputs_alone(model: Any) -> None:
    """Autocast does it: adapters need not make float32 copies of what they read."""
    from peft.tuners.tuners_utils import BaseTunerLayer

    for module in model.modules():
        if isinstance(module, BaseTunerLayer):
            module.cast_input_dtype_enabled = False
