"""ScriptedGenerator says what it was given, within the bounds of a model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from webgen_gym.agents.generators import Generator, Sampling
from webgen_gym.agents.generators.scripted import ScriptedGenerator
from webgen_gym.errors import UsageError

END = 2
PROMPTS = [np.array([5, 6]), np.array([7])]


def test_answers_come_one_after_the_other() -> None:
    made: Generator = ScriptedGenerator([[8, 9, END], [10, 11]], eos=[END])
    answers = made.generate(PROMPTS, Sampling(), [1, 2])
    assert [(answer.tokens.tolist(), answer.ended) for answer in answers] == [([8, 9, END], True), ([10, 11], False)]


def test_every_token_has_its_log_probability() -> None:
    answer = ScriptedGenerator([[8, 9]], logprob=-0.5).generate(PROMPTS[:1], Sampling(), [1])[0]
    assert answer.logprobs.tolist() == [-0.5, -0.5]


def test_a_long_answer_is_cut_off() -> None:
    made = ScriptedGenerator([[8, 9, END], [8, 9, END]], eos=[END], context=4)
    answers = made.generate(PROMPTS, Sampling(max_tokens=2), [1, 2])
    assert [(answer.tokens.tolist(), answer.ended) for answer in answers] == [([8, 9], False)] * 2


def test_it_notes_what_it_was_asked_and_told() -> None:
    made = ScriptedGenerator([[8], [9]])
    made.generate(PROMPTS, Sampling(), [1, 2])
    made.load(Path("adapter"), 3)
    made.close()
    assert [prompt.tolist() for prompt in made.prompts] == [[5, 6], [7]]
    assert (made.seeds, made.loaded, made.closed) == ([1, 2], [(Path("adapter"), 3)], True)


def test_a_script_that_is_over_is_refused() -> None:
    with pytest.raises(UsageError, match="no answer left"):
        ScriptedGenerator([[8]]).generate(PROMPTS, Sampling(), [1, 2])


def test_texts_are_said_in_tokens_and_ended() -> None:
    pytest.importorskip("transformers", reason="transformers is not installed: pip install 'webgen-gym[local]'")
    from tests.test_chat_tokens import tokenizer
    from webgen_gym.agents.generators.chat import ChatTokens

    chat = ChatTokens(tokenizer())
    answer = ScriptedGenerator.saying(["<h1>bees</h1>"], chat).generate(PROMPTS[:1], Sampling(), [1])[0]
    assert (chat.text(answer.tokens), answer.ended) == ("<h1>bees</h1>", True)
