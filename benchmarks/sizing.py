"""How many turns a cluster plays, and what is full first. Put in what you measured (``make bench``).

python -m benchmarks.sizing --nodes 1000 --cores 32 --memory-gib 128 --slots 64
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, fields

MIB_PER_GIB = 1024


@dataclass(frozen=True, slots=True)
class Cluster:
    """What there is, and what a turn costs. Defaults are figures of docs/performance.md, and guesses where it has none.

    ``cores``, ``memory_gib`` and ``slots`` are those of one node. ``turn_cpu_s`` is processor time of a whole turn, all
    processes together; ``judge_s`` how long a turn waits for judging models, ``policy_s`` for its reply.
    ``judge_calls_per_s`` is what all model servers together answer, ``driver_turns_per_s`` what one driver keeps:
    the process with a ``RayVectorEnv``, its snapshots and records. ``turn_mb`` goes over the network to it.
    """

    nodes: int = 1
    cores: int = 2
    memory_gib: float = 24.0
    slots: int = 16
    slot_mib: float = 40.0
    fixed_mib: float = 480.0
    turn_cpu_s: float = 0.14
    judge_s: float = 2.0
    judge_calls: float = 2.0
    policy_s: float = 4.0
    judge_calls_per_s: float = 200.0
    drivers: int = 1
    driver_turns_per_s: float = 45.0
    turn_mb: float = 0.17
    network_mb_per_s: float = 1000.0


def ceilings(cluster: Cluster) -> Mapping[str, float]:
    """Turns per second that each part allows if nothing else were in the way."""
    return {
        "slots, or the memory for them": cluster.nodes * min(cluster.slots, fitting(cluster)) / turn_s(cluster),
        "cores": cluster.nodes * cluster.cores / cluster.turn_cpu_s,
        "judging models": cluster.judge_calls_per_s / cluster.judge_calls if cluster.judge_calls else float("inf"),
        "drivers": cluster.drivers * cluster.driver_turns_per_s,
        "the drivers' network": cluster.drivers * cluster.network_mb_per_s / cluster.turn_mb,
    }


def turn_s(cluster: Cluster) -> float:
    """Seconds of a turn of a slot that nobody keeps waiting."""
    return cluster.turn_cpu_s + cluster.judge_s + cluster.policy_s


def fitting(cluster: Cluster) -> float:
    """Slots that the memory of one node holds."""
    return (cluster.memory_gib * MIB_PER_GIB - cluster.fixed_mib) / cluster.slot_mib


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for field in fields(Cluster):
        parser.add_argument(f"--{field.name.replace('_', '-')}", type=type(field.default), default=field.default)
    cluster = Cluster(**vars(parser.parse_args()))
    print(
        f"{turn_s(cluster) / cluster.turn_cpu_s:.0f} slots keep a core busy; {fitting(cluster):.0f} fit into a node.\n"
    )
    found = sorted(ceilings(cluster).items(), key=lambda item: item[1])
    for name, turns in found:
        print(f"{name:34}{turns:14,.1f} turns per second")
    print(f"\nFull first: {found[0][0]}. That is {found[0][1] * 3600:,.0f} turns an hour.")


if __name__ == "__main__":
    main()
