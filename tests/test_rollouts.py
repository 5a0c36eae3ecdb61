"""Groups of rollouts in a real environment; what is said is scripted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from tests.replies import FINISH, MALFORMED, VALIDATE, page
from tests.tiny_models import text_model
from webgen_gym.agents.generators import Sampled, Sampling, Tokens
from webgen_gym.agents.generators.chat import ChatTokens
from webgen_gym.envs import WebGenVectorEnv
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.errors import UsageError
from webgen_gym.judges.scripted import ScriptedFunctionality
from webgen_gym.limits import Limits
from webgen_gym.trainers.credit import step_grpo
from webgen_gym.trainers.metrics import of_collected
from webgen_gym.trainers.rollouts import Collected, Collector, RolloutSettings
from webgen_gym.trainers.units import rows_of
from webgen_gym.trainers.voice import PlainVoice
from webgen_gym.types import Look, Score, Task, Verdict

SHOP, BLOG = Task("shop", "Build a shop."), Task("blog", "Build a blog.")
SAMPLING = Sampling(max_tokens=2000)


class Longer:
    """Likes long headings: a point for each letter of the page's text, at most 5."""

    id = "longer"
    usage = None

    async def appearance(self, task: Task, look: Look, visits: Any) -> Verdict:
        return Score(min(5.0, float(len(look.measurements.text))))


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> ChatTokens:
    from transformers import AutoTokenizer

    return ChatTokens(AutoTokenizer.from_pretrained(text_model(tmp_path_factory.mktemp("model"))))


@pytest.fixture(scope="module", autouse=True)
def browser_stays() -> Iterator[None]:
    runtime = shared_runtime()
    runtime.engine(Limits())
    yield
    runtime.leave()


@pytest.fixture
def env() -> Iterator[WebGenVectorEnv]:
    made = WebGenVectorEnv(
        4,
        tasks=[SHOP, BLOG],
        judge=Longer(),
        gui=ScriptedFunctionality(4.0),
        static_only=True,
        autoreset_mode=AutoresetMode.DISABLED,
        max_turns=4,
    )
    yield made
    made.close()


class Says:
    """A ``Generator`` that says what a function of the text read so far, and of the seed, gives."""

    shares_weights = True
    context = 40_000

    def __init__(self, chat: ChatTokens, say: Callable[[str, int], str], *, ends: bool = True) -> None:
        self._chat = chat
        self._say = say
        self._ends = ends
        self.asked: list[Tokens] = []

    def generate(self, prompts: Sequence[Tokens], sampling: Sampling, seeds: Sequence[int]) -> list[Sampled]:
        self.asked += prompts
        return [self._answer(prompt, seed) for prompt, seed in zip(prompts, seeds, strict=True)]

    def _answer(self, prompt: Tokens, seed: int) -> Sampled:
        said = self._chat.tokenizer.encode(self._say(self._chat.text(prompt), seed), add_special_tokens=False)
        tokens = np.array([*said, min(self._chat.eos)], dtype=np.int64)
        return Sampled(tokens, np.full(len(tokens), -0.5, np.float32), self._ends)

    def load(self, adapter: Path, version: int) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing to close."""


def script(*replies: str) -> Callable[[str, int], str]:
    """The first reply at first, the next after it, the last again and again."""
    return lambda read, seed: replies[min(read.count("assistant:") - 1, len(replies) - 1)]


def collect(
    env: WebGenVectorEnv, chat: ChatTokens, generator: Any, tasks: Sequence[Task] = (SHOP,), **settings: Any
) -> Collected:
    chosen = RolloutSettings(**{"group": 2, "turns": 3, **settings})
    voice = PlainVoice(static=True)
    return Collector(env, generator, chat, voice, chosen).collect(tasks, SAMPLING, seed=7)


def rewards(collected: Collected) -> list[list[list[float | None]]]:
    return [[rollout.rewards for rollout in group.rollouts] for group in collected.groups]


def test_each_turn_is_a_step_with_the_reward_of_its_screenshot(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    says = Says(chat, script(page("<p>a</p>"), page("<p>ab</p>"), FINISH))
    assert rewards(collect(env, chat, says)) == [[[1.0, 2.0, 2.0]] * 2]


def test_a_gui_test_is_credited_to_the_edit(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    says = Says(chat, script(page("<p>ab</p>"), VALIDATE, FINISH))
    assert rewards(collect(env, chat, says)) == [[[6.0, 6.0, 6.0]] * 2]


def test_a_part_of_the_reward_may_be_trained_on_alone(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    says = Says(chat, script(page("<p>ab</p>"), VALIDATE, FINISH))
    assert rewards(collect(env, chat, says, parts=("functionality",))) == [[[4.0, 4.0, 4.0]] * 2]


def test_malformed_replies_cost_a_point(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    collected = collect(env, chat, Says(chat, script(MALFORMED, page("<p>a</p>"), FINISH)))
    assert rewards(collected) == [[[-1.0, 1.0, 1.0]] * 2]
    assert of_collected(collected)["turns/malformed"] == pytest.approx(1 / 3)


def test_a_reply_that_was_cut_off_is_left_out_and_ends_the_rollout(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    whole = page("<p>abc</p>")
    says = Says(chat, script(whole[: whole.index("</p>")]), ends=False)
    assert rewards(collect(env, chat, says)) == [[[None]] * 2]


def test_a_reply_that_was_cut_off_may_count_as_malformed(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    whole = page("<p>abc</p>")
    says = Says(chat, script(whole[: whole.index("</p>")]), ends=False)
    assert rewards(collect(env, chat, says, mask_truncated=False)) == [[[-1.0]] * 2]


def test_every_prompt_begins_with_what_was_read_and_said_before(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    collected = collect(env, chat, Says(chat, script(page("<p>a</p>"), page("<p>ab</p>"), FINISH)))
    for rollout in collected.groups[0].rollouts:
        for before, after in zip(rollout.steps, rollout.steps[1:], strict=False):
            held = [*before.prompt, *before.tokens]
            assert list(after.prompt[: len(held)]) == held
            assert len(after.prompt) > len(held)


def test_a_rollout_is_one_row(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    collected = collect(env, chat, Says(chat, script(page("<p>a</p>"), page("<p>ab</p>"), FINISH)))
    rows = rows_of(collected.groups, step_grpo)
    assert [len(group) for group in rows] == [2]
    assert len(set(rows[0][0].steps.tolist())) == 4


def test_more_rollouts_than_slots_are_played_in_waves(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    says = Says(chat, lambda read, seed: page(f"<p>{'x' * (seed % 5 + 1)}</p>"))
    collected = collect(env, chat, says, [SHOP, BLOG, SHOP], group=3, turns=1)
    assert [group.task for group in collected.groups] == ["shop", "blog", "shop"]
    assert [len(group.rollouts) for group in collected.groups] == [3, 3, 3]
    assert len({tuple(map(tuple, group)) for group in rewards(collected)}) > 1


def test_the_same_seed_gives_the_same_groups(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    says = Says(chat, lambda read, seed: page(f"<p>{'x' * (seed % 5 + 1)}</p>"))
    once, again = (collect(env, chat, says, [SHOP, BLOG]) for _ in range(2))
    assert rewards(once) == rewards(again)
    for one, other in zip(once.turns, again.turns, strict=True):
        assert one.state_hash == other.state_hash


def test_the_number_of_slots_changes_nothing(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    says = Says(chat, lambda read, seed: page(f"<p>{'x' * (seed % 5 + 1)}</p>"))
    wide = collect(env, chat, says, [SHOP, BLOG], turns=1)
    narrow_env = WebGenVectorEnv(
        1,
        tasks=[SHOP, BLOG],
        judge=Longer(),
        gui=ScriptedFunctionality(4.0),
        static_only=True,
        autoreset_mode=AutoresetMode.DISABLED,
    )
    narrow = collect(narrow_env, chat, says, [SHOP, BLOG], turns=1)
    narrow_env.close()
    assert rewards(wide) == rewards(narrow)


def test_a_prompt_that_leaves_no_room_ends_the_rollout(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    says = Says(chat, script(page("<p>a</p>")))
    first = len(chat.open(PlainVoice(static=True).first(_observation(env))))
    says.context = first + SAMPLING.max_tokens
    collected = collect(env, chat, says)
    assert rewards(collected) == [[[1.0]] * 2]
    assert collected.too_long == 2


def test_branches_begin_from_one_state_and_the_rollout_goes_on_from_one_of_them(
    env: WebGenVectorEnv, chat: ChatTokens
) -> None:
    says = Says(chat, lambda read, seed: page(f"<p>{'x' * (seed % 5 + 1)}</p>"))
    collected = collect(env, chat, says, group=4, turns=3, branched=True)
    assert [len(group.rollouts) for group in collected.groups] == [4, 4, 4]
    assert all(len(rollout.steps) == 1 for group in collected.groups for rollout in group.rollouts)
    for group in collected.groups:
        assert len({tuple(rollout.steps[0].prompt) for rollout in group.rollouts}) == 1
    parents = [{turn.parent for turn in collected.turns[at : at + 4]} for at in (0, 4, 8)]
    assert [len(some) for some in parents] == [1, 1, 1]
    snapshots = [{rollout.steps[0].snapshot for rollout in group.rollouts} for group in collected.groups]
    assert parents[1] <= snapshots[0]
    assert parents[2] <= snapshots[1]


def test_branching_takes_a_slot_for_each_reply(env: WebGenVectorEnv, chat: ChatTokens) -> None:
    with pytest.raises(UsageError, match=r"rollout.group = 5 replies takes as many slots; the environment has 4"):
        collect(env, chat, Says(chat, script(FINISH)), group=5, branched=True)


def test_an_environment_that_resets_itself_is_refused(chat: ChatTokens) -> None:
    env = WebGenVectorEnv(2, tasks=[SHOP], static_only=True)
    with pytest.raises(UsageError, match="autoreset_mode='Disabled'"):
        collect(env, chat, Says(chat, script(FINISH)))
    env.close()


def _observation(env: WebGenVectorEnv) -> Any:
    return env.begin_slots({0: {"task": "shop"}})[0].observation
