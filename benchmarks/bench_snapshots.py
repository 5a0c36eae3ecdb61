"""Snapshot and restore of a 50-file site, at turn 1 and at turn 200, beside plain git doing the same.

Prints milliseconds and two ratios: turn 200 over turn 1 (1 means flat), and plain git over ours.
"""

from __future__ import annotations

import functools
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from webgen_gym.snapshots import Snapshots

FILES = 50
TURNS = 200
AROUND = 10


def site(turn: int) -> dict[str, bytes]:
    """Fifty files of 3 kB; each turn changes one of them."""
    files = {f"src/part{n % 5}/file{n}.js": b"export const x = %d;\n" % n * 140 for n in range(FILES)}
    files["src/part1/file1.js"] = b"export const turn = %d;\n" % turn * 140
    return files


def timed(work: Callable[[], object]) -> float:
    """Milliseconds that ``work`` takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def ours(folder: Path) -> tuple[list[float], list[float]]:
    """Milliseconds of every commit, and of a restore from a store that is opened afresh."""
    store = Snapshots(folder)
    ids = [store.commit("r", site(0), b"{}").id]
    files = site(0)
    commits: list[float] = []

    def commit(turn: int) -> None:
        state = b'{"turn": %d}' % turn * 200
        ids.append(store.commit("r", files, state, parent=ids[-1]).id)

    for turn in range(1, TURNS + 1):
        files = {**files, "src/part1/file1.js": site(turn)["src/part1/file1.js"]}
        commits.append(timed(functools.partial(commit, turn)))
    restores = [timed(functools.partial(Snapshots(folder).load, id)) for id in ids[1:]]
    return commits, restores


def plain_git(folder: Path) -> list[float]:
    """Milliseconds of ``git add`` and ``git commit`` of the same change, ten times."""
    folder.mkdir()
    git(folder, "init", "-q")
    spent = []
    for turn in range(AROUND + 1):
        for path, content in site(turn).items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists() or target.read_bytes() != content:
                target.write_bytes(content)
        spent.append(timed(lambda: git(folder, "add", "-A")) + timed(lambda: git(folder, "commit", "-qm", "turn")))
    return spent[1:]


def git(folder: Path, *argv: str) -> None:
    who = ("-c", "user.name=bench", "-c", "user.email=bench@localhost")
    subprocess.run(["git", "-C", str(folder), *who, *argv], check=True, capture_output=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        commits, restores = ours(Path(temporary) / "repo.git")
        git = statistics.median(plain_git(Path(temporary) / "plain"))
    first, last = slice(0, AROUND), slice(-AROUND, None)
    print(f"{'':22}{'turn 1–10':>12}{'turn 191–200':>14}{'ratio':>8}")
    for name, values in (("snapshot, ms", commits), ("restore, ms", restores)):
        early, late = statistics.median(values[first]), statistics.median(values[last])
        print(f"{name:22}{early:12.2f}{late:14.2f}{late / early:8.2f}")
    ratio = git / statistics.median(commits)
    print(f"{'git add + commit, ms':22}{git:12.2f}{'':14}{ratio:8.1f}  times our snapshot")


if __name__ == "__main__":
    main()
