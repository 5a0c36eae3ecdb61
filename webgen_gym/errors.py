"""Errors of webgen_gym.

WebGenError
├── AgentFault                the reply is at fault: said in the observation, scores 0, the episode goes on
│   ├── EditRefused           an edit breaks a path rule or a limit; nothing of the reply was applied
│   └── PatchFailed           a patch does not fit the file that it names; nothing of the reply was applied
├── JudgeFault                no usable verdict: the turn is Unscored
├── InfraFault                we are at fault: replayed from the snapshot up to twice, then void
│   ├── BrowserLost           the browser died or stopped answering
│   ├── ModelFailed           a model gave no usable answer; a judge makes it Unscored, by its reason
│   ├── SandboxFailed         a command could not be started at all
│   └── StorageFailed         the disk is full or refused a write
└── UsageError                the caller is at fault: raised to them
    ├── UnknownTask           no task has this id
    ├── UnknownSnapshot       no snapshot has this id
    ├── BadTaskFile           a row of a task file is malformed
    ├── BadRun                a run folder is missing, of another version, or damaged
    ├── ModelRefused          a model server turns every call away: key, quota, address or name of the model
    └── MissingTool           a program that was asked for is not installed

Each is built from one message, so that it survives pickling and Gymnasium's
``exctype(message)`` across processes. Broad ``except`` stands in four places only:
sandbox, browser, model call, vector slot.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webgen_gym.types import Usage


class WebGenError(Exception):
    """Base of everything that webgen_gym raises on purpose; holds one sentence."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)

    @property
    def message(self) -> str:
        """The sentence that this error was made with."""
        return str(self)


class AgentFault(WebGenError):
    """The model's reply or the site it built is at fault."""


class EditRefused(AgentFault):
    """An edit leaves the workspace, is too large, or names an unusable path."""


class PatchFailed(AgentFault):
    """A patch's search text is not in the file, or is there more than once."""


class JudgeFault(WebGenError):
    """A judge gave no usable verdict."""


class InfraFault(WebGenError):
    """Something of ours failed; the turn says nothing about the policy."""


class BrowserLost(InfraFault):
    """The browser died, or did not answer within its deadline."""


class ModelFailure(StrEnum):
    """Why a model gave no usable answer."""

    TRANSPORT = "transport"
    TIMEOUT = "timeout"
    RATE_LIMITED = "rate_limited"
    SERVER = "server"
    BAD_REQUEST = "bad_request"
    CONTEXT = "context"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    FILTERED = "filtered"
    REFUSED = "refused"
    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    BUDGET = "budget"
    UNKNOWN = "unknown"


class ModelFailed(InfraFault):
    """A model gave no usable answer to one call; others may still succeed.

    Left alone it makes the turn void, which is right for an agent. A judge catches it and answers
    ``Unscored(error.reason, error.message)``. ``usage`` is what the call cost all the same, None where it was
    rebuilt from its message alone.
    """

    def __init__(
        self, message: str = "", reason: ModelFailure = ModelFailure.UNKNOWN, usage: Usage | None = None
    ) -> None:
        super().__init__(message)
        self.reason = reason
        self.usage = usage


class SandboxFailed(InfraFault):
    """A command could not be started, for a reason outside the site."""


class StorageFailed(InfraFault):
    """The disk is full, read-only or failing; what was written before is intact."""


class UsageError(WebGenError):
    """The caller asked for something that cannot be done."""


class UnknownTask(UsageError):
    """No task has the id that was asked for."""


class UnknownSnapshot(UsageError):
    """No snapshot has the id that was asked for."""


class BadTaskFile(UsageError):
    """A task file cannot be read; the message names file, line and field."""


class BadRun(UsageError):
    """A run folder is missing, of another version, or damaged."""


class ModelRefused(UsageError):
    """A model server turns every call away; the message names the setting to change."""


class MissingTool(UsageError):
    """A program that the request needs is not installed; the message says how to install it."""
