"""Groups of rollouts on a Ray cluster, each slot at its own pace. Starts Ray on this machine where there is no cluster.

python examples/ray_rollouts.py [--address auto] [--slots 4] [--turns 2]
"""

from __future__ import annotations

import argparse

from gymnasium.vector import AutoresetMode

from webgen_gym.agents.base import Agent
from webgen_gym.agents.template import TemplateAgent
from webgen_gym.envs.ray import RayVectorEnv
from webgen_gym.tasks import load


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", help="of the cluster; this machine where it is left out")
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--turns", type=int, default=2)
    options = parser.parse_args()
    tasks = load()[: max(1, options.slots // 2)]
    chosen = [tasks[slot % len(tasks)] for slot in range(options.slots)]
    agents: list[Agent] = [TemplateAgent(turns=options.turns) for _ in chosen]

    env = RayVectorEnv(
        options.slots,
        address=options.address,
        tasks=tasks,
        gui="tests",
        max_turns=options.turns,
        autoreset_mode=AutoresetMode.DISABLED,
    )
    env.reset(seed=0, options={"task": chosen})
    first = {}
    for slot, (agent, task, seen) in enumerate(zip(agents, chosen, env.get_attr("seen"), strict=True)):
        agent.start(task, seed=slot)
        first[slot] = agent.act(seen)
    env.send(first)
    playing = set(range(options.slots))
    while playing:
        for slot, result in env.receive().items():
            turn = result.turn
            print(f"slot {slot}  {turn.task:18} turn {turn.number}  {turn.outcome.value:10} reward {result.reward:.2f}")
            if result.terminated or result.truncated:
                playing.discard(slot)
            else:
                env.send({slot: agents[slot].act(turn.observation)})
    env.close()


if __name__ == "__main__":
    main()
