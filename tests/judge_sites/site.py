"""A task and the files of a site that was made for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from webgen_gym.types import Files, Palette, Task

Colour = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Site:
    """A task and the files of a site that was made for it."""

    task: Task
    files: Files

    @property
    def name(self) -> str:
        """What the site is called."""
        return self.task.id


def site(name: str, instruction: str, background: Colour, component: Colour, files: Files) -> Site:
    """A site; colours are their name and ``#rrggbb``."""
    palette = Palette(background[1], component[1], background[0], component[0])
    return Site(Task(id=name, instruction=instruction, palette=palette), files)


def read_files(folder: Path) -> Files:
    """Every file below a folder, by its path from there."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
