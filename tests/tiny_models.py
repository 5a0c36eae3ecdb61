"""Models of a few thousand weights, made on the spot at random: they speak nonsense, and everything else is real."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

SIDE_PX, PATCH_PX = 28, 14
CONTEXT = 2048
_SPOKEN = ("Answer in JSON.", "The grade of the website is a number from 0 to 5.", "What is on the page?")
_SPECIAL = ("<pad>", "<s>", "</s>", "<image>")
_TEMPLATE = (
    "{% for message in messages %}{{ message['role'] }}: "
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
    "{% for part in message['content'] %}{% if part['type'] == 'text' %}{{ part['text'] }}{% else %}<image>{% endif %}"
    "{% endfor %}{% endif %}\n{% endfor %}{% if add_generation_prompt %}assistant:{% endif %}"
)


def text_model(folder: Path, *, template: str | None = _TEMPLATE, context: int = CONTEXT) -> Path:
    """A text model; without a template one that was not tuned for talk."""
    from transformers import LlamaForCausalLM

    tokenizer = _tokenizer(_SPOKEN)
    tokenizer.chat_template = template
    return _saved(folder, _random(LlamaForCausalLM, _words(len(tokenizer), context)), tokenizer)


def vision_model(folder: Path) -> Path:
    """A model that takes pictures: LLaVA with a small picture of four tokens. It ends each answer within its limit."""
    from transformers import CLIPVisionConfig, LlavaConfig, LlavaForConditionalGeneration, LlavaProcessor
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    tokenizer = _tokenizer(_SPOKEN)
    sight = CLIPVisionConfig(image_size=SIDE_PX, patch_size=PATCH_PX, projection_dim=32, **_small())
    config = LlavaConfig(
        vision_config=sight,
        text_config=_words(len(tokenizer)),
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        image_seq_length=(SIDE_PX // PATCH_PX) ** 2,
    )
    pictures = CLIPImageProcessorPil(size={"shortest_edge": SIDE_PX}, crop_size={"height": SIDE_PX, "width": SIDE_PX})
    processor = LlavaProcessor(
        image_processor=pictures,
        tokenizer=tokenizer,
        patch_size=PATCH_PX,
        vision_feature_select_strategy="default",
        chat_template=_TEMPLATE,
        image_token="<image>",
        num_additional_image_tokens=1,
    )
    model = _random(LlavaForConditionalGeneration, config)
    model.generation_config.forced_eos_token_id = config.text_config.eos_token_id
    return _saved(folder, model, processor)


def _small() -> dict[str, int]:
    return {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}


def _words(vocabulary: int, context: int = CONTEXT) -> Any:
    from transformers import LlamaConfig

    return LlamaConfig(
        vocab_size=vocabulary,
        max_position_embeddings=context,
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        **_small(),
    )


def _tokenizer(texts: Iterable[str]) -> Any:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    letters = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made = Tokenizer(models.BPE())
    made.pre_tokenizer, made.decoder = letters, decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=400, special_tokens=list(_SPECIAL), initial_alphabet=letters.alphabet())
    made.train_from_iterator(texts, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token="<pad>",
        bos_token="<s>",
        eos_token="</s>",
        extra_special_tokens={"image_token": "<image>"},
    )


def _random(kind: Any, config: Any) -> Any:
    import torch

    torch.manual_seed(0)
    return kind(config)


def _saved(folder: Path, *parts: Any) -> Path:
    for part in parts:
        part.save_pretrained(folder)
    return folder
