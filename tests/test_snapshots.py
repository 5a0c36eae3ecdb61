"""The git store: exact, deterministic, readable by plain git, and cheap where little changed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from webgen_gym.errors import UnknownSnapshot
from webgen_gym.snapshots import Snapshots

FILES = {"index.html": b"<h1>Home</h1>\r\n", "src/a.js": b"let a = 1\n", "img/x.png": bytes(range(256))}


@pytest.fixture
def store(tmp_path: Path) -> Snapshots:
    return Snapshots(tmp_path / "repo.git")


def git(folder: Path, *argv: str) -> str:
    done = subprocess.run(["git", "-C", str(folder), *argv], capture_output=True, text=True, check=True)
    return done.stdout


def test_what_was_stored_comes_back_byte_for_byte_also_from_a_store_opened_again(tmp_path: Path) -> None:
    made = Snapshots(tmp_path / "repo.git").commit("r", FILES, b'{"a": 1}')
    found = Snapshots(tmp_path / "repo.git").load(made.id)
    assert dict(found.files) == FILES
    assert found.state == b'{"a": 1}'


def test_equal_content_gives_equal_ids_in_two_stores(tmp_path: Path) -> None:
    one = Snapshots(tmp_path / "one").commit("r", FILES, b"{}", message="m")
    two = Snapshots(tmp_path / "two").commit("other", FILES, b"{}", message="m")
    assert one == two


def test_the_state_hash_depends_on_the_files_alone(store: Snapshots) -> None:
    one = store.commit("r", FILES, b"{}")
    two = store.commit("r", FILES, b'{"turn": 2}', parent=one.id, message="other")
    assert one.state_hash == two.state_hash
    assert one.id != two.id


def test_a_removed_file_is_gone_from_the_next_snapshot(store: Snapshots) -> None:
    one = store.commit("r", FILES, b"{}")
    fewer = {"index.html": FILES["index.html"]}
    two = store.commit("r", fewer, b"{}", parent=one.id)
    assert dict(store.load(two.id).files) == fewer
    assert two.state_hash == Snapshots(store._folder).commit("x", fewer, b"{}").state_hash


def test_plain_git_reads_log_and_diff(tmp_path: Path) -> None:
    folder = tmp_path / "repo.git"
    store = Snapshots(folder)
    one = store.commit("task", FILES, b"{}", message="turn 0")
    two = store.commit("task", {**FILES, "src/a.js": b"let a = 2\n"}, b"{}", parent=one.id, message="turn 1")
    assert git(folder, "log", "--format=%s", "task").split("\n")[:2] == ["turn 1", "turn 0"]
    assert "+let a = 2" in git(folder, "diff", one.id, two.id)
    assert git(folder, "fsck", "--strict") == ""


def test_two_children_of_one_snapshot_stay_apart_and_both_stay_reachable(tmp_path: Path) -> None:
    folder = tmp_path / "repo.git"
    store = Snapshots(folder)
    root = store.commit("r", FILES, b"{}")
    left = store.commit("r", {**FILES, "l": b"1"}, b"{}", parent=root.id)
    right = store.commit("r", {**FILES, "r": b"2"}, b"{}", parent=root.id)
    assert set(store.load(left.id).files) - set(store.load(right.id).files) == {"l"}
    heads = dict(line.split() for line in git(folder, "branch", "--format=%(refname:short) %(objectname)").splitlines())
    assert heads == {"r": left.id, "r.2": right.id}


@pytest.mark.parametrize("id", ["", "nonsense", "0" * 40, "g" * 40])
def test_an_unknown_id_is_named(store: Snapshots, id: str) -> None:
    with pytest.raises(UnknownSnapshot, match=f"There is no snapshot '{id}'"):
        store.load(id)


def test_a_damaged_object_is_refused_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "repo.git"
    made = Snapshots(folder).commit("r", FILES, b"{}")
    blob = git(folder, "rev-parse", f"{made.id}:site/index.html").strip()
    path = folder / "objects" / blob[:2] / blob[2:]
    path.chmod(0o644)
    path.write_bytes(b"")
    with pytest.raises(UnknownSnapshot, match="is damaged"):
        Snapshots(folder).load(made.id)


def test_a_turn_that_changes_one_file_of_fifty_stores_one_blob_and_its_trees(tmp_path: Path) -> None:
    folder = tmp_path / "repo.git"
    store = Snapshots(folder)
    files = {f"src/part{i % 5}/file{i}.js": b"x%d" % i for i in range(50)}
    one = store.commit("r", files, b"{}")
    before = len(list((folder / "objects").glob("??/*")))
    store.commit("r", {**files, "src/part0/file0.js": b"new"}, b"{}", parent=one.id)
    # The blob, its folder, src, site, the commit's tree, the commit; the state is the same blob as before.
    assert len(list((folder / "objects").glob("??/*"))) - before == 6


def test_a_clone_of_the_store_works_like_the_store(tmp_path: Path) -> None:
    made = Snapshots(tmp_path / "repo.git").commit("r", FILES, b"{}")
    shutil.copytree(tmp_path / "repo.git", tmp_path / "copy.git")
    assert Snapshots(tmp_path / "copy.git").load(made.id) == made
