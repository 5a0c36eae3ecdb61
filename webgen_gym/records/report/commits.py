"""The snapshot store of a run, read without changing it."""

from __future__ import annotations

from pathlib import Path

import pygit2

from webgen_gym.errors import BadRun
from webgen_gym.state import decode
from webgen_gym.types import Task

_CONTEXT_LINES = 3


class Commits:
    """The commits of ``repo.git``. A store that is missing or damaged knows nothing, and says why."""

    def __init__(self, folder: Path) -> None:
        self._repo: pygit2.Repository | None = None
        self.problem = ""
        try:
            self._repo = pygit2.Repository(str(folder))
        except (OSError, pygit2.GitError) as error:
            self.problem = f"The snapshot store {folder.name} cannot be opened: {_short(error, folder)}."

    def task(self, id: str) -> Task | None:
        """The task that the state of this snapshot names; None where it cannot be read."""
        commit = self._commit(id)
        if commit is None:
            return None
        try:
            return decode(commit.tree["state.json"].peel(pygit2.Blob).data).task
        except (KeyError, ValueError, pygit2.GitError, BadRun):
            return None

    def diff(self, id: str, parent: str) -> pygit2.Diff | None:
        """What this snapshot's files changed against its parent's; None where one of the two is missing.

        Without a parent everything is new.
        """
        after = self._site(id)
        before = self._site(parent) if parent else None
        if after is None or (parent and before is None):
            return None
        try:
            if before is None:
                diff = after.diff_to_tree(swap=True, context_lines=_CONTEXT_LINES)
            else:
                diff = before.diff_to_tree(after, context_lines=_CONTEXT_LINES)
            diff.find_similar()
        except (KeyError, ValueError, pygit2.GitError):
            return None
        return diff

    def _site(self, id: str) -> pygit2.Tree | None:
        commit = self._commit(id)
        try:
            return None if commit is None else commit.tree["site"].peel(pygit2.Tree)
        except (KeyError, ValueError, pygit2.GitError):
            return None

    def _commit(self, id: str) -> pygit2.Commit | None:
        if self._repo is None or not id:
            return None
        try:
            return self._repo[id].peel(pygit2.Commit)
        except (KeyError, ValueError, pygit2.GitError):
            return None


def _short(error: Exception, folder: Path) -> str:
    """libgit2's words without this machine's path."""
    return str(error).replace(str(folder), folder.name).rstrip(".")
