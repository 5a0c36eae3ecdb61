"""The policy: a Qwen2 of a few hundred thousand parameters, with a token for each word of the language."""

from __future__ import annotations

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from transformers import PreTrainedTokenizerFast, Qwen2Config, Qwen2ForCausalLM

from examples.tiny_step_grpo.vocabulary import ACCENTS, BACKGROUNDS, BEGIN, END, INKS, LAYOUTS, LIVE, SECTIONS, TOPICS
from examples.tiny_step_grpo.voice import FEEDBACK

PAD, EOS, UNKNOWN, USER, ASSISTANT = "<pad>", "<eos>", "<unk>", "<user>", "<assistant>"
SPECIAL = (PAD, EOS, UNKNOWN, USER, ASSISTANT)
WORDS = (BEGIN, *TOPICS, *BACKGROUNDS, *ACCENTS, *LAYOUTS, *INKS, *SECTIONS, LIVE, END, *FEEDBACK)
LONGEST = 256
TEMPLATE = (
    "{% for message in messages %}<{{ message['role'] }}> {{ message['content'] }} "
    "{% if message['role'] == 'assistant' %}<eos> {% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<assistant> {% endif %}"
)


def tokenizer() -> PreTrainedTokenizerFast:
    """One token for each word; the roles and the end of a reply are tokens as well."""
    ids = {word: number for number, word in enumerate((*SPECIAL, *WORDS))}
    made = Tokenizer(WordLevel(ids, unk_token=UNKNOWN))
    made.pre_tokenizer = WhitespaceSplit()
    return PreTrainedTokenizerFast(
        tokenizer_object=made,
        pad_token=PAD,
        eos_token=EOS,
        unk_token=UNKNOWN,
        additional_special_tokens=[USER, ASSISTANT],
        chat_template=TEMPLATE,
        padding_side="left",
    )


def model(seed: int) -> Qwen2ForCausalLM:
    """A model with random weights, the same for the same seed."""
    torch.manual_seed(seed)
    return Qwen2ForCausalLM(
        Qwen2Config(
            vocab_size=len(SPECIAL) + len(WORDS),
            hidden_size=96,
            intermediate_size=256,
            num_hidden_layers=3,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=LONGEST,
            tie_word_embeddings=True,
            pad_token_id=0,
            bos_token_id=None,
            eos_token_id=1,
        )
    )
