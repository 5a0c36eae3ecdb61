"""Where a site's commands run. Reading order: base, output, tree, folders, job, process, jail."""

from __future__ import annotations

from webgen_gym.errors import MissingTool, UsageError
from webgen_gym.limits import Limits
from webgen_gym.sandbox.base import Command, Finished, Mount, Running, Sandbox
from webgen_gym.sandbox.jail import JailSandbox, why_no_jail
from webgen_gym.sandbox.process import ProcessSandbox

__all__ = [
    "Command",
    "Finished",
    "JailSandbox",
    "Mount",
    "ProcessSandbox",
    "Running",
    "Sandbox",
    "choose",
    "why_no_jail",
]


def choose(name: str, limits: Limits) -> Sandbox:
    """The sandbox of a name: ``auto`` and ``jail`` are the jail, ``process`` is none at all.

    Raises MissingTool where no jail can be made: running unjailed must be asked for by name.
    """
    if name == "process":
        return ProcessSandbox(limits)
    if name not in ("auto", "jail"):
        raise UsageError(f'no sandbox is called "{name}"; there are "auto", "jail" and "process"')
    if reason := why_no_jail():
        raise MissingTool(
            f"{reason}. Install bubblewrap (apt-get install bubblewrap, dnf install bubblewrap) and allow user"
            ' namespaces, or ask for sandbox="process" by name, which is no isolation'
        )
    return JailSandbox(limits)
