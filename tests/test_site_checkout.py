"""The mirror on disk, in the face of a site that tampers with it."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webgen_gym.errors import StorageFailed
from webgen_gym.sandbox.folders import link_copy, remove, storage
from webgen_gym.site.checkout import Checkout

FILES = {"index.html": b"<h1>", "src/App.jsx": b"app", "src/deep/er/x.css": b"css", "bin": b"\x00\xff"}


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path / "site", tmp_path / "staging")
    made.rebuild(FILES)
    return made


def on_disk(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_rebuilt_folder_holds_exactly_the_files(checkout: Checkout) -> None:
    (checkout.folder / "left-over").write_text("x")
    checkout.rebuild(FILES)
    assert on_disk(checkout.folder) == FILES


def test_a_sync_writes_adds_and_deletes(checkout: Checkout) -> None:
    new = {"index.html": b"<h2>", "src/App.jsx": b"app", "src/New.jsx": b"new"}
    checkout.sync(FILES, new)
    assert on_disk(checkout.folder) == new
    assert not (checkout.folder / "src" / "deep").exists()


def test_a_sync_touches_only_what_changed(checkout: Checkout) -> None:
    before = (checkout.folder / "src/App.jsx").stat()
    checkout.sync(FILES, {**FILES, "index.html": b"new"})
    after = (checkout.folder / "src/App.jsx").stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_file_can_become_a_folder_and_a_folder_a_file(checkout: Checkout) -> None:
    swapped = {"index.html/inner": b"1", "src": b"2"}
    checkout.sync(FILES, swapped)
    assert on_disk(checkout.folder) == swapped
    checkout.sync(swapped, FILES)
    assert on_disk(checkout.folder) == FILES


def test_a_reader_never_sees_half_a_file(checkout: Checkout) -> None:
    versions = [bytes([65 + number]) * 200_000 for number in range(40)]
    seen: set[bytes] = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            content = (checkout.folder / "index.html").read_bytes()
            seen.add(content[:1] if content == content[:1] * 200_000 else b"torn")

    old = {**FILES, "index.html": versions[0]}
    checkout.sync(FILES, old)
    reader = threading.Thread(target=read)
    reader.start()
    for version in versions[1:]:
        new = {**FILES, "index.html": version}
        checkout.sync(old, new)
        old = new
    done.set()
    reader.join()
    assert b"torn" not in seen


# ------------------------------------------------------------------ what a site may have put there


def _fifo(path: Path, outside: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path, outside: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def _folder(path: Path, outside: Path) -> None:
    (path / "inner").mkdir(parents=True)
    (path / "inner" / "file").write_text("x")


def _hard_link(path: Path, outside: Path) -> None:
    path.hardlink_to(outside / "precious")


PLANTED: dict[str, Callable[[Path, Path], None]] = {
    "link to a file": lambda path, outside: path.symlink_to(outside / "precious"),
    "link to a folder": lambda path, outside: path.symlink_to(outside),
    "dangling link": lambda path, outside: path.symlink_to(outside / "not there"),
    "link to itself": lambda path, outside: path.symlink_to(path.name),
    "hard link": _hard_link,
    "named pipe": _fifo,
    "socket": _socket,
    "folder": _folder,
}


@pytest.fixture
def outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "precious").write_bytes(b"precious")
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.parametrize("planted", PLANTED)
def test_what_was_planted_at_a_file_is_replaced_and_not_followed(
    checkout: Checkout, outside: Path, planted: str
) -> None:
    target = checkout.folder / "index.html"
    target.unlink()
    PLANTED[planted](target, outside)
    checkout.sync(FILES, {**FILES, "index.html": b"ours"})
    assert target.read_bytes() == b"ours"
    assert target.is_file()
    assert not target.is_symlink()
    assert on_disk(outside) == {"precious": b"precious"}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_was_planted_at_a_folder_is_replaced_and_not_followed(
    checkout: Checkout, outside: Path, planted: str
) -> None:
    remove(checkout.folder / "src")
    PLANTED[planted](checkout.folder / "src", outside)
    checkout.sync(FILES, {**FILES, "src/App.jsx": b"ours"})
    assert (checkout.folder / "src/App.jsx").read_bytes() == b"ours"
    assert not (checkout.folder / "src").is_symlink()
    assert on_disk(outside) == {"precious": b"precious"}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_deletion_does_not_reach_through_what_was_planted(checkout: Checkout, outside: Path, planted: str) -> None:
    (outside / "App.jsx").write_bytes(b"theirs")
    remove(checkout.folder / "src")
    PLANTED[planted](checkout.folder / "src", outside)
    checkout.sync(FILES, {"index.html": FILES["index.html"]})
    assert on_disk(outside) == {"precious": b"precious", "App.jsx": b"theirs"}


def test_a_link_above_where_modules_are_mounted_is_replaced(checkout: Checkout, outside: Path) -> None:
    (checkout.folder / "app").symlink_to(outside)
    made = checkout.ensure_folder("app/node_modules")
    assert made.is_dir()
    assert not (checkout.folder / "app").is_symlink()
    assert on_disk(outside) == {"precious": b"precious"}


def test_a_path_that_is_swapped_all_the_time_never_leads_outside(checkout: Checkout, outside: Path) -> None:
    src, done = checkout.folder / "src", threading.Event()

    def flip() -> None:
        while not done.is_set():
            for swap in (lambda: src.rename(checkout.folder / "aside"), lambda: src.symlink_to(outside), src.unlink):
                with contextlib.suppress(OSError):
                    swap()
            with contextlib.suppress(OSError):
                (checkout.folder / "aside").rename(src)

    flipper = threading.Thread(target=flip)
    flipper.start()
    try:
        for number in range(600):
            try:
                checkout.sync(FILES, {**FILES, "src/App.jsx": b"%d" % number})
            except OSError:
                continue
    finally:
        done.set()
        flipper.join()
    assert on_disk(outside) == {"precious": b"precious"}


def test_a_rebuild_clears_what_the_site_has_made(checkout: Checkout, outside: Path) -> None:
    for number, plant in enumerate(PLANTED.values()):
        plant(checkout.folder / f"planted{number}", outside)
    checkout.rebuild(FILES)
    assert on_disk(checkout.folder) == FILES
    assert on_disk(outside) == {"precious": b"precious"}


# ------------------------------------------------------------------ removing


def test_a_folder_nested_deeper_than_any_stack_is_removed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    current = os.open(root, os.O_RDONLY)
    for _ in range(2000):
        os.mkdir("d", dir_fd=current)
        below = os.open("d", os.O_RDONLY, dir_fd=current)
        os.close(current)
        current = below
    os.close(current)
    remove(root)
    assert not root.exists()


def test_folders_without_permissions_are_removed(tmp_path: Path) -> None:
    locked = tmp_path / "root" / "locked" / "inner"
    locked.mkdir(parents=True)
    (locked / "file").write_text("x")
    locked.chmod(0)
    locked.parent.chmod(0o500)
    remove(tmp_path / "root")
    assert not (tmp_path / "root").exists()


def test_removing_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    remove(tmp_path / "nothing")


def test_removing_a_link_leaves_its_target(tmp_path: Path) -> None:
    (tmp_path / "target").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "target")
    remove(tmp_path / "link")
    assert (tmp_path / "target").is_dir()


def test_a_copy_by_links_keeps_links_and_content(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "a").mkdir(parents=True)
    (source / "a" / "file").write_text("content")
    (source / "link").symlink_to("a/file")
    link_copy(source, tmp_path / "copy")
    assert (tmp_path / "copy" / "a" / "file").samefile(source / "a" / "file")
    assert (tmp_path / "copy" / "link").readlink() == Path("a/file")


@pytest.mark.parametrize("number", [28, 30, 122, 5])
def test_a_disk_that_fails_is_our_fault(number: int) -> None:
    with pytest.raises(StorageFailed, match="the site's folder could not be written"), storage("the site's folder"):
        raise OSError(number, os.strerror(number))


def test_any_other_error_of_the_disk_stays_what_it_is() -> None:
    with pytest.raises(PermissionError), storage("x"):
        raise PermissionError(13, "no")


# ------------------------------------------------------------------ any sequence of states

names = st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3).map("/".join)


def _possible(files: dict[str, bytes]) -> bool:
    return not any(one != other and other.startswith(one + "/") for one in files for other in files)


states = st.lists(st.dictionaries(names, st.binary(max_size=3), max_size=5).filter(_possible), min_size=1, max_size=6)


@given(states)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_sequence_the_disk_equals_the_mapping(tmp_path: Path, states: list[dict[str, bytes]]) -> None:
    made = Checkout(tmp_path / "site", tmp_path / "staging")
    made.rebuild({})
    old: dict[str, bytes] = {}
    for new in states:
        made.sync(old, new)
        assert on_disk(made.folder) == new
        old = new
