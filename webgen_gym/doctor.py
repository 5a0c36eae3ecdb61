"""What is present, what is missing, and the command that mends it."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from webgen_gym import sandbox
from webgen_gym.browser import find, fonts
from webgen_gym.engine import default_cache
from webgen_gym.errors import WebGenError

_NODE_MAJOR = 18
_FREE_GIB = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One part. ``needed_for`` says who misses it; ``mend`` is empty where all is well."""

    part: str
    ok: bool
    found: str
    needed_for: str
    mend: str = ""


def examine() -> list[Finding]:
    """Look at every part; never raises."""
    return [check() for check in _CHECKS]


def _python() -> Finding:
    version = platform.python_version()
    ok = sys.version_info >= (3, 11)
    return Finding("Python", ok, version, "everything", "" if ok else "install Python 3.11 or newer")


def _browser() -> Finding:
    try:
        path = find.find_browser()
    except WebGenError as error:
        return Finding("browser", False, error.message, "every look at a site", find.HOW_TO_INSTALL)
    version = _output([str(path), "--version"]) or "version unknown"
    return Finding("browser", True, f"{path} ({version})", "every look at a site")


def _fonts() -> Finding:
    missing = fonts.missing()
    if not missing:
        return Finding("fonts", True, "all named fonts", "the same pixels on every machine")
    mend = "apt-get install fonts-liberation fonts-dejavu-core fonts-noto-color-emoji"
    return Finding("fonts", False, f"missing: {', '.join(missing)}", "the same pixels on every machine", mend)


def _node() -> Finding:
    version = _output(["node", "--version"])
    major = version.lstrip("v").partition(".")[0]
    ok = major.isdigit() and int(major) >= _NODE_MAJOR and shutil.which("npm") is not None
    found = f"node {version}, npm {_output(['npm', '--version'])}" if version else "not found"
    mend = (
        ""
        if ok
        else f"install Node.js {_NODE_MAJOR} or newer with npm (apt-get install nodejs npm; https://nodejs.org)"
    )
    return Finding("node", ok, found, "npm projects (not WebGenStatic-v0)", mend)


def _jail() -> Finding:
    problem = sandbox.why_no_jail()
    purpose = 'sandbox="auto" (npm projects)'
    if not problem:
        return Finding("bubblewrap", True, _output(["bwrap", "--version"]) or "works", purpose)
    mend = 'apt-get install bubblewrap, or ask for sandbox="process" by name'
    return Finding("bubblewrap", False, problem, purpose, mend)


def _disk() -> Finding:
    folder = default_cache()
    existing = next(parent for parent in (folder, *folder.parents) if parent.exists())
    free = shutil.disk_usage(existing).free / 2**30
    ok = free >= _FREE_GIB
    mend = "" if ok else f"free {_FREE_GIB:g} GiB, or set WEBGEN_CACHE to another disk"
    return Finding("cache", ok, f"{folder}, {free:.1f} GiB free", "installed dependencies", mend)


_CHECKS: Sequence[Callable[[], Finding]] = (_python, _browser, _fonts, _node, _jail, _disk)


def _output(argv: Sequence[str]) -> str:
    """The first line that a program prints; '' where it cannot be run."""
    program = shutil.which(argv[0])
    if program is None:
        return ""
    try:
        done = subprocess.run([program, *argv[1:]], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout.strip().splitlines() or [""])[0]
