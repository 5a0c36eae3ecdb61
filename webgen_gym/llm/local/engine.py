"""Weights on a device, and what they say. The only module of ``llm`` that imports torch and transformers; it blocks."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForImageTextToText, AutoProcessor, AutoTokenizer
from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING

from webgen_gym.errors import ModelFailed, ModelFailure, UsageError
from webgen_gym.llm.base import ImagePart, Message, Request


@dataclass(frozen=True, slots=True)
class Said:
    """One answer. ``finish_reason`` is ``stop``, ``length``, or ``time`` where it was cut off by the clock."""

    text: str
    finish_reason: str
    prompt_tokens: int
    completion_tokens: int


class Engine:
    """A model with its processor. ``sees`` tells whether it takes pictures.

    Raises:
        UsageError: there is no model at this path or of this name, or it has no chat template.
    """

    def __init__(self, path: str, device: str, dtype: str) -> None:
        try:
            config = AutoConfig.from_pretrained(path)
            self.sees = type(config) in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING
            kind: Any = AutoModelForImageTextToText if self.sees else AutoModelForCausalLM
            reader: Any = AutoProcessor if self.sees else AutoTokenizer
            self._model = kind.from_pretrained(path, dtype=dtype).to(device).eval()
            self._processor = reader.from_pretrained(path)
        except (OSError, ValueError, ImportError) as error:
            raise UsageError(f"The model {path!r} could not be loaded: {error}") from error
        self._tokenizer: Any = getattr(self._processor, "tokenizer", self._processor)
        if not self._processor.chat_template:
            raise UsageError(
                f"The model {path!r} has no chat template, so it cannot be asked; take one that was tuned."
            )
        # What is generated follows the prompt at once, so shorter prompts are filled up in front.
        self._tokenizer.padding_side = "left"
        if self._tokenizer.pad_token is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._context = getattr(config.get_text_config(), "max_position_embeddings", None)

    def answer(self, requests: Sequence[Request], max_tokens: int, max_s: float) -> list[Said | Exception]:
        """Answer requests that are alike in everything but their messages. Too long a prompt fails alone."""
        prompts = [self._conversation(request.messages) for request in requests]
        inputs = self._read(prompts)
        lengths = inputs["attention_mask"].sum(dim=1).tolist()
        if self._context is None or max(lengths) + max_tokens <= self._context:
            return [*self._generate(requests[0], inputs, lengths, max_tokens, max_s)]
        fits = [length + max_tokens <= self._context for length in lengths]
        fitting = [request for request, fit in zip(requests, fits, strict=True) if fit]
        answers = iter(self.answer(fitting, max_tokens, max_s) if fitting else ())
        return [
            next(answers) if fit else self._too_long(length, max_tokens)
            for fit, length in zip(fits, lengths, strict=True)
        ]

    def _generate(
        self, like: Request, inputs: dict[str, torch.Tensor], lengths: list[int], max_tokens: int, max_s: float
    ) -> list[Said]:
        if like.seed is not None:
            torch.manual_seed(like.seed)
        chance = {"do_sample": True, "temperature": like.temperature} if like.temperature else {"do_sample": False}
        stop = {"stop_strings": list(like.stop), "tokenizer": self._tokenizer} if like.stop else {}
        with torch.inference_mode():
            rows = self._model.generate(
                **inputs,
                **chance,
                **stop,
                max_new_tokens=max_tokens,
                max_time=max_s,
                pad_token_id=self._tokenizer.pad_token_id,
            )
        new = rows[:, inputs["input_ids"].shape[1] :].tolist()
        return [self._said(row, length, like, max_tokens) for row, length in zip(new, lengths, strict=True)]

    def _said(self, row: list[int], prompt_tokens: int, like: Request, max_tokens: int) -> Said:
        """What the tokens of one answer say; those after its end are filling."""
        ends = self._model.generation_config.eos_token_id
        ends = ends if isinstance(ends, list) else [ends]
        ended = next((at for at, token in enumerate(row) if token in ends), None)
        tokens = row if ended is None else row[:ended]
        text = self._tokenizer.decode(tokens, skip_special_tokens=True)
        cut = min((text.index(stop) for stop in like.stop if stop in text), default=None)
        if ended is not None or cut is not None:
            return Said(text[:cut], "stop", prompt_tokens, len(tokens))
        return Said(text, "length" if len(row) >= max_tokens else "time", prompt_tokens, len(tokens))

    def _conversation(self, messages: Sequence[Message]) -> list[dict[str, Any]]:
        return [{"role": message.role.value, "content": self._content(message)} for message in messages]

    def _content(self, message: Message) -> str | list[dict[str, Any]]:
        if not self.sees:
            return message.text
        return [
            {"type": "image", "image": Image.open(io.BytesIO(part.data)).convert("RGB")}
            if isinstance(part, ImagePart)
            else {"type": "text", "text": part.text}
            for part in message.parts
        ]

    def _read(self, prompts: list[list[dict[str, Any]]]) -> dict[str, torch.Tensor]:
        """The prompts as tensors on the device."""
        options: dict[str, Any] = {"padding": True, "return_tensors": "pt"}
        how = {"processor_kwargs": options} if self.sees else options
        inputs = self._processor.apply_chat_template(
            prompts, add_generation_prompt=True, tokenize=True, return_dict=True, **how
        )
        device, dtype = self._model.device, self._model.dtype
        return {name: value.to(device, dtype if value.is_floating_point() else None) for name, value in inputs.items()}

    def _too_long(self, length: int, max_tokens: int) -> ModelFailed:
        return ModelFailed(
            f"The prompt has {length} tokens and the answer may have {max_tokens} (Request.max_tokens);"
            f" the model takes {self._context} together.",
            ModelFailure.CONTEXT,
        )
