"""LocalGenerator: what it draws is what the model says, however prompts are cut, batched and cached."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'webgen-gym[local]'")
pytest.importorskip("transformers", reason="transformers is not installed: pip install 'webgen-gym[local]'")

import torch

from tests.small_policies import CONTEXT, VOCABULARY, likelihoods, prompts_of, small_model, with_adapter, words
from webgen_gym.agents.generators import Sampled, Sampling, Tokens
from webgen_gym.agents.generators.local import LocalGenerator
from webgen_gym.errors import UsageError

# PEFT asks transformers for a property that transformers has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")

LENGTHS = (5, 9, 1, 7, 30, 12)
SEEDS = list(range(100, 100 + len(LENGTHS)))
FREE = Sampling(temperature=1.0, max_tokens=20)
FAMILIES = [("Qwen2", 4, 2), ("Qwen3", 4, 4), ("Llama", 4, 1)]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def generator(model: Any, **more: Any) -> LocalGenerator:
    settings: dict[str, Any] = {"slots": 8, "context": CONTEXT, "eos": ()} | more
    return LocalGenerator(model, **settings)


def some(model: Any, sampling: Sampling = FREE, **more: Any) -> tuple[list[Tokens], list[Sampled]]:
    prompts = prompts_of(*LENGTHS)
    return prompts, generator(model, **more).generate(prompts, sampling, SEEDS)


# ------------------------------------------------------------------ what is drawn


@pytest.mark.parametrize(("family", "heads", "key_heads"), FAMILIES)
def test_what_was_drawn_is_as_likely_as_a_plain_forward_pass_says(family: str, heads: int, key_heads: int) -> None:
    model = small_model(family, heads=heads, key_heads=key_heads)
    for prompt, answer in zip(*some(model), strict=True):
        assert len(answer.tokens) == FREE.max_tokens
        np.testing.assert_allclose(answer.logprobs, likelihoods(model, prompt, answer.tokens), atol=1e-5)


@pytest.mark.parametrize(("family", "heads", "key_heads"), FAMILIES)
def test_at_temperature_0_it_says_what_transformers_says(family: str, heads: int, key_heads: int) -> None:
    model = small_model(family, heads=heads, key_heads=key_heads)
    prompts, answers = some(model, Sampling(temperature=0, max_tokens=20))
    for prompt, answer in zip(prompts, answers, strict=True):
        said = model.generate(torch.from_numpy(prompt)[None], do_sample=False, max_new_tokens=20, pad_token_id=0)
        assert answer.tokens.tolist() == said[0, len(prompt) :].tolist()


def test_an_adapter_is_heard() -> None:
    model = with_adapter(small_model())
    for prompt, answer in zip(*some(model), strict=True):
        np.testing.assert_allclose(answer.logprobs, likelihoods(model, prompt, answer.tokens), atol=1e-5)
        with model.disable_adapter():
            assert np.abs(answer.logprobs - likelihoods(model, prompt, answer.tokens)).max() > 0.1


def test_temperature_changes_the_distribution_that_is_drawn_from_and_told() -> None:
    model = small_model()
    for prompt, answer in zip(*some(model, Sampling(temperature=0.5, max_tokens=20)), strict=True):
        expected = likelihoods(model, prompt, answer.tokens, temperature=0.5)
        np.testing.assert_allclose(answer.logprobs, expected, atol=2e-5)


def test_temperature_0_tells_the_log_probabilities_of_temperature_1() -> None:
    model = small_model()
    for prompt, answer in zip(*some(model, Sampling(temperature=0, max_tokens=20)), strict=True):
        np.testing.assert_allclose(answer.logprobs, likelihoods(model, prompt, answer.tokens), atol=1e-5)


def test_top_p_draws_likely_tokens_only_and_tells_their_renormalised_log_probabilities() -> None:
    model = small_model()
    prompts, answers = some(model, Sampling(top_p=0.5, max_tokens=20))
    for prompt, answer in zip(prompts, answers, strict=True):
        with torch.inference_mode():
            logits = model(torch.from_numpy(np.concatenate([prompt, answer.tokens]))[None]).logits[0]
        for token, told, row in zip(answer.tokens, answer.logprobs, logits[len(prompt) - 1 : -1], strict=True):
            chance, order = row.softmax(dim=-1).sort(descending=True)
            kept = order[: int((chance.cumsum(0) < 0.5).sum()) + 1].tolist()
            assert token in kept
            assert told == pytest.approx(row[kept].log_softmax(0)[kept.index(token)].item(), abs=1e-4)


def test_tokens_are_drawn_as_often_as_they_are_likely() -> None:
    model = small_model()
    prompt = prompts_of(6)[0]
    drawn = generator(model, slots=64).generate([prompt] * 4000, Sampling(max_tokens=1), range(4000))
    counts = np.bincount([int(each.tokens[0]) for each in drawn], minlength=VOCABULARY) / 4000
    with torch.inference_mode():
        expected = model(torch.from_numpy(prompt)[None]).logits[0, -1].softmax(dim=-1).numpy()
    assert np.abs(counts - expected).max() < 0.035


# ------------------------------------------------------------------ where an answer ends


def test_an_answer_ends_with_the_token_that_ends_it() -> None:
    free = some(small_model())[1]
    eos = {int(free[0].tokens[4]), int(free[3].tokens[11])}
    for before, answer in zip(free, some(small_model(), eos=eos)[1], strict=True):
        ends = [at for at, token in enumerate(before.tokens.tolist()) if token in eos]
        expected = before.tokens[: ends[0] + 1] if ends else before.tokens
        assert (answer.tokens.tolist(), answer.ended) == (expected.tolist(), bool(ends))


def test_an_answer_is_cut_off_at_max_tokens() -> None:
    answers = some(small_model(), Sampling(max_tokens=3))[1]
    assert [(len(answer.tokens), answer.ended) for answer in answers] == [(3, False)] * len(LENGTHS)


def test_an_answer_is_cut_off_where_the_context_ends() -> None:
    prompts = prompts_of(30, 38, 39)
    answers = generator(small_model(), context=40).generate(prompts, FREE, [1, 2, 3])
    assert [(len(answer.tokens), answer.ended) for answer in answers] == [(10, False), (2, False), (1, False)]


def test_the_last_token_that_fits_may_end_an_answer() -> None:
    model, prompts = small_model(), prompts_of(30)
    last = generator(model, context=40).generate(prompts, FREE, [1])[0].tokens[-1]
    answer = generator(model, context=40, eos=[last]).generate(prompts, FREE, [1])[0]
    assert answer.ended


# ------------------------------------------------------------------ what it must not depend on


def test_the_same_seed_gives_the_same_answer() -> None:
    assert words(some(small_model())[1]) == words(some(small_model())[1])


def test_another_seed_gives_another_answer() -> None:
    model, prompt = small_model(), prompts_of(8)
    assert words(generator(model).generate(prompt, FREE, [1])) != words(generator(model).generate(prompt, FREE, [2]))


def test_a_longer_answer_begins_like_a_shorter_one() -> None:
    short, long = (words(some(small_model(), Sampling(max_tokens=most))[1]) for most in (5, 15))
    assert [answer[:5] for answer in long] == short


@pytest.mark.parametrize("more", [{"slots": 1}, {"slots": 3}, {"prefill_tokens": 4}, {"prefill_tokens": 13}])
def test_slots_and_passes_change_no_answer(more: dict[str, Any]) -> None:
    expected = some(small_model(), eos=[3, 4, 5])[1]
    found = some(small_model(), eos=[3, 4, 5], **more)[1]
    assert words(found) == words(expected)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one.logprobs, other.logprobs, atol=1e-5)


def test_each_prompt_alone_is_answered_as_among_others() -> None:
    model = small_model()
    prompts, together = some(model, eos=[3, 4, 5])
    alone = [
        generator(model, eos=[3, 4, 5]).generate([prompt], FREE, [seed])[0]
        for prompt, seed in zip(prompts, SEEDS, strict=True)
    ]
    assert words(alone) == words(together)


def test_many_more_prompts_than_slots_are_all_answered() -> None:
    model = small_model()
    prompts = prompts_of(*np.random.default_rng(1).integers(1, 40, 70).tolist())
    few, many = (generator(model, slots=slots, eos=[3, 4]).generate(prompts, FREE, range(70)) for slots in (5, 70))
    assert words(few) == words(many)


def test_prompts_that_begin_alike_are_answered_as_if_each_were_read_alone() -> None:
    model = small_model()
    rules, task = prompts_of(40, 35, seed=5)
    ends = prompts_of(3, 3, 9, seed=6)
    prompts = [rules, np.concatenate([rules, ends[0]]), *[np.concatenate([rules, task])] * 2, *ends]
    prompts += [np.concatenate([rules, task[:33], ends[2]]), np.concatenate([rules[:20], task])]
    together = generator(model, slots=9).generate(prompts, FREE, range(9))
    for seed, (prompt, answer) in enumerate(zip(prompts, together, strict=True)):
        alone = generator(model).generate([prompt], FREE, [seed])[0]
        assert answer.tokens.tolist() == alone.tokens.tolist()
        np.testing.assert_allclose(answer.logprobs, alone.logprobs, atol=1e-5)


def read_by(model: Any, made: LocalGenerator, prompts: list[Tokens]) -> int:
    """How many tokens go through the model until each prompt has one token of an answer."""
    counts: list[int] = []
    hook = model.model.embed_tokens.register_forward_hook(lambda part, given, said: counts.append(given[0].numel()))
    made.generate(prompts, Sampling(max_tokens=1), range(len(prompts)))
    hook.remove()
    return sum(counts)


def test_a_prompt_that_several_share_is_read_once() -> None:
    model, (prompt,) = small_model(), prompts_of(60)
    assert read_by(model, generator(model), [prompt] * 5) == 60 + 4


def test_of_a_prompt_that_goes_on_only_the_rest_is_read() -> None:
    model, prompts = small_model(), prompts_of(*LENGTHS)
    made = generator(model)
    answers = made.generate(prompts, Sampling(max_tokens=6), SEEDS)
    longer = [np.concatenate([p, a.tokens, [7, 8]]) for p, a in zip(prompts, answers, strict=True)]
    # The last token of an answer was drawn, but not read yet.
    assert read_by(model, made, longer[::-1]) == 3 * len(LENGTHS)


def test_no_prompts_have_no_answers() -> None:
    assert generator(small_model()).generate([], FREE, []) == []


# ------------------------------------------------------------------ between calls


def rounds(model: Any, turns: int, *, fresh: bool, slots: int = 8) -> list[list[list[int]]]:
    """Some turns in which each prompt goes on from what was said before."""
    held, made = prompts_of(*LENGTHS), generator(model, slots=slots, eos=[3])
    found = []
    for turn in range(turns):
        made = generator(model, slots=slots, eos=[3]) if fresh else made
        answers = made.generate(held, Sampling(max_tokens=8), [seed + turn for seed in SEEDS])
        found.append(words(answers))
        told = prompts_of(*([4] * len(held)), seed=turn + 1)
        held = [np.concatenate([*parts]) for parts in zip(held, [a.tokens for a in answers], told, strict=True)]
    return found


@pytest.mark.parametrize("slots", [2, 6, 8])
def test_later_turns_are_answered_as_a_fresh_generator_answers_them(slots: int) -> None:
    assert rounds(small_model(), 4, fresh=False, slots=slots) == rounds(small_model(), 4, fresh=True)


def test_the_same_prompts_again_are_answered_alike() -> None:
    made, prompts = generator(small_model()), prompts_of(*LENGTHS)
    assert words(made.generate(prompts, FREE, SEEDS)) == words(made.generate(prompts, FREE, SEEDS))


def after(model: Any, change: Any) -> tuple[list[list[int]], list[list[int]]]:
    """What a generator that was used before a change says after it, and what a new one says."""
    made, prompts = generator(model), prompts_of(*LENGTHS)
    made.generate(prompts, FREE, SEEDS)
    change(made)
    return words(made.generate(prompts, FREE, SEEDS)), words(generator(model).generate(prompts, FREE, SEEDS))


def test_an_optimiser_step_is_noticed() -> None:
    model = small_model()
    optimiser = torch.optim.AdamW(model.parameters(), lr=0.1)

    def change(_: LocalGenerator) -> None:
        model(torch.ones(1, 5, dtype=torch.int64)).logits.sum().backward()
        optimiser.step()

    found, expected = after(model, change)
    assert found == expected


def test_replaced_parameters_are_noticed() -> None:
    model = small_model()

    def change(_: LocalGenerator) -> None:
        for part in model.modules():
            if isinstance(part, torch.nn.Linear):
                part.weight = torch.nn.Parameter(part.weight.flip(0).clone())

    found, expected = after(model, change)
    assert found == expected


def test_an_adapter_that_is_switched_off_is_noticed() -> None:
    model = with_adapter(small_model())
    found, expected = after(model, lambda _: model.base_model.disable_adapter_layers())
    assert found == expected


@pytest.mark.parametrize("tell", ["changed", "load"])
def test_a_hidden_change_that_is_told_is_minded(tell: str) -> None:
    model = small_model()

    def change(made: LocalGenerator) -> None:
        for part in model.parameters():
            part.data.mul_(1.5)
        made.changed() if tell == "changed" else made.load(Path("nowhere"), 1)

    found, expected = after(model, change)
    assert found == expected


def test_a_closed_generator_can_be_used_again() -> None:
    found, expected = after(small_model(), lambda made: (made.close(), made.close()))
    assert found == expected


def test_the_model_is_left_as_it_was() -> None:
    model = small_model().train()
    model.model.layers[0].eval()
    generator(model).generate(prompts_of(4), FREE, [1])
    assert (model.training, model.model.layers[0].training) == (True, False)
    assert model.config._attn_implementation == "sdpa"
    model(torch.ones(1, 4, dtype=torch.int64)).logits.sum().backward()


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("lengths", "seeds", "message"),
    [
        ((4, 0), [1, 2], "Prompt 1 has 0 tokens; it needs 1 to 39"),
        ((40,), [1], "Prompt 0 has 40 tokens"),
        ((4,), [1, 2], "1 prompts and 2 seeds"),
        ((4,), [-1], "A seed is -1"),
    ],
)
def test_prompts_that_cannot_be_answered_are_refused(lengths: Any, seeds: list[int], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        generator(small_model(), context=40).generate(prompts_of(*lengths), FREE, seeds)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"slots": 0}, "slots is 0; it must be 1 or more"),
        ({"context": 1}, "context is 1; it must be 2 or more"),
        ({"prefill_tokens": 0}, "prefill_tokens is 0"),
        ({"context": CONTEXT + 1}, f"takes at most {CONTEXT} tokens"),
    ],
)
def test_sizes_out_of_range_are_refused(more: dict[str, int], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        generator(small_model(), **more)


def test_a_model_that_attends_to_a_window_is_refused() -> None:
    model = small_model()
    model.config.layer_types, model.config.sliding_window = ["sliding_attention"] * 2, 16
    with pytest.raises(UsageError, match="attends to 16 tokens at most"):
        generator(model)


def test_prompt_learning_is_refused() -> None:
    from peft import PromptTuningConfig, TaskType, get_peft_model

    config = PromptTuningConfig(task_type=TaskType.CAUSAL_LM, num_virtual_tokens=2)
    with pytest.raises(UsageError, match="prompt learning"):
        generator(get_peft_model(small_model(), config))
