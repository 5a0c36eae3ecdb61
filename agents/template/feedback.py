"""What a written feedback asks for, and the rules that answer it.

Feedback comes from judges of many kinds, so only words that any of them would use are read. Every fix
is a named piece of ``css/fixes.css``; the names stand in the file, so that later turns keep what
earlier ones were told.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_MARK = "/* fix: {} */"


@dataclass(frozen=True, slots=True)
class Fix:
    """One answer to feedback: when it applies and the rules that it adds."""

    name: str
    asked: re.Pattern[str]
    css: str


def asked_fixes(feedback: str) -> tuple[str, ...]:
    """The names of the fixes that a feedback calls for, in a fixed order."""
    return tuple(fix.name for fix in _fixes() if fix.asked.search(feedback))


def made_fixes(css: str) -> tuple[str, ...]:
    """The names of the fixes that a stylesheet of ours already holds."""
    return tuple(fix.name for fix in _fixes() if _MARK.format(fix.name) in css)


def fixes_css(names: tuple[str, ...], words: tuple[str, ...] = ()) -> str:
    """The stylesheet of these fixes; a comment alone where there are none. ``words`` are noted for later turns."""
    noted = f"/* words: {', '.join(words)} */\n" if words else ""
    pieces = [f"{_MARK.format(fix.name)}\n{fix.css}" for fix in _fixes() if fix.name in names]
    return "\n".join(["/* Answers to feedback. */\n" + noted, *pieces])


def noted_words(css: str) -> tuple[str, ...]:
    """The words that a stylesheet of ours notes as asked for."""
    found = re.search(r"/\* words: ([A-Za-z, -]+) \*/", css)
    return tuple(found[1].split(", ")) if found else ()


def missing_words(feedback: str) -> tuple[str, ...]:
    """Words of the instruction that the page is said to lack: what stands behind "missing" or "speaks of"."""
    words: list[str] = []
    for found in _MISSING.finditer(feedback):
        words += [word.strip(" '\"`‘’“”") for word in re.split(r",|;| and ", found[1])]
    kept = [word for word in words if re.fullmatch(r"[A-Za-z][A-Za-z -]{2,30}", word) and not word.endswith(" more")]
    return tuple(dict.fromkeys(kept))[:8]


_MISSING = re.compile(
    r"(?:missing|not (?:found|mentioned|shown|on the page)|never appears?|does not mention"
    r"|nothing on the page speaks of|controls for what the instruction names)\s*:?\s*([^.\n]{3,200})",
    re.I,
)


_BROKEN = re.compile(
    r"(?:install|build|start|npm)[^.\n]{0,40}(?:fail|error|timed? ?out|could not|not available)|no network", re.I
)


def is_broken(text: str) -> bool:
    """True when the site could not be installed, built or started at all."""
    return bool(_BROKEN.search(text))


@cache
def _fixes() -> tuple[Fix, ...]:
    text = files("webgen_gym.agents.template.data").joinpath("fixes.toml").read_text(encoding="utf-8")
    found = tomllib.loads(text)["fix"]
    return tuple(Fix(fix["name"], re.compile(fix["asked"], re.I), fix["css"]) for fix in found)
