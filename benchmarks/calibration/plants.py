"""What is planted for the explorer: new controls that do nothing, and deafness in those that worked."""

from __future__ import annotations

import json
from collections.abc import Sequence

from benchmarks.calibration.spoilings import inserted, script_text
from webgen_gym.types import Files

# Each kind with the name of the control that is planted: words that stand on no site of the corpus.
PLANTED = (
    ("dead_button", "Quagga"),
    ("dead_link", "Okapi"),
    ("missing_anchor", "Tapir"),
    ("broken_link", "Numbat"),
    ("dead_search", "Quokka"),
    ("dead_filter", "Genet"),
    ("dead_form", "Bongo"),
    ("lost_form", "Kudu"),
)


def planted(files: Files) -> Files:
    """The site with one dead control of every kind that it can have on top of it."""
    return _with(files, f"addEventListener('load', () => plant({json.dumps(kinds_for(files))}));")


def kinds_for(files: Files) -> tuple[tuple[str, str], ...]:
    """What can be planted: where a script reads the fragment, a link to a missing one is a route, not dead."""
    routed = any(b"location.hash" in content or b"hashchange" in content for content in files.values())
    return tuple((kind, name) for kind, name in PLANTED if not (routed and kind == "missing_anchor"))


def deafened(files: Files, names: Sequence[str]) -> Files:
    """The site whose controls with these names are dead; digits in names are ``#``."""
    return _with(files, f"deafen({json.dumps(list(names))});")


def _with(files: Files, call: str) -> Files:
    script = "\n".join(["<script>(() => {", script_text("plants"), call, "})();</script>"]).encode()
    return {path: inserted(content, script) if path.endswith(".html") else content for path, content in files.items()}
