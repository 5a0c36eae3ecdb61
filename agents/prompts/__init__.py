"""What a coding model is told before it begins: one text about the work, one about each dialect of replies."""

from __future__ import annotations

from functools import cache
from importlib import resources

from webgen_gym.errors import UsageError
from webgen_gym.types import Dialect

DIALECTS = (Dialect.BOLT, Dialect.SEARCH_REPLACE, Dialect.UNIFIED_DIFF, Dialect.TOOL_CALLS)


def system_prompt(dialect: Dialect | str, *, static: bool = False) -> str:
    """The system prompt for a dialect; ``static`` where the environment runs no npm project.

    Raises:
        UsageError: there is no prompt for this dialect.
    """
    names = [known.value for known in DIALECTS]
    if dialect not in names:
        raise UsageError(f"There is no reply dialect '{dialect}' to prompt for; it is one of {', '.join(names)}.")
    project = _text("static" if static else "project")
    return "\n".join((_text("work"), project, _text("rules"), _text(Dialect(dialect).value)))


@cache
def _text(name: str) -> str:
    return resources.files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
