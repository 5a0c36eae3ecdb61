"""The git store of snapshots: a bare repository with one commit per turn.

A commit holds two things: the folder ``site`` with the files as they are, and ``state.json``, all
that a session needs to go on from there. Its parent is the turn before it, and branches are
rollouts, so ``git log --graph --all`` shows the tree of what was tried, and ``git diff`` what a turn
changed. Ids depend on the content alone: no clock, no user, no path goes into a commit.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pygit2

from webgen_gym.errors import StorageFailed, UnknownSnapshot
from webgen_gym.types import Files

GitObject = tuple[int, bytes]
"""The type of a git object, by git's own number, and its content."""

_SITE = "site"
_STATE = "state.json"
_REMEMBERED = 32
_REFS = "refs/heads/"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A commit. ``state_hash`` is the git tree id of the files alone; ``parent`` is '' at the root."""

    id: str
    parent: str
    state_hash: str
    files: Files
    state: bytes


class Snapshots:
    """One repository. Opening it creates it. Not for use from several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._recent: dict[str, Snapshot] = {}
        self._branches: dict[str, int] = {}
        try:
            self._repo = pygit2.Repository(str(folder)) if folder.exists() else _create(folder)
            references = self._repo.references
            self._heads = {str(references[name].target): name for name in references if name.startswith(_REFS)}
        except (OSError, pygit2.GitError) as error:
            raise StorageFailed(f"The snapshot store {folder} cannot be opened: {error}.") from error

    def commit(self, rollout: str, files: Files, state: bytes, *, parent: str = "", message: str = "") -> Snapshot:
        """Store one turn on the branch of ``rollout`` and return its snapshot.

        A commit whose parent is not the branch's head goes on a new branch ``<rollout>.2``, ``.3`` …,
        so that nothing once stored becomes unreachable.

        Raises:
            StorageFailed: the disk is full or refuses the write.
            UnknownSnapshot: there is no such parent.
        """
        before = self.load(parent) if parent else None
        try:
            site = self._site_tree(files, before)
            tree = self._commit_tree(site, state)
            made = self._repo.create_commit(None, _AUTHOR, _AUTHOR, message, tree, [parent] if parent else [])
            self._point(rollout, str(made), parent)
        except (OSError, pygit2.GitError) as error:
            raise StorageFailed(f"The snapshot store {self._folder} refused a write: {error}.") from error
        snapshot = Snapshot(str(made), parent, str(site), MappingProxyType(dict(files)), state)
        self._remember(snapshot)
        return snapshot

    def load(self, id: str) -> Snapshot:
        """The snapshot with this id.

        Raises:
            UnknownSnapshot: there is none, or it is damaged; the message says which.
        """
        if id in self._recent:
            return self._recent[id]
        try:
            commit = self._repo[id]
        except (KeyError, ValueError):
            raise UnknownSnapshot(f"There is no snapshot '{id}' in {self._folder}.") from None
        try:
            snapshot = self._read(commit.peel(pygit2.Commit))
        except (KeyError, ValueError, pygit2.GitError) as error:
            raise UnknownSnapshot(f"Snapshot '{id}' in {self._folder} is damaged: {error}.") from error
        self._remember(snapshot)
        return snapshot

    def objects(self, id: str, without: str = "") -> Iterator[GitObject]:
        """The git objects that a snapshot is made of, but for those of another one.

        Raises:
            UnknownSnapshot: there is none with one of the ids.
        """
        known = set(self._object_ids(without)) if without else set()
        for object_id in self._object_ids(id):
            if object_id not in known:
                kind, content = self._repo.read(object_id)
                yield int(kind), content

    def take_in(self, objects: Iterable[GitObject]) -> None:
        """Write git objects that another store gave. Raises StorageFailed."""
        try:
            for kind, content in objects:
                self._repo.write(kind, content)
        except (OSError, pygit2.GitError) as error:
            raise StorageFailed(f"The snapshot store {self._folder} refused a write: {error}.") from error

    def branch(self, rollout: str, id: str) -> None:
        """Put a snapshot that was taken in on its rollout's branch. Raises UnknownSnapshot, StorageFailed."""
        snapshot = self.load(id)
        try:
            self._point(rollout, id, snapshot.parent)
        except (OSError, pygit2.GitError) as error:
            raise StorageFailed(f"The snapshot store {self._folder} refused a write: {error}.") from error

    def _object_ids(self, id: str) -> Iterator[pygit2.Oid]:
        self.load(id)
        commit = self._repo[id].peel(pygit2.Commit)
        yield commit.id
        yield commit.tree.id
        yield from _below(commit.tree)

    def _read(self, commit: pygit2.Commit) -> Snapshot:
        site = commit.tree[_SITE].peel(pygit2.Tree)
        files: dict[str, bytes] = {}
        _collect(site, "", files)
        parent = str(commit.parent_ids[0]) if commit.parent_ids else ""
        state = commit.tree[_STATE].peel(pygit2.Blob).data
        return Snapshot(str(commit.id), parent, str(site.id), MappingProxyType(files), state)

    def _site_tree(self, files: Files, before: Snapshot | None) -> pygit2.Oid:
        """The tree of the files, made from the parent's by what differs."""
        index = pygit2.Index()
        known: Files = {}
        if before is not None:
            index.read_tree(self._repo[before.state_hash].peel(pygit2.Tree))
            known = before.files
        for path in known.keys() - files.keys():
            index.remove(path)
        for path, content in files.items():
            held = known.get(path)
            if held is not content and held != content:
                blob = self._repo.create_blob(content)
                index.add(pygit2.IndexEntry(path, blob, pygit2.enums.FileMode.BLOB))
        return index.write_tree(self._repo)

    def _commit_tree(self, site: pygit2.Oid, state: bytes) -> pygit2.Oid:
        builder = self._repo.TreeBuilder()
        builder.insert(_SITE, site, pygit2.enums.FileMode.TREE)
        builder.insert(_STATE, self._repo.create_blob(state), pygit2.enums.FileMode.BLOB)
        return builder.write()

    def _point(self, rollout: str, made: str, parent: str) -> None:
        """Move the branch whose head is the parent, or open a new one."""
        head = self._heads.pop(parent, None)
        if head is None or not _belongs(head, rollout):
            if head is not None:
                self._heads[parent] = head
            head = self._free_name(rollout)
        self._repo.references.create(head, made, force=True)
        self._heads[made] = head

    def _free_name(self, rollout: str) -> str:
        number = self._branches.get(rollout, 0)
        while True:
            number += 1
            name = _REFS + rollout + (f".{number}" if number > 1 else "")
            if name not in self._repo.references:
                self._branches[rollout] = number
                return name

    def _remember(self, snapshot: Snapshot) -> None:
        self._recent[snapshot.id] = snapshot
        while len(self._recent) > _REMEMBERED:
            del self._recent[next(iter(self._recent))]


# The same for every commit: an id must not depend on who ran it, or when.
_AUTHOR = pygit2.Signature("webgen-gym", "webgen-gym@localhost", 0, 0)


def _belongs(name: str, rollout: str) -> bool:
    """Whether a branch is the rollout's own, or one that was opened beside it."""
    stem = name.removeprefix(_REFS)
    return stem == rollout or (stem.startswith(rollout + ".") and stem[len(rollout) + 1 :].isdigit())


def _create(folder: Path) -> pygit2.Repository:
    """A new repository, made beside its place and moved there: whoever comes second uses the first one's."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".repo-"))
    repo = pygit2.init_repository(str(draft), bare=True, initial_head="main")
    # Written each turn, read rarely: fast compression; 'git gc' packs it well at any time.
    repo.config["core.looseCompression"] = 1
    repo.free()
    try:
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if not folder.exists():
            raise
    return pygit2.Repository(str(folder))


def _below(tree: pygit2.Tree) -> Iterator[pygit2.Oid]:
    for entry in tree:
        yield entry.id
        if isinstance(entry, pygit2.Tree):
            yield from _below(entry)


def _collect(tree: pygit2.Tree, prefix: str, files: dict[str, bytes]) -> None:
    for entry in tree:
        path = f"{prefix}{entry.name}"
        if isinstance(entry, pygit2.Tree):
            _collect(entry, path + "/", files)
        elif isinstance(entry, pygit2.Blob):
            files[path] = entry.data
