"""Supervised warm start: what is learned, how it is counted, and that the same seed gives the same weights."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webgen_gym.errors import UsageError
from webgen_gym.llm.base import Message
from webgen_gym.trainers.demonstrations import Demonstration

torch = pytest.importorskip("torch", reason="torch is not installed: pip install 'webgen-gym[train]'")
pytest.importorskip("accelerate", reason="accelerate is not installed: pip install 'webgen-gym[train]'")

from webgen_gym.agents.generators.chat import ChatTokens  # noqa: E402
from webgen_gym.trainers.demonstrations.lessons import Lessons, lessons  # noqa: E402
from webgen_gym.trainers.policy import Policy  # noqa: E402
from webgen_gym.trainers.sft import SFT, SFTResult, SFTUpdate, warm_start  # noqa: E402

CONTEXT = 512
TEMPLATE = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
QUICK = SFT(learning_rate=5e-3, updates=4, batch=3, max_tokens=CONTEXT, token_budget=CONTEXT)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    """Bytes and a few merges, with the marks of a chat between them."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    letters = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made = Tokenizer(models.BPE())
    made.pre_tokenizer, made.decoder = letters, decoders.ByteLevel()
    marks = ["<pad>", "<|im_start|>", "<|im_end|>"]
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=marks, initial_alphabet=letters.alphabet())
    made.train_from_iterator(["assistant user system Build a shop with a search."], trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<pad>", eos_token="<|im_end|>", chat_template=TEMPLATE
    )


@pytest.fixture(scope="module")
def chat(tokenizer: Any) -> ChatTokens:
    return ChatTokens(tokenizer)


def model(vocabulary: int = 300) -> Any:
    from transformers import Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=vocabulary,
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        tie_word_embeddings=True,
        max_position_embeddings=CONTEXT,
    )
    return Qwen2ForCausalLM(config)


def talk(*turns: tuple[str, str]) -> Demonstration:
    said = [message for asked, answer in turns for message in (Message.user(asked), Message.assistant(answer))]
    return Demonstration((Message.system("Build."), *said), "here")


TALKS = [
    talk(("A shop.", "<h1>Shop</h1>"), ("Too dark.", "<h1 class=light>Shop</h1>")),
    talk(("A blog.", "<h1>Blog</h1>")),
    talk(("A map.", "<canvas>"), ("It is empty.", "<canvas id=map>"), ("Good.", "finish")),
]


def learned(chat: ChatTokens, how: SFT, talks: Sequence[Demonstration] = TALKS) -> tuple[dict[str, Any], SFTResult]:
    policy = Policy(model())
    result = warm_start(policy, chat, talks, how)
    return {name: value.detach().clone() for name, value in policy.named_parameters()}, result


# ------------------------------------------------------------------ what is learned


def test_the_loss_goes_down_until_three_conversations_are_known_by_heart(chat: ChatTokens) -> None:
    _, result = learned(chat, replace(QUICK, learning_rate=1e-2, updates=80))
    assert result.losses[0] > 4.0
    assert result.losses[-1] < 0.02


def test_only_what_the_assistant_says_is_trained_on(chat: ChatTokens, tokenizer: Any) -> None:
    (row,) = lessons(TALKS[:1], chat, CONTEXT).rows
    assert tokenizer.decode(row.tokens[row.trained]) == "<h1>Shop</h1><|im_end|><h1 class=light>Shop</h1><|im_end|>"


def test_a_row_reads_as_the_template_writes_the_conversation(chat: ChatTokens, tokenizer: Any) -> None:
    for demonstration, row in zip(TALKS, lessons(TALKS, chat, CONTEXT).rows, strict=True):
        spelled = [{"role": message.role.value, "content": message.text} for message in demonstration.messages]
        assert tokenizer.apply_chat_template(spelled, tokenize=False).strip() == tokenizer.decode(row.tokens)


def test_a_row_is_what_a_rollout_with_these_answers_would_have_been(chat: ChatTokens) -> None:
    (row,) = lessons(TALKS[2:], chat, CONTEXT).rows
    held = row.tokens[:0]
    for told, said in TALKS[2].exchanges:
        prompt = chat.extend(held, told) if len(held) else chat.open(told)
        answer = row.tokens[len(prompt) :][: int(row.trained[len(prompt) :].argmin()) or None]
        assert row.tokens[: len(prompt)].tolist() == prompt.tolist()
        assert chat.text(answer) == said
        assert int(answer[-1]) in chat.eos
        held = row.tokens[: len(prompt) + len(answer)]
    assert len(held) == len(row)


def test_a_mark_of_the_chat_that_an_answer_quotes_is_text(chat: ChatTokens, tokenizer: Any) -> None:
    quoting = talk(("How do turns end?", "With <|im_end|>, as here."))
    (row,) = lessons([quoting], chat, CONTEXT).rows
    said = row.tokens[row.trained]
    assert [int(token) in chat.eos for token in said] == [False] * (len(said) - 1) + [True]
    assert tokenizer.decode(said) == "With <|im_end|>, as here.<|im_end|>"


def test_where_the_template_does_not_end_answers_the_tokenizers_own_end_is_learned(tokenizer: Any) -> None:
    plain = copy.deepcopy(tokenizer)
    plain.chat_template = TEMPLATE.replace("<|im_end|>", "")
    (row,) = lessons(TALKS[1:2], ChatTokens(plain), CONTEXT).rows
    assert plain.decode(row.tokens[row.trained]) == "<h1>Blog</h1><|im_end|>"


def test_a_tokenizer_that_ends_no_answer_is_refused(tokenizer: Any) -> None:
    endless = copy.deepcopy(tokenizer)
    endless.chat_template, endless.eos_token = TEMPLATE.replace("<|im_end|>", ""), None
    with pytest.raises(UsageError, match="no token that ends an answer"):
        lessons(TALKS, ChatTokens(endless), CONTEXT)


def test_the_loss_is_the_mean_over_all_learned_tokens_of_the_batch(chat: ChatTokens) -> None:
    _, result = learned(chat, replace(QUICK, updates=1))
    untrained = model().eval()
    total, count = 0.0, 0
    for row in lessons(TALKS, chat, CONTEXT).rows:
        tokens = torch.from_numpy(row.tokens)
        with torch.no_grad():
            said = untrained(input_ids=tokens[None]).logits[0, :-1].log_softmax(-1)
        each = said.gather(1, tokens[1:, None])[:, 0][torch.from_numpy(row.trained[1:])]
        total, count = total - float(each.sum()), count + len(each)
    assert result.losses == pytest.approx([total / count], rel=1e-5)


def test_how_rows_are_packed_does_not_change_the_weights(chat: ChatTokens) -> None:
    longest = max(map(len, lessons(TALKS, chat, CONTEXT).rows))
    wide, _ = learned(chat, replace(QUICK, token_budget=3 * CONTEXT))
    narrow, result = learned(chat, replace(QUICK, max_tokens=longest, token_budget=longest))
    assert result.updates[0].report.packs > 1
    for name, value in wide.items():
        torch.testing.assert_close(narrow[name], value, rtol=1e-3, atol=1e-4)


def test_the_same_seed_gives_the_same_weights(chat: ChatTokens) -> None:
    how = replace(QUICK, batch=2, updates=6, seed=7)
    (one, _), (other, _) = learned(chat, how), learned(chat, how)
    assert all(torch.equal(one[name], other[name]) for name in one)


def test_another_seed_goes_through_the_conversations_in_another_order(chat: ChatTokens) -> None:
    orders = {learned(chat, replace(QUICK, batch=1, updates=3, seed=seed))[1].losses for seed in range(4)}
    assert len(orders) > 1


# ------------------------------------------------------------------ how it is counted


def test_every_conversation_is_learned_once_in_each_epoch(chat: ChatTokens) -> None:
    _, result = learned(chat, replace(QUICK, updates=None, epochs=2, batch=2))
    rows = lessons(TALKS, chat, CONTEXT).rows
    assert len(result.updates) == 4
    assert sum(update.report.tokens for update in result.updates) == 2 * sum(map(len, rows))


def test_each_update_is_told_when_it_was_made(chat: ChatTokens) -> None:
    told: list[SFTUpdate] = []
    result = warm_start(Policy(model()), chat, TALKS, QUICK, on_update=told.append)
    assert tuple(told) == result.updates
    assert [(update.number, update.updates) for update in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert result.tokens_per_s > 0


# ------------------------------------------------------------------ what is too long


def lengths(chat: ChatTokens) -> list[int]:
    """How long the third conversation is after each of its answers."""
    cut = [talk(("A map.", "<canvas>")), talk(("A map.", "<canvas>"), ("It is empty.", "<canvas id=map>")), TALKS[2]]
    return [len(row) for row in lessons(cut, chat, CONTEXT).rows]


@pytest.mark.parametrize(("spare", "answers"), [(0, 3), (-1, 2)])
def test_a_long_conversation_is_cut_off_after_the_last_answer_that_fits(
    chat: ChatTokens, spare: int, answers: int
) -> None:
    held = lessons(TALKS[2:], chat, lengths(chat)[2] + spare)
    assert [len(row) for row in held.rows] == [lengths(chat)[answers - 1]]
    assert (held.cut, held.left_out) == (3 - answers, 0)


def test_a_conversation_whose_first_answer_does_not_fit_is_left_out_and_said(chat: ChatTokens) -> None:
    long = talk(("A shop.", "x" * 200))
    held = lessons([long, TALKS[2]], chat, lengths(chat)[2] - 1)
    assert (len(held.rows), held.cut, held.left_out) == (1, 1, 1)
    assert held.summary.endswith(
        f"2 were longer than {lengths(chat)[2] - 1} tokens: 1 are cut off after the last answer that fits, 1 left out."
    )


def test_what_all_fits_is_said_to_be_so_many_tokens(chat: ChatTokens) -> None:
    held = lessons(TALKS[1:2], chat, CONTEXT)
    tokens, trained = len(held.rows[0]), int(held.rows[0].trained.sum())
    assert held.summary == f"1 conversations of {tokens} tokens in all, {trained} of them learned."


def test_nothing_that_fits_is_an_error_with_both_lengths(chat: ChatTokens) -> None:
    shortest = lengths(chat)[0]
    with pytest.raises(
        UsageError, match=rf"None of the 1 demonstrations fits into {shortest - 1} .* takes {shortest}\."
    ):
        learned(chat, replace(QUICK, max_tokens=shortest - 1), TALKS[2:])


def test_no_more_is_read_than_the_model_can(chat: ChatTokens) -> None:
    long = talk(("A map.", "<canvas>"), ("More.", "x" * CONTEXT))
    _, result = learned(chat, replace(QUICK, max_tokens=4 * CONTEXT, token_budget=4 * CONTEXT), [long])
    assert isinstance(result.lessons, Lessons)
    assert (result.lessons.cut, result.lessons.max_tokens) == (1, CONTEXT)


def test_without_demonstrations_there_is_nothing_to_learn(chat: ChatTokens) -> None:
    with pytest.raises(UsageError, match="no demonstration to learn from"):
        learned(chat, QUICK, [])


def test_a_loss_that_is_no_number_ends_the_training(chat: ChatTokens) -> None:
    with pytest.raises(UsageError, match=r"The loss of update 2 is (nan|inf).*Lower sft\.learning_rate"):
        learned(chat, replace(QUICK, learning_rate=1e30, warmup=0.0))


# ------------------------------------------------------------------ settings


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"learning_rate": 0.0}, "sft.learning_rate is 0.0"),
        ({"learning_rate": float("nan")}, "sft.learning_rate is nan"),
        ({"epochs": 0}, "sft.epochs is 0"),
        ({"batch": -1}, "sft.batch is -1"),
        ({"updates": 0}, "sft.updates is 0"),
        ({"warmup": 1.5}, "sft.warmup is 1.5"),
        ({"max_tokens": 513, "token_budget": 512}, "sft.token_budget is 512 and sft.max_tokens 513"),
    ],
)
def test_a_setting_out_of_range_is_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        SFT(**changed)


def test_the_learning_rate_rises_in_a_line_and_falls_along_half_a_cosine() -> None:
    rates = [SFT(warmup=0.2).rate(update, 10) for update in range(10)]
    assert rates[:3] == [0.5, 1.0, 1.0]
    assert rates[6] == pytest.approx(0.5)
    assert rates[2:] == sorted(rates[2:], reverse=True)


@settings(deadline=None)
@given(st.floats(0, 1), st.integers(1, 500), st.data())
def test_the_learning_rate_is_never_zero_and_never_above_the_highest(warmup: float, updates: int, data: Any) -> None:
    update = data.draw(st.integers(0, updates - 1))
    assert 0 < SFT(warmup=warmup).rate(update, updates) <= 1
