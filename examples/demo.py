"""Watch the template agent build websites: three tasks, turn by turn, then a report to open.

The first two are static and need the browser alone. The third is a Vite + React project, played where Node.js is there.
One rollout is led astray on purpose, so that a backtrack can be seen.
"""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import gymnasium as gym

from webgen_gym.agents import make
from webgen_gym.agents.base import Agent
from webgen_gym.agents.play import play
from webgen_gym.agents.run import result_of
from webgen_gym.envs import Backtracking
from webgen_gym.errors import WebGenError
from webgen_gym.records.report import write_report
from webgen_gym.records.run_folder import RunFolder
from webgen_gym.replies.write import write_bolt
from webgen_gym.sandbox import why_no_jail
from webgen_gym.tasks import load
from webgen_gym.types import Observation, Task, Turn, WriteFile

BROKEN = write_bolt([WriteFile("index.html", b"<p>Everything else is gone.</p>")], title="A bad idea")


class Astray:
    """Plays like another agent, but ruins the page for a few turns in the middle."""

    def __init__(self, agent: Agent, turns: range) -> None:
        self._agent = agent
        self._turns = turns
        self.id = f"{agent.id}, led astray"

    def start(self, task: Task, seed: int) -> None:
        self._agent.start(task, seed)

    def go_back(self, observation: Observation) -> None:
        self._agent.go_back(observation)

    def act(self, observation: Observation) -> str:
        return BROKEN if observation.turn in self._turns else self._agent.act(observation)


def show(turn: Turn) -> None:
    seen = turn.observation
    functions = f"{seen.functionality:.2f}" if seen.functionality >= 0 else "not tested"
    print(
        f"  turn {turn.number}: {turn.outcome.value:14} reward {turn.reward.value:5.2f}"
        f"   appearance {seen.appearance:.2f}   functions {functions}"
    )


def rollouts() -> list[tuple[str, Task, Agent]]:
    """What is played: a name, a task, an agent."""
    by_category: dict[str, Task] = {}
    for task in load(None):
        by_category.setdefault(task.category, task)
    first, second, third = list(by_category.values())[:3]
    chosen: list[tuple[str, Task, Agent]] = [
        ("static", first, make("template")),
        ("static, led astray", second, Astray(make("template"), range(2, 4))),
    ]
    if shutil.which("npm") and not why_no_jail():
        chosen.append(("vite", third, make("template-vite")))
    else:
        print("Node.js or bubblewrap is missing, so no npm project is shown ('webgen doctor' says more).")
    return chosen


def main() -> int:
    folder = Path("runs") / f"demo-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    inner = gym.make("webgen_gym:WebGen-v0", gui="tests", run_dir=folder, max_turns=6, disable_env_checker=True)
    env = Backtracking(inner, after=2)
    try:
        for name, task, agent in rollouts():
            print(f"\n{task.id} ({name}): {task.instruction}\n")
            rollout = play(env, agent, task, name=task.id, on_turn=show)
            RunFolder.read(folder).append_result(result_of(rollout, agent.id, 0))
            if rollout.chosen is not None:
                print(f"  chosen: turn {rollout.chosen.turn}")
    except WebGenError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    finally:
        env.close()
    report = write_report(RunFolder.read(folder), folder / "report.html")
    print(f"\nThe report of the run is a page to open in a browser: {report}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
