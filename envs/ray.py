"""RayVectorEnv: the slots of a vector environment on the machines of a Ray cluster.

One host, with one browser and one cache, on each node. This process keeps every snapshot and every record, so a node
that is lost costs the turns that were under way on it, and those are played again on another one.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from gymnasium.vector import AutoresetMode

from webgen_gym.bundle import Bundle, take_in, whole_bundle
from webgen_gym.envs.backing import Backing
from webgen_gym.envs.host import Host, Played
from webgen_gym.envs.plan import Plan
from webgen_gym.envs.pool import Pool
from webgen_gym.envs.vector import WebGenVectorEnv
from webgen_gym.errors import InfraFault, MissingTool, UsageError
from webgen_gym.types import Outcome, Turn

_LOST_AT_MOST = 5
_CALLS_AT_ONCE = 256
_KNOCK_S = 10.0


class RayVectorEnv(WebGenVectorEnv):
    """As ``WebGenVectorEnv``, with its slots spread over a Ray cluster. Every turn comes to what it comes to locally.

    Snapshots and records are kept in this process and its run folder; a snapshot may be restored on any node. Judges
    and tasks that are passed as objects are sent to the nodes and have to be picklable.

    Args:
        num_envs: the number of slots, at least 1.
        address: of the cluster, as ``ray.init`` takes it; None joins the one that is there, or starts a local one.
        autoreset_mode: see ``WebGenVectorEnv``.
        copy: see ``WebGenVectorEnv``.
        arguments: every keyword of ``WebGenEnv``. ``concurrency`` and ``budget`` are each node's own; None suits
            the one to the node and leaves the other without limit.

    Raises:
        MissingTool: Ray is not installed.
        UsageError: an argument names something that does not exist, or no cluster answers at the address.
    """

    def __init__(
        self,
        num_envs: int = 1,
        *,
        address: str | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        copy: bool = True,
        **arguments: Any,
    ) -> None:
        super().__init__(num_envs, autoreset_mode=autoreset_mode, copy=copy, **arguments)
        self._address = address
        self._arguments = arguments

    def _open_pool(self, plan: Plan) -> Pool:
        return RayPool(plan, self._arguments, _cluster(self._address))


@dataclass(frozen=True, slots=True, eq=False)
class _Hosted:
    """A host on a node of the cluster."""

    node: str
    actor: Any


class RayPool:
    """A ``Pool`` whose slots are spread over the nodes of a cluster, one host on each."""

    def __init__(self, plan: Plan, arguments: Mapping[str, Any], cluster: Any) -> None:
        self._ray = cluster
        self._backing = Backing(plan)
        self._arguments = {name: value for name, value in arguments.items() if name not in ("run_dir", "render_mode")}
        self._hosts: dict[str, _Hosted] = {}
        self._seats: dict[int, _Hosted] = {}
        self._seating = asyncio.Lock()
        self._last: dict[int, Played] = {}
        self._episodes: Counter[int] = Counter()

    # -------------------------------------------------------------- the pool

    def submit(self, slot: int, call: str, *args: Any, **named: Any) -> Future[Turn]:
        """See ``Pool.submit``."""
        if call == "reset":
            self._episodes[slot] += 1
            args = ({"rollout": f"slot-{slot:02d}-episode-{self._episodes[slot]:04d}", **args[0]},)
        return self._backing.runtime.submit(self._play(slot, call, args, named))

    def get(self, slot: int, name: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """See ``Pool.get``."""
        return self._backing.runtime.run(self._called(slot, "get", name, args, dict(named)))

    def set(self, slot: int, name: str, value: Any) -> None:
        """See ``Pool.set``."""
        self._backing.runtime.run(self._called(slot, "set", name, value))

    def close(self) -> None:
        """See ``Pool.close``."""
        self._backing.runtime.run(self._end())
        self._backing.close()

    # -------------------------------------------------------------- calls

    async def _play(self, slot: int, call: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Turn:
        needed = Bundle()
        if call in ("restore", "backtrack") and args and args[0]:
            needed = whole_bundle(self._backing.store, str(args[0]))
        played: Played = await self._called(slot, "play", call, args, dict(named), needed)
        self._keep(slot, played)
        return played.turn

    async def _called(self, slot: int, method: str, *args: Any) -> Any:
        """Call the slot's host; on another node where the one it was on is lost."""
        for _ in range(_LOST_AT_MOST):
            host = None
            try:
                host = await self._seat(slot)
                return await getattr(host.actor, method).remote(slot, *args)
            except self._ray.exceptions.RayTaskError as error:
                # Raised by the slot, on a node that is well.
                raise error.cause from None
            except self._ray.exceptions.RayError:
                self._lost(slot, host)
        raise InfraFault(f"Slot {slot} lost its node {_LOST_AT_MOST} times in a row.")

    def _keep(self, slot: int, played: Played) -> None:
        """Make this process's store and records know of a turn."""
        store, records = self._backing.store, self._backing.records
        take_in(store, played.bundle)
        for item in played.recorded:
            if item.turn.outcome is not Outcome.VOID:
                store.snapshots.branch(item.rollout, item.turn.snapshot)
            if records is not None:
                records.append(item.turn, item.rollout, item.driven)
        self._last[slot] = played

    # -------------------------------------------------------------- where slots are

    async def _seat(self, slot: int) -> _Hosted:
        """The slot's host. A slot whose node is lost goes on from its last snapshot on another one."""
        if slot in self._seats:
            return self._seats[slot]
        async with self._seating:
            host = await asyncio.to_thread(self._least_loaded)
            self._seats[slot] = host
        last = self._last.get(slot)
        if last is not None:
            needed = whole_bundle(self._backing.store, last.turn.snapshot)
            await host.actor.play.remote(slot, "restore", (last.turn.snapshot, last.rollout), {}, needed)
        return host

    def _lost(self, slot: int, host: _Hosted | None) -> None:
        lost = host or self._seats.get(slot)
        if lost is None:
            return
        self._hosts = {node: one for node, one in self._hosts.items() if one is not lost}
        self._seats = {seated: one for seated, one in self._seats.items() if one is not lost}

    def _least_loaded(self) -> _Hosted:
        """The host of the node that has the fewest slots for its cores; made where there is none yet."""
        nodes = {node["NodeID"]: node["Resources"].get("CPU", 0.0) for node in self._ray.nodes() if node["Alive"]}
        nodes = {node: cores for node, cores in nodes.items() if cores > 0}
        if not nodes:
            raise InfraFault("The Ray cluster has no node with a core that is alive.")
        taken = Counter(host.node for host in self._seats.values())
        node = min(nodes, key=lambda node: ((taken[node] + 1) / nodes[node], node))
        if node not in self._hosts:
            self._hosts[node] = _Hosted(node, self._start(node))
        return self._hosts[node]

    def _start(self, node: str) -> Any:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        actor = self._ray.remote(Host).options(
            num_cpus=0,
            # A method waits on the loop of its host for as long as a turn takes.
            max_concurrency=_CALLS_AT_ONCE,
            scheduling_strategy=NodeAffinitySchedulingStrategy(node, soft=False),
        )
        return actor.remote(self._arguments)

    async def _end(self) -> None:
        hosts, self._hosts = self._hosts, {}
        for host in hosts.values():
            with contextlib.suppress(self._ray.exceptions.RayError):
                await host.actor.close.remote()
            self._ray.kill(host.actor)


def _knock(address: str | None) -> None:
    """See whether anybody is there: Ray itself would try for minutes, and then end the program."""
    host, _, port = (address or "").rpartition("//")[2].rpartition(":")
    if not port.isdigit():
        return
    try:
        socket.create_connection((host, int(port)), timeout=_KNOCK_S).close()
    except OSError as error:
        raise UsageError(f"No Ray cluster answers at '{address}': {error}.") from error


def _cluster(address: str | None) -> Any:
    """Ray, connected."""
    try:
        import ray
    except ModuleNotFoundError as error:
        raise MissingTool("Ray is not installed; install it with: pip install 'webgen-gym[ray]'") from error
    if not ray.is_initialized():
        _knock(address)
        try:
            ray.init(address=address, log_to_driver=False)
        except ConnectionError as error:
            raise UsageError(f"No Ray cluster answers at '{address}': {error}.") from error
    return ray
