"""The clean sites: references of the catalogue, ten made by hand, a dozen by the template agent.

A site is its own baseline: what counts is how much worse its spoilt versions are. ``held_out`` divides the sites by
their task, so that no task is both tuned on and tested on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from tests.judge_sites import GOOD
from webgen_gym import replies
from webgen_gym.agents.template import TemplateAgent
from webgen_gym.tasks.catalogue import place
from webgen_gym.tasks.folders import TaskFolder, read_folders
from webgen_gym.types import Files, Observation, Task, WriteFile

TEMPLATE_SITES = 12


@dataclass(frozen=True, slots=True)
class Clean:
    """A site with nothing done to it. ``name`` is its task and who made it, ``tea-shop/reference``."""

    name: str
    task: Task
    files: Files

    @property
    def held_out(self) -> bool:
        """Whether thresholds and weights were set without it."""
        return hashlib.sha256(self.task.id.encode()).digest()[0] % 2 == 1


def clean_sites() -> tuple[Clean, ...]:
    """The whole corpus."""
    folders = read_folders(place())
    return (
        *reference_sites(folders),
        *(Clean(f"{site.name}/hand", site.task, site.files) for site in GOOD),
        *_template_sites(folders),
    )


def reference_sites(folders: tuple[TaskFolder, ...] | None = None) -> tuple[Clean, ...]:
    """The reference sites of the catalogue."""
    found = folders if folders is not None else read_folders(place())
    return tuple(Clean(f"{folder.task.id}/reference", folder.task, folder.reference) for folder in found)


def _template_sites(folders: tuple[TaskFolder, ...]) -> Iterator[Clean]:
    step = max(1, len(folders) // TEMPLATE_SITES)
    for folder in folders[::step][:TEMPLATE_SITES]:
        yield Clean(f"{folder.task.id}/template", folder.task, built(folder.task))


def built(task: Task) -> Files:
    """What the template agent builds in one turn."""
    agent = TemplateAgent(turns=1)
    agent.start(task, seed=0)
    reply = replies.read(agent.act(Observation(task.instruction, {}, "", b"", "", -1.0, -1.0, 0)))
    return {edit.path: edit.content for edit in reply.edits if isinstance(edit, WriteFile)}
