"""What the page says about one turn, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webgen_gym.errors import BadRun
from webgen_gym.records.report.bounds import Bounds
from webgen_gym.records.report.changes import described
from webgen_gym.records.report.commits import Commits
from webgen_gym.records.report.history import Played, Row
from webgen_gym.records.report.shots import Shots
from webgen_gym.records.report.trim import Trim, shortened
from webgen_gym.records.run_folder import RunFolder
from webgen_gym.types import Outcome

# As they are in the records.
_PLAIN = ("number", "outcome", "reward", "terminated", "truncated", "error", "credit_to", "state_hash")
_BOUNDED = ("reward_parts", "faults", "scores", "appearance", "functionality", "look", "timings")
_UNCHANGED = frozenset({Outcome.MALFORMED.value, Outcome.REFUSED.value, Outcome.STARTED.value})


@dataclass(frozen=True, slots=True)
class Shares:
    """How many characters each part of a turn may have."""

    reply: int
    diff: int
    feedback: int
    log: int

    @classmethod
    def of(cls, turn_chars: int) -> Shares:
        """Replies and diffs get three quarters."""
        return cls(turn_chars * 3 // 8, turn_chars * 3 // 8, turn_chars // 8, turn_chars // 8)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a turn's details come from."""

    run: RunFolder
    commits: Commits
    shots: Shots
    bounds: Bounds
    shares: Shares


def details(turn: Played, taken: Mapping[str, int], sources: Sources) -> dict[str, Any]:
    """Everything about a turn. ``taken``: screenshot → the place of the turn in which it was taken."""
    raw = turn.raw
    trim = Trim(sources.bounds.items)
    return {
        **{name: trim.value(raw.get(name)) for name in (*_PLAIN, *_BOUNDED)},
        "parent": turn.parent,
        "origin": turn.origin,
        "snapshot": turn.snapshot,
        "build": _build(raw, trim, sources.shares.log),
        "reply": _text(raw, "reply", sources.run, sources.shares.reply),
        "feedback": _text(raw, "feedback", sources.run, sources.shares.feedback),
        "shot": _shot(turn, taken, sources.shots),
        "changes": _changes(turn, sources),
        "dropped": trim.dropped,
    }


def _build(raw: Row, trim: Trim, max_chars: int) -> dict[str, Any] | None:
    build = raw.get("build")
    if not isinstance(build, dict):
        return None
    return {**trim.value({**build, "log": ""}), "log": shortened(str(build.get("log", "")), max_chars)}


def _text(raw: Row, name: str, run: RunFolder, max_chars: int) -> dict[str, Any]:
    try:
        text = run.text_of(raw, name)
    except BadRun:
        return {"problem": f"The {name} is missing from the run folder, or damaged."}
    return {"text": text[:max_chars], "cut": max(len(text) - max_chars, 0)}


def _shot(turn: Played, taken: Mapping[str, int], shots: Shots) -> dict[str, Any]:
    """The screenshot's name, or why there is none; ``place`` is the turn in which it was taken."""
    name = turn.screenshot
    if not name:
        return {"name": "", "why": _why_nothing(turn.raw)}
    return {"name": name, "why": shots.problem(name), "place": taken.get(name, -1)}


def _why_nothing(raw: Row) -> str:
    build, look = raw.get("build") or {}, raw.get("look") or {}
    if raw.get("outcome") == Outcome.STARTED.value:
        return "The workspace is empty. Nothing was built yet."
    if look.get("problem"):
        return str(look["problem"])
    if build and not build.get("ok"):
        return str(build.get("message") or f"The site did not come up; it failed at: {build.get('stage')}.")
    if raw.get("outcome") == Outcome.VOID.value:
        return "Something outside the website failed. This turn does not count."
    return "Nothing was shown in this turn or before it."


def _changes(turn: Played, sources: Sources) -> dict[str, Any]:
    if turn.outcome == Outcome.VOID.value:
        return {"problem": "A void turn stores nothing."}
    if turn.outcome in _UNCHANGED:
        return {"files": [], "more_files": 0}
    diff = sources.commits.diff(turn.snapshot, str(turn.raw.get("parent", "")))
    if diff is None:
        return {"problem": sources.commits.problem or "The snapshot, or the one before it, is missing or damaged."}
    return described(diff, sources.shares.diff, sources.bounds.line_chars)
