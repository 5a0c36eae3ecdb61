"""What the model is told after a turn, in words.

The order is that of WebGen-Agent: how installing and starting went, what was seen, what to improve,
what to do next, the instruction again. Grades are not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webgen_gym.types import (
    Build,
    Control,
    Fault,
    Look,
    Outcome,
    Score,
    Stage,
    Task,
    Unscored,
    Verdict,
)

_LISTED = 8
_SERVER_TAIL = 3000
_FAILED = frozenset({Outcome.INSTALL_FAILED, Outcome.BUILD_FAILED, Outcome.START_FAILED, Outcome.PAGE_FAILED})


@dataclass(frozen=True, slots=True)
class Report:
    """Everything about a turn that the feedback speaks of; what did not happen is None or empty."""

    outcome: Outcome
    error: bool = False
    faults: Sequence[Fault] = ()
    refusal: str = ""
    notes: Sequence[str] = ()
    build: Build | None = None
    look: Look | None = None
    appearance: Verdict | None = None
    functionality: Verdict | None = None
    tested: bool = False


def feedback(task: Task, report: Report) -> str:
    """The text of the observation's ``feedback``."""
    parts = (
        _reply_part(report),
        _build_part(report.build),
        _look_part(report.look),
        _server_part(report),
        _appearance_part(report.appearance),
        _functionality_part(report.functionality),
        _next_part(report),
        f"The website to build:\n{task.instruction}",
    )
    return "\n\n".join(part for part in parts if part)


def _reply_part(report: Report) -> str:
    if report.faults:
        told = "\n".join(fault.message for fault in report.faults)
        return f"Your reply could not be used, and nothing was changed.\n{told}"
    lines = [report.refusal] if report.refusal else []
    lines += report.notes
    if report.outcome is Outcome.BACKTRACKED:
        lines.append("The files were set back to the best version so far.")
    if report.outcome is Outcome.VOID:
        lines.append("Something outside your website failed. This turn does not count.")
    return "\n".join(lines)


def _build_part(build: Build | None) -> str:
    if build is None:
        return ""
    if build.ok:
        return build.message
    log = f"\nOutput:\n{build.log}" if build.log else ""
    return f"{build.message}{log}"


def _look_part(look: Look | None) -> str:
    if look is None:
        return ""
    if look.problem:
        return f"The page could not be shown. {look.problem}"
    lines = [_seen(look)]
    lines += _listed("Errors on the page", look.page_errors)
    lines += _listed("Console errors", (line.text for line in look.console if line.level == "error"))
    lines += _listed("Blocked requests (there is no network; put everything into the project)", _blocked(look))
    lines += _listed("Failed requests", _failed(look))
    return "\n".join(lines)


def _server_part(report: Report) -> str:
    """The server's own words, where it answered a request with an error."""
    if report.build is None or report.look is None or not report.build.log:
        return ""
    if not report.look.server_failed:
        return ""
    return f"The server says:\n{report.build.log[-_SERVER_TAIL:]}"


def _seen(look: Look) -> str:
    headings = [line.strip()[2:] for line in look.accessibility.splitlines() if line.strip().startswith("- heading")]
    what = f" Headings: {'; '.join(headings[:_LISTED])}." if headings else " There is no heading on it."
    return f"The page '{look.title}' was shown ({look.width}×{look.height}, HTTP {look.status}).{what}"


def _blocked(look: Look) -> list[str]:
    return [request.url for request in look.requests if request.blocked]


def _failed(look: Look) -> list[str]:
    return [
        f"{request.method} {request.url}: {request.failure or f'HTTP {request.status}'}"
        for request in look.requests
        if not request.blocked
    ]


def _appearance_part(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    if isinstance(verdict, Unscored):
        return f"The appearance could not be judged this time ({verdict.reason})."
    lines = [verdict.summary] if verdict.summary else []
    lines += _listed("Suggestions on appearance", verdict.suggestions)
    return "\n".join(lines)


def _functionality_part(verdict: Verdict | None) -> str:
    if verdict is None:
        return ""
    if isinstance(verdict, Unscored):
        return f"The website's functions could not be tested this time ({verdict.reason})."
    failed = [f"{check.name}: {check.detail}" for check in verdict.checks if not check.passed]
    lines = [verdict.summary or "The website's functions were tested."]
    lines += _listed("Failed", failed)
    lines += _listed("Suggestions on functions", verdict.suggestions)
    if verdict.checks and not failed and not verdict.suggestions:
        lines.append("Everything that was tried worked.")
    return "\n".join(lines)


def _next_part(report: Report) -> str:
    if report.outcome is Outcome.STARTED:
        return "The workspace is empty. Write the files of the website."
    if report.outcome in {Outcome.FINISHED, Outcome.VOID}:
        return ""
    if report.faults or report.refusal:
        return "Send a corrected reply."
    if report.outcome in _FAILED:
        return f"Next: {_stage_words(report)} failed. Repair it."
    if report.error:
        return "Next: the page is far from what was asked for. Repair it before anything else."
    if report.tested and _all_passed(report.functionality):
        return f"Next: if you are satisfied, say '{Control.FINISH.value}'; else go on improving."
    if report.tested:
        return f"Next: mend what failed, or say '{Control.FINISH.value}' if you are satisfied."
    return (
        f"Next: act on the suggestions, or say '{Control.VALIDATE.value}' if you are satisfied with what was shown, "
        "and the functions will be tested."
    )


def _all_passed(verdict: Verdict | None) -> bool:
    return isinstance(verdict, Score) and all(check.passed for check in verdict.checks)


def _stage_words(report: Report) -> str:
    words = {Stage.INSTALL: "installing the dependencies", Stage.BUILD: "building", Stage.START: "starting the server"}
    if report.build is not None and not report.build.ok:
        return words.get(report.build.stage, "starting the site")
    return "showing the page"


def _listed(title: str, items: Iterable[str]) -> list[str]:
    rows = [item for item in items if item]
    if not rows:
        return []
    shown = [f"- {row}" for row in rows[:_LISTED]]
    if len(rows) > _LISTED:
        shown.append(f"- … and {len(rows) - _LISTED} more")
    return [f"{title}:", *shown]
