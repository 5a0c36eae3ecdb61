"""What a reply may do to the files, and what it may not."""

import pytest

from webgen_gym.errors import AgentFault, EditRefused, PatchFailed
from webgen_gym.limits import Limits
from webgen_gym.types import DeleteFile, Edit, Hunk, PatchFile, RenameFile, WriteFile
from webgen_gym.workspace import Workspace

SMALL = Limits(file_bytes=100, files=3, source_bytes=150, path_bytes=40, path_depth=3)


def workspace(limits: Limits = SMALL, **files: str) -> Workspace:
    return Workspace(limits, {name.replace("_", "."): text.encode() for name, text in files.items()})


HOSTILE_PATHS = {
    "absolute": "/etc/passwd",
    "parent": "../outside.html",
    "parent in the middle": "src/../../outside.html",
    "parent at the end": "src/..",
    "windows separator": "src\\index.html",
    "windows parent": "..\\outside.html",
    "UNC": "\\\\server\\share\\x",
    "drive": "C:/windows/x",
    "drive relative": "c:x",
    "null byte": "a\x00.html",
    "newline": "a\nb.html",
    "escape character": "a\x1b[2J.html",
    "empty": "",
    "only a dot": ".",
    "only dots": "..",
    "empty part": "src//index.html",
    "trailing slash": "src/",
    "dot part": "src/./index.html",
    "trailing dot": "index.html.",
    "trailing space": "index.html ",
    "leading space": " index.html",
    "space before the separator": "src /index.html",
    "decomposed Unicode": "cafe\u0301.html",
    "right-to-left override": "a\u202egnp.html",
    "lone surrogate": "a\ud800.html",
    "too long": "a" * 60 + ".html",
    "too deep": "a/b/c/d.html",
    "dependencies": "node_modules/react/index.js",
    "dependencies below": "app/node_modules/x.js",
    "dependencies, other case": "Node_Modules/x.js",
    "git": ".git/config",
    "git below": "src/.git/hooks",
}


def edits_at(path: str) -> dict[str, Edit]:
    return {
        "write": WriteFile(path, b"x"),
        "patch": PatchFile(path, (Hunk("", "x"),)),
        "delete": DeleteFile(path),
        "rename from": RenameFile(path, "b.html"),
        "rename to": RenameFile("index.html", path),
    }


@pytest.mark.parametrize("kind", list(edits_at("x")))
@pytest.mark.parametrize("path", HOSTILE_PATHS.values(), ids=list(HOSTILE_PATHS))
def test_a_path_that_leaves_the_workspace_or_is_not_portable_is_refused(kind: str, path: str) -> None:
    site = workspace(index_html="home")
    before = dict(site.files)
    with pytest.raises(EditRefused, match=r"^(Edit|Delete|Rename) refused: "):
        site.apply([edits_at(path)[kind]])
    assert dict(site.files) == before


@pytest.mark.parametrize(
    "path", ["index.html", "src/App.jsx", "ünïcode/日本.html", "pages/[id].tsx", "a b/c.txt", ".env"]
)
def test_a_portable_relative_path_is_accepted(path: str) -> None:
    site = Workspace(Limits())
    site.apply([WriteFile(path, b"x")])
    assert dict(site.files) == {path: b"x"}


def test_a_leading_dot_slash_is_dropped() -> None:
    site = workspace()
    site.apply([WriteFile("./index.html", b"x")])
    assert list(site.files) == ["index.html"]


def test_edits_of_one_reply_are_applied_all_or_not_at_all() -> None:
    site = workspace(index_html="home")
    with pytest.raises(EditRefused):
        site.apply([WriteFile("index.html", b"new"), DeleteFile("index.html"), WriteFile("../x", b"y")])
    assert dict(site.files) == {"index.html": b"home"}


def test_edits_of_one_reply_are_applied_in_order() -> None:
    site = workspace()
    site.apply([WriteFile("a.txt", b"one"), RenameFile("a.txt", "b.txt"), PatchFile("b.txt", (Hunk("one", "two"),))])
    assert dict(site.files) == {"b.txt": b"two"}


def test_writing_what_is_there_already_changes_nothing() -> None:
    assert workspace(index_html="home").apply([WriteFile("index.html", b"home")]) is False


LIMITS_BROKEN = {
    "100": [WriteFile("a.txt", b"x" * 101)],
    "3": [WriteFile(f"{i}.txt", b"x") for i in range(4)],
    "150": [WriteFile("a.txt", b"x" * 90), WriteFile("b.txt", b"x" * 90)],
}


@pytest.mark.parametrize("limit", list(LIMITS_BROKEN))
def test_a_broken_limit_is_named_with_its_value(limit: str) -> None:
    with pytest.raises(EditRefused, match=rf"the limit is {limit} \(limits\."):
        workspace().apply(LIMITS_BROKEN[limit])


def test_a_file_cannot_lie_below_a_file() -> None:
    with pytest.raises(EditRefused, match=r"lies below 'index\.html', which is a file"):
        workspace(index_html="x").apply([WriteFile("index.html/a.js", b"x")])


def test_a_file_cannot_take_the_place_of_a_folder() -> None:
    site = workspace()
    site.apply([WriteFile("src/a.js", b"x")])
    with pytest.raises(EditRefused, match=r"'src' is a folder; it holds 'src/a\.js'"):
        site.apply([WriteFile("src", b"x")])


def test_two_paths_may_not_differ_in_case_alone() -> None:
    with pytest.raises(EditRefused, match="only in upper and lower case"):
        workspace(index_html="x").apply([WriteFile("Index.html", b"y")])


def test_deleting_a_folder_deletes_what_it_holds() -> None:
    site = workspace()
    site.apply([WriteFile("src/a.js", b"x"), WriteFile("src/b.js", b"x"), WriteFile("srcs.js", b"x")])
    site.apply([DeleteFile("src/")])
    assert list(site.files) == ["srcs.js"]


@pytest.mark.parametrize("edit", [DeleteFile("gone.js"), RenameFile("gone.js", "b.js")])
def test_a_missing_file_is_named_with_what_there_is(edit: Edit) -> None:
    with pytest.raises(AgentFault, match=r"There is: index\.html\."):
        workspace(index_html="x").apply([edit])


def test_a_patch_of_a_missing_file_says_so() -> None:
    with pytest.raises(PatchFailed, match=r"there is no file 'gone\.js' to patch"):
        workspace(index_html="x").apply([PatchFile("gone.js", (Hunk("a", "b"),))])


def test_a_patch_of_a_picture_is_refused() -> None:
    site = Workspace(SMALL, {"a.png": b"\xff\xfe\x00"})
    with pytest.raises(PatchFailed, match="not a text file"):
        site.apply([PatchFile("a.png", (Hunk("a", "b"),))])


def test_bytes_that_are_not_text_survive_as_they_are() -> None:
    site = workspace()
    site.apply([WriteFile("a.bin", b"\xc3\x28\x00\r\n")])
    assert site.files["a.bin"] == b"\xc3\x28\x00\r\n"
