"""A local model that plays: tokens that are kept, batches that change nothing, and what goes wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed: pip install 'webgen-gym[local]'")
pytest.importorskip("transformers", reason="transformers is not installed: pip install 'webgen-gym[local]'")

import torch

from tests.test_chat_tokens import tokenizer
from webgen_gym.agents.generators import Sampling
from webgen_gym.agents.transformers import TransformersAgent, TransformersPolicy
from webgen_gym.errors import ModelFailed, ModelFailure, UsageError
from webgen_gym.llm import Budget, account
from webgen_gym.types import Observation, Task

# PEFT asks transformers for a property that transformers has renamed.
pytestmark = pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing. is deprecated:FutureWarning")

ROOT = Path(__file__).parent.parent
CONTEXT = 6000
GREEDY = Sampling(temperature=0, max_tokens=12)
FREE = Sampling(temperature=1.0, max_tokens=12)
EMPTY = Observation("Build a tea shop.", {}, "", b"", "The workspace is empty.", -1.0, -1.0, 0)
SHOWN = replace(EMPTY, files={"index.html": b"<h1>Tea</h1>"}, feedback="The page was shown.", turn=1)
BETTER = replace(SHOWN, feedback="The page was shown. Good.", turn=2)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def saved_model(folder: Path, template: bool = True) -> Path:
    from transformers import Qwen2Config, Qwen2ForCausalLM

    words = tokenizer() if template else tokenizer(None)
    torch.manual_seed(0)
    config = Qwen2Config(
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT,
        initializer_range=0.2,
        bos_token_id=None,
        eos_token_id=words.eos_token_id,
    )
    Qwen2ForCausalLM(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return saved_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def adapter(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM

    torch.manual_seed(1)
    config = LoraConfig(r=2, lora_alpha=32, target_modules="all-linear", init_lora_weights=False)
    place = tmp_path_factory.mktemp("adapters") / "trained"
    get_peft_model(AutoModelForCausalLM.from_pretrained(folder), config).save_pretrained(place)
    return place


@pytest.fixture(scope="module")
def shared(folder: Path) -> Iterator[TransformersPolicy]:
    made = TransformersPolicy(folder, slots=4)
    yield made
    made.close()


def agent(policy: TransformersPolicy, sampling: Sampling = FREE, seed: int = 3) -> TransformersAgent:
    made = TransformersAgent(policy, static=True, sampling=sampling)
    made.start(Task("tea", "Build a tea shop."), seed)
    return made


def played(policy: TransformersPolicy, seen: Sequence[Observation], sampling: Sampling = FREE) -> list[str]:
    player = agent(policy, sampling)
    return [player.act(each) for each in seen]


# ------------------------------------------------------------------ what is said


def test_the_same_seed_gives_the_same_replies(shared: TransformersPolicy, folder: Path) -> None:
    other = TransformersPolicy(folder)
    assert played(other, [EMPTY, SHOWN, BETTER]) == played(shared, [EMPTY, SHOWN, BETTER])
    other.close()


def test_another_seed_gives_another_reply(shared: TransformersPolicy) -> None:
    assert agent(shared, seed=4).act(EMPTY) != agent(shared, seed=5).act(EMPTY)


def test_what_it_says_is_what_transformers_says(shared: TransformersPolicy, folder: Path) -> None:
    from transformers import AutoModelForCausalLM

    from webgen_gym.agents.prompts import system_prompt
    from webgen_gym.types import Dialect

    words = shared.chat.tokenizer
    told = [
        {"role": "system", "content": system_prompt(Dialect.BOLT, static=True)},
        {"role": "user", "content": EMPTY.instruction},
    ]
    prompt = words.apply_chat_template(told, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    model = AutoModelForCausalLM.from_pretrained(folder)
    said = model.generate(**prompt, do_sample=False, max_new_tokens=12, pad_token_id=0)
    expected = shared.chat.text(said[0, prompt["input_ids"].shape[1] :].numpy())
    assert played(shared, [EMPTY], GREEDY) == [expected]


def test_rollouts_side_by_side_say_what_each_says_alone(folder: Path) -> None:
    scenes = [
        [replace(seen, instruction=f"Build shop {number}.") for seen in (EMPTY, SHOWN, BETTER)] for number in range(6)
    ]
    alone, together = TransformersPolicy(folder, slots=1, window_s=0.0), TransformersPolicy(folder, slots=6)
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda scene: played(together, scene, GREEDY), scenes))
    assert found == [played(alone, scene, GREEDY) for scene in scenes]
    alone.close()
    together.close()


def test_an_adapter_changes_what_is_said(shared: TransformersPolicy, folder: Path, adapter: Path) -> None:
    adapted = TransformersPolicy(folder, adapter=adapter)
    assert played(adapted, [EMPTY], GREEDY) != played(shared, [EMPTY], GREEDY)
    adapted.close()


def test_the_id_names_everything_that_the_replies_depend_on(
    shared: TransformersPolicy, folder: Path, adapter: Path
) -> None:
    assert agent(shared).id == "transformers/tiny/bolt/static"
    adapted = TransformersPolicy(folder, adapter=adapter)
    assert TransformersAgent(adapted, dialect="search_replace").id == "transformers/tiny+trained/search_replace/any"
    adapted.close()


# ------------------------------------------------------------------ the conversation


class Asked:
    """A policy that notes the tokens it is asked about; the answers are the real one's."""

    def __init__(self, policy: TransformersPolicy) -> None:
        self.chat, self.id = policy.chat, policy.id
        self._policy = policy
        self.prompts: list[list[int]] = []
        self.answers: list[list[int]] = []
        self.seeds: list[int] = []

    def answer(self, prompt: Any, sampling: Sampling, seed: int) -> Any:
        answer = self._policy.answer(prompt, sampling, seed)
        self.prompts.append(prompt.tolist())
        self.answers.append(answer.tokens.tolist())
        self.seeds.append(seed)
        return answer


def noted(policy: TransformersPolicy) -> tuple[TransformersAgent, Asked]:
    asked = Asked(policy)
    return agent(asked), asked  # type: ignore[arg-type]


def test_a_prompt_begins_with_the_tokens_that_were_read_and_said(shared: TransformersPolicy) -> None:
    player, asked = noted(shared)
    for seen in (EMPTY, SHOWN, BETTER):
        player.act(seen)
    for before, answer, after in zip(asked.prompts, asked.answers, asked.prompts[1:], strict=False):
        assert after[: len(before) + len(answer)] == before + answer
        assert "The page was shown." in shared.chat.tokenizer.decode(after[len(before) + len(answer) :])


def test_going_back_takes_the_conversation_back(shared: TransformersPolicy) -> None:
    player, asked = noted(shared)
    for seen in (EMPTY, SHOWN, BETTER):
        player.act(seen)
    player.go_back(replace(SHOWN, turn=3))
    player.act(replace(SHOWN, turn=3))
    player.act(replace(BETTER, turn=4))
    assert asked.prompts[3] == asked.prompts[1]
    assert asked.seeds[3] != asked.seeds[1]
    assert asked.prompts[4][: len(asked.prompts[3] + asked.answers[3])] == asked.prompts[3] + asked.answers[3]


def test_going_back_to_what_was_never_told_begins_anew(shared: TransformersPolicy) -> None:
    player, asked = noted(shared)
    player.act(EMPTY)
    player.go_back(SHOWN)
    player.act(SHOWN)
    assert "The workspace holds these files already" in shared.chat.tokenizer.decode(asked.prompts[1])


def test_a_new_rollout_begins_a_new_conversation(shared: TransformersPolicy) -> None:
    player, asked = noted(shared)
    player.act(EMPTY)
    player.start(Task("tea", "Build a tea shop."), 3)
    player.act(EMPTY)
    assert asked.prompts[0] == asked.prompts[1]


# ------------------------------------------------------------------ bounds and faults


def test_a_conversation_that_has_outgrown_the_model_is_told_as_such(folder: Path) -> None:
    small = TransformersPolicy(folder, context=100)
    with pytest.raises(ModelFailed, match=r"takes 100 with its answer \(context\)") as caught:
        agent(small).act(EMPTY)
    small.close()
    assert caught.value.reason is ModelFailure.CONTEXT


def test_what_was_read_and_said_is_accounted_for(shared: TransformersPolicy) -> None:
    player, asked = noted(shared)
    with account() as spent:
        player.act(EMPTY)
    usage = spent.usage
    assert (usage.calls, usage.prompt_tokens, usage.completion_tokens) == (
        1, len(asked.prompts[0]), len(asked.answers[0]),
    )  # fmt: skip


def test_a_spent_budget_ends_the_talk(folder: Path) -> None:
    poor = TransformersPolicy(folder, budget=Budget(calls=1))
    player = agent(poor)
    player.act(EMPTY)
    with pytest.raises(ModelFailed, match="Budget.calls"):
        player.act(SHOWN)
    poor.close()


def test_a_model_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="could not be loaded"):
        TransformersPolicy(tmp_path / "nothing")


def test_an_adapter_that_is_not_there_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="The adapter '.*nothing' could not be loaded"):
        TransformersPolicy(folder, adapter=tmp_path / "nothing")


def test_a_model_without_a_chat_template_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has no chat template"):
        TransformersPolicy(saved_model(tmp_path / "untuned", template=False))


def test_a_device_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="The device 'nonsense'"):
        TransformersPolicy(folder, device="nonsense")


# ------------------------------------------------------------------ the command


def webgen(*argv: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "webgen_gym.cli", "run", "--agent", "transformers", *argv]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=240, check=False)


def test_the_command_plays_a_model_with_its_adapter(folder: Path, adapter: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    model = ("--model", str(folder), "--adapter", str(adapter), "--max-tokens", "8", "--temperature", "1")
    shape = ("--env", "WebGenStatic-v0", "--limit", "2", "--jobs", "2", "--turns", "2", "--out", str(run))
    done = webgen(*model, *shape)
    assert done.returncode == 0, done.stdout + done.stderr
    results = [json.loads(line) for line in (run / "results.jsonl").read_text().splitlines()]
    assert {result["agent"] for result in results} == {"transformers/tiny+trained/bolt/static"}


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (("--model", ""), "--agent transformers needs --model"),
        (("--model", "nothing-here", "--sees"), "--sees is for --agent openai"),
    ],
)
def test_a_command_that_cannot_work_says_why(argv: tuple[str, ...], message: str, tmp_path: Path) -> None:
    done = webgen(*argv, "--out", str(tmp_path / "run"))
    assert done.returncode == 2
    assert message in " ".join((done.stdout + done.stderr).split())
