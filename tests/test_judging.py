"""One site judged once: from a folder, from an address."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import Runner
from webgen_gym.browser.chromium import Chromium
from webgen_gym.engine import Engine
from webgen_gym.errors import UsageError
from webgen_gym.judges.explore import Explore
from webgen_gym.judges.measured import Measured
from webgen_gym.judges.scripted import ScriptedAppearance, ScriptedFunctionality
from webgen_gym.judging import Judged, Judges, judge_site, read_site
from webgen_gym.limits import Limits
from webgen_gym.site.upstream import AddressUpstream
from webgen_gym.types import Score, Task

TASK = Task("shop", "Build a shop.")
EMBEDDED = Judges(Measured(), Explore())
HOME = '<!doctype html><title>Shop</title><link rel=stylesheet href=/s.css><h1>Shop</h1><a href="/more/">More</a>'
FILES = {"index.html": HOME, "s.css": "h1 { color: teal }", "more/index.html": "<title>More</title><h1>More</h1>"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, text in FILES.items():
        (tmp_path / "site" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / path).write_text(text)
    return tmp_path / "site"


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address(folder: Path) -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def judge(run: Runner, chromium: Chromium, source: str, judges: Judges = EMBEDDED) -> Judged:
    async def work() -> Judged:
        return await judge_site(source, TASK, judges, Engine(Limits(), chromium))

    return run(work())


def test_a_folder_is_judged(run: Runner, chromium: Chromium, folder: Path) -> None:
    judged = judge(run, chromium, str(folder))
    assert judged.build.ok
    assert judged.look is not None
    assert judged.look.title == "Shop"
    assert isinstance(judged.appearance, Score)
    assert isinstance(judged.functionality, Score)


def test_an_address_is_judged_like_the_folder_behind_it(
    run: Runner, chromium: Chromium, folder: Path, address: str
) -> None:
    from_folder, from_address = judge(run, chromium, str(folder)), judge(run, chromium, address)
    assert from_folder.look is not None
    assert from_address.look is not None
    assert from_address.look.screenshot == from_folder.look.screenshot
    assert from_address.appearance == from_folder.appearance
    assert from_address.functionality == from_folder.functionality


def test_the_path_of_an_address_is_the_page_that_is_looked_at(run: Runner, chromium: Chromium, address: str) -> None:
    judged = judge(run, chromium, f"{address}/more/")
    assert judged.look is not None
    assert judged.look.title == "More"


def test_a_half_that_was_not_asked_for_is_left_out(run: Runner, chromium: Chromium, folder: Path) -> None:
    judged = judge(run, chromium, str(folder), Judges(ScriptedAppearance(4.0), None))
    assert (judged.appearance, judged.functionality) == (Score(4.0), None)


def test_a_site_that_does_not_come_up_is_not_judged(run: Runner, chromium: Chromium, tmp_path: Path) -> None:
    (tmp_path / "readme.txt").write_text("no site")
    judged = judge(run, chromium, str(tmp_path), Judges(ScriptedAppearance(4.0), ScriptedFunctionality(4.0)))
    assert not judged.build.ok or (judged.look is not None and judged.look.problem)
    assert judged.appearance is None


def test_an_address_where_nobody_answers_is_said(run: Runner, chromium: Chromium) -> None:
    judged = judge(run, chromium, "http://127.0.0.1:9")
    assert judged.look is not None
    assert (judged.look.status, judged.look.title) == (502, "")


def test_what_is_not_source_is_left_out(folder: Path) -> None:
    for name in ("node_modules/x/index.js", "dist/index.html", ".git/config"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text("x")
    (folder / "link.html").symlink_to(folder / "index.html")
    assert read_site(folder, Limits()).keys() == FILES.keys()


def test_a_folder_that_is_missing_or_too_large_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="There is no folder"):
        read_site(folder / "none", Limits())
    with pytest.raises(UsageError, match=r"more than 2 files \(limits.files\)"):
        read_site(folder, replace(Limits(), files=2))
    with pytest.raises(UsageError, match=r"limits.source_bytes"):
        read_site(folder, replace(Limits(), source_bytes=10))


@pytest.mark.parametrize("url", ["ftp://example.com", "http://", "http://example.com:99999", "://x"])
def test_what_is_no_address_of_a_website_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="not the address of a website"):
        AddressUpstream.of(url)


def test_an_address_names_itself_without_its_usual_port() -> None:
    assert AddressUpstream.of("https://example.com/x").authority == "example.com"
    assert AddressUpstream.of("http://example.com:8080").origins == ("http://example.com:8080",)
    assert AddressUpstream.of("http://[::1]:80").authority == "[::1]"
