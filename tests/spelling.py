"""A policy that learns to write one letter, in a real environment: what tests of whole training runs share.

``python -m tests.spelling FOLDER ITERATIONS`` goes on with the run in a folder, or begins one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gymnasium.vector import AutoresetMode

from tests.replies import page
from tests.trained import SPECIAL, small_model, word_tokenizer
from webgen_gym.agents.generators import Sampling
from webgen_gym.agents.generators.chat import ChatTokens
from webgen_gym.agents.generators.local import LocalGenerator
from webgen_gym.envs import WebGenVectorEnv
from webgen_gym.judges.scripted import ScriptedFunctionality
from webgen_gym.llm import Message
from webgen_gym.trainers.learner import Learner, UpdateSettings
from webgen_gym.trainers.loss import ClippedRatio
from webgen_gym.trainers.policy import Policy
from webgen_gym.trainers.rollouts import Collector, RolloutSettings
from webgen_gym.trainers.trainer import HeldOut, RunSettings, StepGRPO
from webgen_gym.types import Look, Observation, Score, Task, Verdict

LETTERS = ("a", "b", "c")
WORDS = (*LETTERS, "go", "again")
TASKS = [Task(f"task-{number}", "Write.") for number in range(4)]
SAMPLING = Sampling(max_tokens=3)


class Likes:
    """An appearance judge that gives a point for each time that a letter is on the page."""

    usage = None

    def __init__(self, letter: str) -> None:
        self.id = f"likes/{letter}"
        self._letter = letter

    async def appearance(self, task: Task, look: Look, visits: Any) -> Verdict:
        """So many points."""
        return Score(float(look.measurements.text.split().count(self._letter)))


class Spelling:
    """A ``Voice``: the policy writes the words of a page."""

    def first(self, observation: Observation) -> list[Message]:
        """The word to begin."""
        return [Message.user("go")]

    def next(self, observation: Observation) -> list[Message]:
        """The word to go on."""
        return [Message.user("again")]

    def reply(self, text: str, observation: Observation) -> str:
        """A page with these words, at least one."""
        return page(f"<p>{text or 'nothing'}</p>")


@contextmanager
def environment(judge: Any, slots: int = 4) -> Iterator[WebGenVectorEnv]:
    """Slots for static pages."""
    made = WebGenVectorEnv(
        slots,
        tasks=TASKS,
        judge=judge,
        gui=ScriptedFunctionality(0.0),
        static_only=True,
        autoreset_mode=AutoresetMode.DISABLED,
        viewport=(320, 240),
        max_turns=2,
    )
    try:
        yield made
    finally:
        made.close()


def trainer(env: WebGenVectorEnv, folder: Path, **settings: Any) -> StepGRPO:
    """A run in this folder; ``settings`` are those of the run, and ``say``."""
    chat = ChatTokens(word_tokenizer(WORDS))
    model = small_model(vocabulary=len(SPECIAL) + len(WORDS))
    generator = LocalGenerator(model, slots=8, context=32, eos=chat.eos)
    collector = Collector(env, generator, chat, Spelling(), RolloutSettings(group=4, turns=2))
    once = Collector(env, generator, chat, Spelling(), RolloutSettings(group=1, turns=1))
    update = UpdateSettings(learning_rate=2e-2, weight_decay=0.0, token_budget=256)
    say = settings.pop("say", lambda line: None)
    return StepGRPO(
        tasks=TASKS,
        collector=collector,
        sampling=SAMPLING,
        generator=generator,
        learner=Learner(Policy(model), ClippedRatio(), update),
        folder=folder,
        settings=RunSettings(**{"iterations": 4, "tasks": 2, "evaluate_every": 2, "save_every": 1, **settings}),
        held_out=HeldOut(TASKS[:2], once, SAMPLING),
        config={"of": "spelling"},
        say=say,
    )


def main(folder: Path, iterations: int) -> None:
    """Go on with a run, saying each iteration."""
    with environment(Likes("a")) as env:
        run = trainer(env, folder, iterations=iterations, say=lambda line: print(line, flush=True))
        run.resume()
        run.run()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
