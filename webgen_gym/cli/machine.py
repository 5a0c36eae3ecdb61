"""``webgen doctor``."""

from __future__ import annotations

import sys

from webgen_gym.cli.shared import EXIT_USAGE, app, console


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
