"""Sites that tests bring up, and what such tests share."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import pytest

from webgen_gym.limits import Limits
from webgen_gym.sandbox import why_no_jail
from webgen_gym.site.site import Site
from webgen_gym.types import Files

T = TypeVar("T")
HERE = Path(__file__).parent

_missing = [name for name in ("node", "npm") if shutil.which(name) is None]
_marks_node: list[Any] = [
    pytest.mark.node,
    pytest.mark.skipif(bool(_missing), reason=f"not installed: {', '.join(_missing)}"),
]
_marks_jail: list[Any] = [pytest.mark.jail, pytest.mark.skipif(bool(why_no_jail()), reason=why_no_jail() or "no jail")]

SANDBOXES: list[Any] = ["process", pytest.param("jail", marks=_marks_jail)]
"""Both sandboxes, as a parameter; the jail is skipped with its reason where it cannot be made."""


def needs_node(test: T) -> T:
    """Marks a test that runs node; skipped with its reason where there is none."""
    for mark in _marks_node:
        test = mark(test)
    return test


def needs_jail(test: T) -> T:
    """Marks a test that makes a jail; skipped with its reason where none can be made."""
    for mark in _marks_jail:
        test = mark(test)
    return test


def in_both(test: T) -> T:
    """Marks a test that runs node, once in each sandbox; it has a parameter ``sandbox``."""
    for mark in (pytest.mark.parametrize("sandbox", SANDBOXES), *_marks_node):
        test = mark(test)
    return test


def load(name: str) -> dict[str, bytes]:
    """The files of one of the sites beside this module."""
    root = HERE / name
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def package(scripts: Mapping[str, str], **fields: Any) -> bytes:
    """A package.json."""
    return json.dumps({"private": True, "scripts": dict(scripts), **fields}).encode()


def server(code: str, **fields: Any) -> dict[str, bytes]:
    """A site without dependencies whose server is this CommonJS program."""
    return {"package.json": package({"start": "node server.js"}, **fields), "server.js": code.encode()}


def edited(files: Files, path: str, old: str, new: str) -> dict[str, bytes]:
    """The files with one text replaced, which must be there."""
    text = files[path].decode()
    assert old in text
    return {**files, path: text.replace(old, new).encode()}


def warm_cache() -> Path:
    """A dependency cache that outlives the test run: what is in it was installed by an earlier run."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "webgen-gym-tests"


@contextlib.asynccontextmanager
async def site(
    sandbox: str, folder: Path, *, cache: Path | None = None, limits: Limits | None = None, static_only: bool = False
) -> AsyncIterator[Site]:
    """A Site that is closed at the end."""
    made = Site(
        sandbox=sandbox,
        folder=folder / "site-folder",
        cache=cache or folder / "cache",
        limits=limits or Limits(),
        static_only=static_only,
    )
    try:
        yield made
    finally:
        await made.close()
