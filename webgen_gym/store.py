"""Where sessions keep what outlasts a turn."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from webgen_gym.blobs import Blobs
from webgen_gym.snapshots import Snapshots


@dataclass(frozen=True, slots=True)
class Store:
    """Snapshots and screenshots; any number of sessions of one event loop may share it."""

    snapshots: Snapshots
    blobs: Blobs

    @classmethod
    def at(cls, folder: Path) -> Store:
        """The store of a run folder; created where it is missing."""
        return cls(Snapshots(folder / "repo.git"), Blobs(folder / "blobs"))
