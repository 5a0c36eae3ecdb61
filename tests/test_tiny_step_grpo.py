"""The demonstration: its language, its world as the real judges see it, and that a policy learns in it."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice, product
from pathlib import Path
from statistics import fmean

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'webgen-gym[train]'")
pytest.importorskip("transformers", reason="transformers is not installed: pip install 'webgen-gym[train]'")
pytest.importorskip("accelerate", reason="accelerate is not installed: pip install 'webgen-gym[train]'")

from examples.tiny_step_grpo import report
from examples.tiny_step_grpo.ablation import Result
from examples.tiny_step_grpo.demonstrations import Builder, Care, ideal
from examples.tiny_step_grpo.experiment import CONTEXT, Experiment, Size
from examples.tiny_step_grpo.grammar import Design, Section, parse, written
from examples.tiny_step_grpo.model import tokenizer
from examples.tiny_step_grpo.site import expand
from examples.tiny_step_grpo.tasks import Wish, wishes
from examples.tiny_step_grpo.variants import STEP, VARIANTS, WARM
from examples.tiny_step_grpo.vocabulary import ACTIVE
from examples.tiny_step_grpo.voice import CompactVoice, wanted
from examples.tiny_step_grpo.world import opened
from webgen_gym.agents.generators.chat import ChatTokens
from webgen_gym.llm.base import Message
from webgen_gym.replies import read
from webgen_gym.trainers.demonstrations import Demonstration
from webgen_gym.trainers.demonstrations.lessons import lessons
from webgen_gym.types import Outcome, Turn

WISH = Wish("bakery", "ivory", "navy", ("hours", "newsletter", "faq"))
BEST = ideal(WISH)
MISTAKES: Mapping[str, Design] = {
    "another topic": replace(BEST, topic="museum"),
    "another background": replace(BEST, background="wheat"),
    "another accent": replace(BEST, accent="teal"),
    "a strip": replace(BEST, layout="strip"),
    "faint text": replace(BEST, ink="faint"),
    "a section to read is missing": replace(BEST, sections=BEST.sections[1:]),
    "a section to use is missing": replace(BEST, sections=BEST.sections[:2]),
    "nothing works": replace(BEST, sections=tuple(Section(section.name) for section in BEST.sections)),
}
GATE = 0.8
MALFORMED = (
    "",
    "build",
    "build bakery ivory navy grid clear hours",
    "build bakery ivory navy grid clear end",
    "build bakery navy ivory grid clear hours end",
    "build bakery ivory navy grid hours end",
    "build bakery ivory navy grid clear live hours end",
    "build bakery ivory navy grid clear hours live end",
    "build bakery ivory navy grid clear faq live live faq end",
    "build bakery ivory navy grid clear hours prices team faq end",
    "build bakery ivory navy grid clear hours end end",
)


# ------------------------------------------------------------------ the language


def test_a_design_is_read_back_as_it_was_written() -> None:
    for seed, care in product(range(50), (Care(malformed=0.0), Care(live=1.0, malformed=0.0))):
        wish = next(wishes(seed, held_out=False))
        text = Builder(wish, care, random.Random(seed)).reply()
        design = parse(text)
        assert design is not None
        assert written(design) == text


@pytest.mark.parametrize("text", MALFORMED)
def test_what_is_not_of_the_language_is_malformed_to_the_environment(text: str) -> None:
    assert expand(text) == text
    assert read(expand(text)).malformed


def test_sections_stand_in_one_order_however_they_are_named() -> None:
    one, other = (
        "build bakery ivory navy grid clear faq live hours end",
        "build bakery ivory navy grid clear hours faq live end",
    )
    assert expand(one) == expand(other)


def test_no_wish_is_both_trained_on_and_held_out() -> None:
    training = {wish.id for wish in islice(wishes(0, held_out=False), 500)}
    assert training.isdisjoint(wish.id for wish in islice(wishes(0, held_out=True), 500))


def test_the_words_of_a_wish_are_found_in_its_instruction() -> None:
    for wish in islice(wishes(1, held_out=False), 100):
        words = ["want", wish.topic, wish.background, wish.accent, *wish.sections]
        assert wanted(wish.task().instruction).text.split() == words


def test_no_demonstration_has_a_word_that_the_model_lacks() -> None:
    words = tokenizer()
    for seed in range(30):
        wish = next(wishes(seed, held_out=False))
        said = [wanted(wish.task().instruction).text, Builder(wish, Care(), random.Random(seed)).reply()]
        assert words.unk_token_id not in words(" ".join(said))["input_ids"]


def test_a_conversation_is_one_row_of_the_words_that_were_said() -> None:
    said = (
        Message.user("want bakery"),
        Message.assistant("build end"),
        Message.user("malformed"),
        Message.assistant("build bakery end"),
    )
    (row,) = lessons([Demonstration(said, "test")], ChatTokens(tokenizer()), CONTEXT).rows
    whole = "<user> want bakery <assistant> build end <eos> <user> malformed <assistant> build bakery end <eos>"
    assert row.tokens.tolist() == tokenizer()(whole)["input_ids"]
    assert tokenizer().decode(row.tokens[row.trained]) == "build end <eos> build bakery end <eos>"


# ------------------------------------------------------------------ the world


@pytest.fixture(scope="module")
def judged() -> Iterator[Mapping[str, Turn]]:
    """The first turn of the best design, of each with one mistake, and of a malformed reply."""
    replies = {"best": written(BEST), **{name: written(design) for name, design in MISTAKES.items()}, "none": "build"}
    task = WISH.task()
    with opened([task], len(replies)) as env:
        env.begin_slots({slot: {"task": task} for slot in range(len(replies))})
        turns = env.play_slots({slot: expand(text) for slot, text in enumerate(replies.values())})
        yield {name: turns[slot] for slot, name in enumerate(replies)}


def test_the_best_design_earns_nearly_everything(judged: Mapping[str, Turn]) -> None:
    assert judged["best"].observation.functionality == 5.0
    assert judged["best"].reward.value > 9.0


@pytest.mark.parametrize("mistake", MISTAKES)
def test_every_mistake_costs_something(judged: Mapping[str, Turn], mistake: str) -> None:
    assert judged[mistake].reward.value < judged["best"].reward.value - 0.05


def test_a_page_of_which_nothing_works_looks_as_good(judged: Mapping[str, Turn]) -> None:
    dead, best = judged["nothing works"].observation, judged["best"].observation
    assert (dead.appearance, dead.functionality) == (best.appearance, 0.0)


@pytest.mark.parametrize("mistake", ["a strip", "faint text"])
def test_a_page_that_looks_worse_works_as_well(judged: Mapping[str, Turn], mistake: str) -> None:
    assert judged[mistake].observation.appearance < judged["best"].observation.appearance - 0.5
    assert judged[mistake].observation.functionality == 5.0


def test_words_that_are_no_reply_earn_less_than_nothing(judged: Mapping[str, Turn]) -> None:
    assert judged["none"].outcome is Outcome.MALFORMED
    assert judged["none"].reward.value == -1.0


@pytest.mark.parametrize(
    ("mistake", "word"),
    [
        ("a strip", "wide"),
        ("faint text", "pale"),
        ("another background", "ground"),
        ("another accent", "paint"),
        ("a section to use is missing", "broken faq"),
        ("nothing works", "broken newsletter faq"),
        ("none", "malformed"),
    ],
)
def test_the_model_is_told_what_to_mend(judged: Mapping[str, Turn], mistake: str, word: str) -> None:
    (told,) = CompactVoice().next(judged[mistake].observation)
    assert word in told.text


def test_every_section_to_use_works_where_it_is_live_alone() -> None:
    tasks = [
        Wish("cinema", "honeydew", "teal", ("team", *pair)).task() for pair in zip(ACTIVE, ACTIVE[1:], strict=False)
    ]
    live = [
        Design("cinema", "honeydew", "teal", "grid", "clear", tuple(Section(name, name in ACTIVE) for name in names))
        for names in (("team", *pair) for pair in zip(ACTIVE, ACTIVE[1:], strict=False))
    ]
    with opened(tasks, len(tasks)) as env:
        env.begin_slots({slot: {"task": task} for slot, task in enumerate(tasks)})
        turns = env.play_slots({slot: expand(written(design)) for slot, design in enumerate(live)})
    assert [turns[slot].observation.functionality for slot in range(len(tasks))] == [5.0] * len(tasks)


# ------------------------------------------------------------------ what it shows


def test_the_table_has_a_line_for_each_policy_and_the_mean_over_seeds() -> None:
    lines = report.table([_result(WARM, 0, 3.0), _result(WARM, 1, 4.0), _result(STEP, 0, 8.0)])
    assert [line.split(" | ")[:2] for line in lines[2:]] == [
        ["| Warm start", "**3.50** (3.00, 4.00)"],
        ["| Step-GRPO", "**8.00** (8.00)"],
    ]


def test_a_gain_is_a_share_of_the_range_of_rewards() -> None:
    assert report.gains([_result(WARM, 0, 3.0), _result(STEP, 0, 8.25)]) == [0.5]


def test_the_same_figures_give_the_same_plot(tmp_path: Path) -> None:
    results = [_result(name, seed, 5.0 + seed) for name in (WARM, *VARIANTS) for seed in (0, 1)]
    for name in ("one.svg", "other.svg"):
        report.plot(results, tmp_path / name)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()


def test_a_policy_learns_what_one_task_asks_for(tmp_path: Path) -> None:
    """The gate: fifteen updates on one task, everything real. Two seeds gained 1.7 and 1.8 points."""
    size = Size(
        training=1,
        held_out=1,
        drafts=1500,
        played=0,
        lessons=150,
        iterations=15,
        tasks=1,
        group=32,
        turns=1,
        evaluated=4,
        learning_rate=1e-3,
    )
    Experiment(size, 0, tmp_path / WARM).begin()
    curve = Experiment(size, 0, tmp_path / STEP).train(VARIANTS[STEP], tmp_path / WARM).curve
    assert fmean(curve[-5:]) > fmean(curve[:3]) + GATE


def _result(variant: str, seed: int, reward: float) -> Result:
    keys = ("reward", *report.COLUMNS, "malformed")
    curve = () if variant == WARM else (1.0, reward)
    return Result(variant, seed, dict.fromkeys(keys, reward), curve, 1.0)
