"""``webgen doctor``, ``webgen cache``: what is on this machine."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.table import Table

from webgen_gym.cli.shared import EXIT_USAGE, app, console

cache_app = typer.Typer(help="Show what is kept between runs, or clear it.")
app.add_typer(cache_app, name="cache")

_MIB = 1024 * 1024


@app.command()
def doctor() -> None:
    """Tell what is present, and how to mend what is missing."""
    from webgen_gym.doctor import examine

    findings = examine()
    for finding in findings:
        mark, style = ("ok", "green") if finding.ok else ("missing", "red")
        console.print(f"{mark:8}", style=style, end="")
        console.print(f"{finding.part:11}{finding.found}", highlight=False, soft_wrap=True)
        if not finding.ok:
            console.print(f"{'':19}needed for {finding.needed_for}", highlight=False, soft_wrap=True)
            console.print(f"{'':19}to mend: {finding.mend}", highlight=False, soft_wrap=True)
    if not all(finding.ok for finding in findings):
        sys.exit(EXIT_USAGE)


@cache_app.callback(invoke_without_command=True)
def cache(context: typer.Context) -> None:
    """Show what is kept between runs, or clear it."""
    from webgen_gym.caches import parts
    from webgen_gym.engine import default_cache

    if context.invoked_subcommand:
        return
    folder = default_cache()
    table = Table("part", "holds", "entries", "MiB", title=str(folder), title_justify="left")
    table.columns[2].justify = table.columns[3].justify = "right"
    for part in parts(folder):
        table.add_row(part.name, part.holds, str(part.entries) if part.entries >= 0 else "", f"{part.bytes / _MIB:.1f}")
    console.print(table)


@cache_app.command()
def clear(
    parts: Annotated[list[str] | None, typer.Argument(help="deps, downloads, looks, verdicts, requirements.")] = None,
) -> None:
    """Remove parts of the cache; all of it where none is named. What sites are running with stays."""
    from webgen_gym.caches import HOLDS
    from webgen_gym.caches import clear as clear_parts
    from webgen_gym.engine import default_cache

    names = parts or list(HOLDS)
    stay = clear_parts(default_cache(), names)
    console.print(f"Cleared: {', '.join(names)}.", highlight=False)
    if stay:
        console.print(f"{stay} set(s) of dependencies stay, because sites are running with them.", highlight=False)
