"""The cache folder is bounded, can be shown and cleared, and nothing that is in use is taken away."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from webgen_gym.caches import clear, parts
from webgen_gym.errors import UsageError
from webgen_gym.site.installed import bound, installed, measure
from webgen_gym.site.lease import Lease

KIB = 1024


def install(deps: Path, name: str, size: int, used: int) -> Path:
    """A set of dependencies of so many bytes that was last used at a time."""
    folder = deps / name
    (folder / "node_modules").mkdir(parents=True)
    (folder / "node_modules" / "index.js").write_bytes(b"x" * size)
    (folder / "bytes").write_text(str(size), "ascii")
    (folder / "log").write_text("added 1 package", "utf-8")
    os.utime(folder / "log", (used, used))
    return folder


def names(deps: Path) -> list[str]:
    return [item.folder.name for item in installed(deps)]


def test_sets_are_listed_from_the_least_recently_used(tmp_path: Path) -> None:
    for name, used in (("b", 300), ("a", 100), ("c", 200)):
        install(tmp_path, name, KIB, used)
    assert names(tmp_path) == ["a", "c", "b"]


def test_what_was_used_least_recently_goes_until_a_tenth_is_free(tmp_path: Path) -> None:
    for number in range(10):
        install(tmp_path, f"set-{number}", 10 * KIB, 100 + number)
    bound(tmp_path, 95 * KIB)
    assert names(tmp_path) == [f"set-{number}" for number in range(2, 10)]


def test_within_the_bound_nothing_goes(tmp_path: Path) -> None:
    install(tmp_path, "a", 10 * KIB, 100)
    bound(tmp_path, 10 * KIB)
    assert names(tmp_path) == ["a"]


def test_a_set_that_a_site_runs_with_stays(tmp_path: Path) -> None:
    held = Lease(install(tmp_path, "held", 10 * KIB, 100))
    install(tmp_path, "free", 10 * KIB, 200)
    bound(tmp_path, 10 * KIB)
    assert names(tmp_path) == ["held"]
    del held
    bound(tmp_path, 1 * KIB)
    assert names(tmp_path) == []


def test_a_set_that_another_process_runs_with_stays(tmp_path: Path) -> None:
    folder = install(tmp_path, "held", 10 * KIB, 100)
    program = (
        "import sys; from pathlib import Path; from webgen_gym.site.lease import Lease\n"
        "lease = Lease(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        bound(tmp_path, 1)
        assert names(tmp_path) == ["held"]
        holder.communicate()
    bound(tmp_path, 1)
    assert names(tmp_path) == []


def test_links_to_one_file_count_once(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"x" * 100)
    os.link(tmp_path / "one", tmp_path / "two")
    assert measure(tmp_path) == 100


def test_every_part_is_shown_with_what_it_holds(tmp_path: Path) -> None:
    install(tmp_path / "deps", "a", 2 * KIB, 100)
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "package.tgz").write_bytes(b"x" * 50)
    shown = {part.name: (part.entries, part.bytes) for part in parts(tmp_path)}
    assert shown["deps"] == (1, 2 * KIB)
    assert shown["downloads"] == (-1, 50)
    assert shown["looks"] == (0, 0)


def test_clearing_empties_what_is_named_and_nothing_else(tmp_path: Path) -> None:
    install(tmp_path / "deps", "a", KIB, 100)
    (tmp_path / "looks").mkdir()
    (tmp_path / "looks" / "looks-1.sqlite").write_bytes(b"x")
    assert clear(tmp_path, ["looks"]) == 0
    assert not (tmp_path / "looks").exists()
    assert names(tmp_path / "deps") == ["a"]


def test_clearing_says_how_many_sets_stay(tmp_path: Path) -> None:
    held = Lease(install(tmp_path / "deps", "held", KIB, 100))
    install(tmp_path / "deps", "free", KIB, 100)
    assert clear(tmp_path, ["deps"]) == 1
    assert names(tmp_path / "deps") == ["held"]
    del held


def test_a_part_that_does_not_exist_clears_nothing(tmp_path: Path) -> None:
    install(tmp_path / "deps", "a", KIB, 100)
    with pytest.raises(UsageError, match="no part pictures; there are deps, downloads, looks"):
        clear(tmp_path, ["deps", "pictures"])
    assert names(tmp_path / "deps") == ["a"]


def test_the_command_shows_and_clears(tmp_path: Path) -> None:
    install(tmp_path / "deps", "a", KIB * KIB, 100)
    environment = {**os.environ, "WEBGEN_CACHE": str(tmp_path)}

    def webgen(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "webgen_gym.cli", *arguments], capture_output=True, text=True, env=environment
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "1.0" in webgen("cache")
    assert "Cleared: deps." in webgen("cache", "clear", "deps")
    assert names(tmp_path / "deps") == []
