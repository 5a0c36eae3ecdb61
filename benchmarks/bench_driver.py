"""What the one process that keeps snapshots and records has to do for a turn that was played on another machine.

Beside the whole turn, played here. How many turns a second one driver can keep follows from it.
"""

from __future__ import annotations

import pickle
import tempfile
import time
from pathlib import Path

import cloudpickle
import gymnasium as gym

import webgen_gym  # noqa: F401 - registers the ids
from benchmarks.react_site import static_site
from benchmarks.report import Report, medians, publish
from webgen_gym.bundle import take_in, turn_bundle
from webgen_gym.envs import WebGenEnv
from webgen_gym.envs.translate import pixels
from webgen_gym.judges.scripted import ScriptedFunctionality
from webgen_gym.records.run_folder import RunFolder
from webgen_gym.replies.write import write_bolt
from webgen_gym.store import Store
from webgen_gym.types import Task, WriteFile

ROUNDS = 20
TASK = Task("bench", "Build a website about ferries.")


def main() -> None:
    spent: dict[str, list[float]] = {"the whole turn": [], "the driver's part of it": []}
    sizes = []
    with tempfile.TemporaryDirectory() as played, tempfile.TemporaryDirectory() as kept:
        env = gym.make(
            "WebGenStatic-v0",
            tasks=[TASK],
            gui=ScriptedFunctionality(0.0),
            max_turns=2 * ROUNDS,
            run_dir=played,
            cache=False,
            disable_env_checker=True,
        )
        inner = env.unwrapped
        assert isinstance(inner, WebGenEnv)
        env.reset()
        there, here = Store.at(Path(played)), Store.at(Path(kept))
        take_in(here, turn_bundle(there, inner.snapshot()))
        records = RunFolder.open(Path(kept), {}, {})
        for number in range(ROUNDS):
            files = [WriteFile(path, text.encode()) for path, text in static_site(number).items()]
            start = time.perf_counter()
            env.step(write_bolt(files, title="t"))
            spent["the whole turn"].append((time.perf_counter() - start) * 1000)
            turn = inner.last_turn
            sent = cloudpickle.dumps((turn, turn_bundle(there, turn.snapshot, turn.parent)))
            sizes.append(len(sent))
            start = time.perf_counter()
            received, bundle = pickle.loads(sent)
            take_in(here, bundle)
            here.snapshots.branch("bench", received.snapshot)
            records.append(received, "bench")
            pixels(received.observation.screenshot, (1024, 768))
            spent["the driver's part of it"].append((time.perf_counter() - start) * 1000)
        env.close()
    rows = medians(spent)
    most = 1000 / rows["the driver's part of it"]
    note = f"One driver keeps at most {most:.0f} turns a second; each sends it {max(sizes) / 1e6:.2f} MB."
    publish([Report("driver", "A static turn", "milliseconds", rows, ratio_to="the whole turn", note=note)], __doc__)


if __name__ == "__main__":
    main()
