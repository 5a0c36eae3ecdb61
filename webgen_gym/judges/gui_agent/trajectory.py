"""The record of one test: enough to judge the judge, and to do the same again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from cattrs import Converter

from webgen_gym.errors import BadRun
from webgen_gym.judges.gui_agent.actions import Action
from webgen_gym.judges.gui_agent.findings import Finding

VERSION = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One look and one action.

    ``seen`` is the digest of the look, empty where the page could not be shown; ``notes`` are what had happened before
    it; ``result`` is what became of the action, empty for the answer that ended the test.
    """

    path: str
    seen: str
    notes: tuple[str, ...]
    thought: str
    action: Action
    result: str


@dataclass(frozen=True, slots=True)
class Trajectory:
    """One test from beginning to end.

    ``site`` is ``Visits.site``. ``findings`` is empty where the test gave no result; ``ended`` then says why.
    """

    judge: str
    task: str
    site: str
    requirements: tuple[str, ...]
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    ended: str

    def to_json(self) -> bytes:
        """The record as JSON, the same bytes for the same record."""
        raw = {"version": VERSION, **_converter().unstructure(self)}
        return json.dumps(raw, indent=1, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass")

    @classmethod
    def from_json(cls, content: bytes) -> Trajectory:
        """The record that ``to_json`` wrote. Raises BadRun where it is damaged or of another version."""
        try:
            raw = json.loads(content.decode("utf-8", "surrogatepass"))
            version = raw.pop("version")
            if version != VERSION:
                raise BadRun(f"The record of a GUI test is of version {version}; this program reads {VERSION}.")
            return _converter().structure(raw, cls)
        except (ValueError, KeyError, TypeError, AttributeError, ExceptionGroup) as error:
            raise BadRun(f"The record of a GUI test cannot be read: {error}.") from error


@cache
def _converter() -> Converter:
    return Converter()
