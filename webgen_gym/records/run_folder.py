"""The run folder: run.json, turns.jsonl, results.jsonl, evaluation.jsonl, blobs/, repo.git/.

``turns.jsonl`` has one line per turn and ``results.jsonl`` one per finished rollout; both are only ever appended to, a
line in one write. So a kill loses at most the turn in flight, and a torn last line is recognised by its missing end.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import platform
import threading
import uuid
import weakref
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import webgen_gym
from webgen_gym.blobs import Blobs, write_whole
from webgen_gym.errors import BadRun, StorageFailed
from webgen_gym.plain import as_json, from_json, verdict_as_json
from webgen_gym.types import Look, Observation, Turn

FORMAT = 1
_INLINE_BYTES = 4096
_FAST = 1


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One line of turns.jsonl. ``raw`` is the whole line; the rest is what most readers need."""

    rollout: str
    task: str
    number: int
    reply: str
    outcome: str
    snapshot: str
    parent: str
    state_hash: str
    observation_hash: str
    reward: float
    raw: Mapping[str, Any]


class RunFolder:
    """One run on disk. Made by ``open`` (to write) or ``read`` (to look at one)."""

    def __init__(self, folder: Path, header: Mapping[str, Any]) -> None:
        self.folder = folder
        self.header = header
        self.blobs = Blobs(folder / "blobs")
        self._lock = threading.Lock()

    @classmethod
    def open(cls, folder: Path, config: Mapping[str, Any], settings: Mapping[str, Any]) -> RunFolder:
        """The run folder at ``folder``, created if it is missing; a torn last line is cut off.

        ``config`` decides what turns come to and must be the same for all who write here; ``settings`` are the
        arguments that a replay makes its environment with.

        Raises:
            BadRun: there is something else, of another version, or made with another configuration.
            StorageFailed: it cannot be written.
        """
        if not (folder / "run.json").exists():
            _create(folder, config, settings)
        run = cls.read(folder)
        _same_config(folder, run.header["config"], config)
        run._join_writers()
        return run

    @classmethod
    def read(cls, folder: Path) -> RunFolder:
        """A run folder to read from.

        Raises:
            BadRun: there is none, or one of another version.
        """
        path = folder / "run.json"
        try:
            header = json.loads(path.read_text(encoding="utf-8"))
            found = header["format"]
        except FileNotFoundError:
            raise BadRun(f"{folder} is not a run folder; it has no run.json.") from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadRun(f"{path} cannot be read: {error}.") from error
        if found != FORMAT:
            raise BadRun(f"{folder} was written in format {found}; this version of webgen-gym reads format {FORMAT}.")
        return cls(folder, header)

    def append(self, turn: Turn, rollout: str, driven: Sequence[bytes] = ()) -> None:
        """Record one turn, and what a GUI agent did in it, as ``Trajectory.to_json`` gives it.

        Raises:
            StorageFailed: the disk is full; what was recorded before is intact.
        """
        gui = [self.blobs.put(record) for record in driven]
        self._write("turns.jsonl", {**self._row(turn, rollout), "gui_records": gui})

    def append_result(self, result: Mapping[str, Any]) -> None:
        """Record that a rollout is finished, and which of its turns was chosen."""
        self._write("results.jsonl", result)

    def append_evaluation(self, row: Mapping[str, Any]) -> None:
        """Record how a rollout's chosen turn was evaluated."""
        self._write("evaluation.jsonl", row)

    def evaluations(self) -> list[Mapping[str, Any]]:
        """Every whole line of evaluation.jsonl, in order."""
        return self._lines("evaluation.jsonl")

    def sum_up(self) -> Mapping[str, Mapping[str, Any]]:
        """Write into run.json what models have cost so far, by who asked; returns it.

        Raises:
            BadRun: a line other than the last is damaged.
            StorageFailed: the disk is full; run.json is as it was.
        """
        spent: dict[str, dict[str, Any]] = {}
        for row in self._lines("turns.jsonl"):
            for who, usage in row.get("usage", {}).items():
                total = spent.setdefault(who, dict.fromkeys(usage, 0))
                spent[who] = {name: total[name] + value for name, value in usage.items()}
        usage = {who: {**total, "estimated": bool(total["estimated"])} for who, total in spent.items()}
        self.header = {**self.header, "usage": usage}
        path = self.folder / "run.json"
        try:
            write_whole(path, _as_text(self.header).encode())
        except OSError as error:
            raise StorageFailed(f"{path} could not be written: {error.strerror or error}.") from error
        return usage

    def turns(self) -> list[TurnRow]:
        """Every whole line of turns.jsonl, in order.

        Raises:
            BadRun: a line other than the last is damaged.
        """
        return [self._parsed(raw) for raw in self._lines("turns.jsonl")]

    def results(self) -> list[Mapping[str, Any]]:
        """Every whole line of results.jsonl, in order."""
        return self._lines("results.jsonl")

    # -------------------------------------------------------------- inside

    def _join_writers(self) -> None:
        """Become one of those who write here. The first one mends what a kill left; while others write, nobody does."""
        lock = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        weakref.finalize(self, os.close, lock)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for name in ("turns.jsonl", "results.jsonl", "evaluation.jsonl"):
                _cut_torn_line(self.folder / name)
        fcntl.flock(lock, fcntl.LOCK_SH)

    def _row(self, turn: Turn, rollout: str) -> Mapping[str, Any]:
        seen, look = turn.observation, turn.look
        return {
            "rollout": rollout,
            "task": turn.task,
            "number": turn.number,
            **self._text("reply", turn.reply),
            "outcome": turn.outcome.value,
            "snapshot": turn.snapshot,
            "parent": turn.parent,
            "state_hash": turn.state_hash,
            "observation_hash": observation_hash(seen),
            "reward": turn.reward.value,
            "reward_parts": dict(turn.reward.parts),
            "terminated": turn.terminated,
            "truncated": turn.truncated,
            "error": turn.error,
            "credit_to": turn.credit_to,
            "faults": as_json(turn.faults),
            "scores": [seen.appearance, seen.functionality],
            "appearance": verdict_as_json(turn.appearance),
            "functionality": verdict_as_json(turn.functionality),
            "build": as_json(turn.build),
            "screenshot": self.blobs.put(seen.screenshot),
            **self._text("feedback", seen.feedback),
            "look": None if look is None else self._look(look),
            "usage": as_json(turn.usage),
            "timings": dict(turn.timings),
        }

    def _look(self, look: Look) -> Mapping[str, Any]:
        """What people read inline; all that judges read as a blob, but for the screenshot, which is one already."""
        whole = {name: value for name, value in as_json(look).items() if name != "screenshot"}
        packed = zlib.compress(json.dumps(whole, sort_keys=True).encode("utf-8", "surrogatepass"), _FAST)
        return {
            "url": look.url,
            "status": look.status,
            "title": look.title,
            "problem": look.problem,
            "settled": look.settled,
            "console": as_json(look.console),
            "page_errors": list(look.page_errors),
            "requests": as_json(look.requests),
            "whole": self.blobs.put(packed),
        }

    def look_of(self, row: TurnRow) -> Look | None:
        """The look of a turn as the judge saw it, screenshot included; None where nothing was looked at.

        Raises:
            BadRun: it is missing or damaged.
        """
        look = row.raw["look"]
        if look is None:
            return None
        try:
            whole = json.loads(zlib.decompress(self.blobs.get(look["whole"])).decode("utf-8", "surrogatepass"))
        except (KeyError, ValueError, zlib.error) as error:
            raise BadRun(
                f"The look of turn {row.number} of {row.rollout} in {self.folder} is gone: {error}."
            ) from error
        return from_json({**whole, "screenshot": self.blobs.get(row.raw["screenshot"])}, Look)

    def _text(self, name: str, text: str) -> Mapping[str, str]:
        """A text inline when it is short, else the name of its blob."""
        content = text.encode("utf-8", "surrogatepass")
        if len(content) <= _INLINE_BYTES:
            return {name: text}
        return {f"{name}_blob": self.blobs.put(content)}

    def text_of(self, raw: Mapping[str, Any], name: str) -> str:
        """A text that ``_text`` stored, wherever it is."""
        if name in raw:
            return str(raw[name])
        return self.blobs.get(str(raw.get(f"{name}_blob", ""))).decode("utf-8", "surrogatepass")

    def _parsed(self, raw: Mapping[str, Any]) -> TurnRow:
        try:
            return TurnRow(
                rollout=raw["rollout"],
                task=raw["task"],
                number=raw["number"],
                reply=self.text_of(raw, "reply"),
                outcome=raw["outcome"],
                snapshot=raw["snapshot"],
                parent=raw["parent"],
                state_hash=raw["state_hash"],
                observation_hash=raw["observation_hash"],
                reward=raw["reward"],
                raw=raw,
            )
        except KeyError as error:
            raise BadRun(f"A line of {self.folder / 'turns.jsonl'} has no field {error}.") from error

    def _lines(self, name: str) -> list[Mapping[str, Any]]:
        path = self.folder / name
        if not path.exists():
            return []
        rows = []
        lines = path.read_bytes().split(b"\n")
        for number, line in enumerate(lines[:-1], start=1):
            try:
                rows.append(json.loads(line))
            except ValueError as error:
                raise BadRun(f"Line {number} of {path} is damaged: {error}.") from error
        return rows

    def _write(self, name: str, row: Mapping[str, Any]) -> None:
        path = self.folder / name
        line = json.dumps(row, ensure_ascii=True, sort_keys=True).encode() + b"\n"
        try:
            with self._lock:
                _append_whole(path, line)
        except OSError as error:
            raise StorageFailed(
                f"{path} could not be written: {error.strerror or error}. All earlier turns are intact."
            ) from error


def observation_hash(seen: Observation) -> str:
    """The sha256 of everything in an observation, for comparing two runs."""
    whole = hashlib.sha256()
    texts = (seen.instruction, seen.build_log, seen.feedback, repr((seen.appearance, seen.functionality, seen.turn)))
    parts = [text.encode("utf-8", "surrogatepass") for text in texts]
    for path in sorted(seen.files):
        parts += [path.encode("utf-8", "surrogatepass"), seen.files[path]]
    for part in (*parts, seen.screenshot):
        whole.update(len(part).to_bytes(8, "big"))
        whole.update(part)
    return whole.hexdigest()


def _create(folder: Path, config: Mapping[str, Any], settings: Mapping[str, Any]) -> None:
    if folder.exists() and not all(_ours(path.name) for path in folder.iterdir()):
        raise BadRun(f"{folder} is not empty and is not a run folder; choose another one.")
    header = {
        "format": FORMAT,
        "webgen_gym": webgen_gym.__version__,
        "python": platform.python_version(),
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "config": dict(config),
        "settings": dict(settings),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # Linked, not renamed: of two that begin at once, the second takes the first one's header.
        temporary = folder / f".run-{uuid.uuid4().hex}"
        temporary.write_text(_as_text(header), encoding="utf-8")
        with contextlib.suppress(FileExistsError):
            os.link(temporary, folder / "run.json")
        temporary.unlink()
    except OSError as error:
        raise StorageFailed(f"The run folder {folder} cannot be made: {error.strerror or error}.") from error


def _as_text(header: Mapping[str, Any]) -> str:
    return json.dumps(header, indent=2) + "\n"


def _ours(name: str) -> bool:
    """Whether a file may lie in a run folder whose header is only just being written."""
    return name in {"run.json", "repo.git", "blobs"} or name.startswith((".run-", ".repo-"))


def _same_config(folder: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    names = sorted(before.keys() | now.keys())
    differ = [
        f"{name} was {before.get(name)!r}, is {now.get(name)!r}" for name in names if before.get(name) != now.get(name)
    ]
    if differ:
        raise BadRun(f"{folder} was made with another configuration ({'; '.join(differ)}). Choose another run folder.")


def _append_whole(path: Path, line: bytes) -> None:
    """Append a line in one write; if the disk takes only a part of it, take that part back."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    try:
        before = os.fstat(handle).st_size
        try:
            written = os.write(handle, line)
        except OSError:
            os.ftruncate(handle, before)
            raise
        if written != len(line):
            os.ftruncate(handle, before)
            raise OSError(28, "No space left on device")
    finally:
        os.close(handle)


def _cut_torn_line(path: Path) -> None:
    if not path.exists():
        return
    content = path.read_bytes()
    if content and not content.endswith(b"\n"):
        os.truncate(path, content.rfind(b"\n") + 1)
