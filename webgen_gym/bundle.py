"""Snapshots on their way from one store to another, on another machine perhaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from webgen_gym.snapshots import GitObject
from webgen_gym.state import State, decode
from webgen_gym.store import Store


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that a store lacks to go on from some snapshots: git objects, and screenshots."""

    objects: tuple[GitObject, ...] = ()
    blobs: tuple[bytes, ...] = ()


def turn_bundle(store: Store, snapshot: str, parent: str = "") -> Bundle:
    """One snapshot, for a store that has its parent.

    Raises:
        UnknownSnapshot: there is none with this id.
    """
    state = decode(store.snapshots.load(snapshot).state)
    return Bundle(tuple(store.snapshots.objects(snapshot, without=parent)), (store.blobs.get(state.screenshot),))


def whole_bundle(store: Store, snapshot: str) -> Bundle:
    """A snapshot and the best one before it, to which a session may go back, for a store that has neither.

    Raises:
        UnknownSnapshot: there is none with this id.
    """
    state = decode(store.snapshots.load(snapshot).state)
    ids = list(dict.fromkeys([snapshot, *_best(state)]))
    objects = dict.fromkeys(item for id in ids for item in store.snapshots.objects(id))
    return Bundle(tuple(objects), tuple(_screenshots(store, ids)))


def take_in(store: Store, bundle: Bundle) -> None:
    """Write what a bundle holds. Raises StorageFailed."""
    store.snapshots.take_in(bundle.objects)
    for blob in bundle.blobs:
        store.blobs.put(blob)


def _best(state: State) -> Iterable[str]:
    return () if state.best is None else (state.best.snapshot,)


def _screenshots(store: Store, ids: Iterable[str]) -> Iterable[bytes]:
    for id in ids:
        yield store.blobs.get(decode(store.snapshots.load(id).state).screenshot)
