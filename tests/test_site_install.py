"""Dependencies: installed once, by the package manager alone, and what its failures mean."""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.data.sites import HERE as SITES
from tests.data.sites import SANDBOXES, load, needs_node, package, site
from webgen_gym.errors import InfraFault, MissingTool, StorageFailed, UsageError
from webgen_gym.limits import Limits
from webgen_gym.sandbox import Command, Finished, Mount, Running, choose
from webgen_gym.site import dependencies as dependencies_module
from webgen_gym.site import toolchain
from webgen_gym.site.dependencies import SCRATCH, Dependencies, DependencyCache
from webgen_gym.site.install import Installer, Order, Outcome
from webgen_gym.site.installed import installed
from webgen_gym.site.project import NodeProject, read_project
from webgen_gym.site.toolchain import Registry, Toolchain
from webgen_gym.types import Files, Stage

LIMITS = Limits()
ROOT = Path(__file__).parents[1]
TOOLS = Toolchain(20, "/usr/bin", (), frozenset({"npm", "pnpm", "yarn"}))
REGISTRY = Registry({"npm_config_registry": "https://mirror.example/"}, (), "https://mirror.example/")


# ------------------------------------------------------------------ a package manager that says what we tell it


@dataclass
class ScriptedSandbox:
    """Answers every command from a list, and remembers what it was asked."""

    answers: list[Finished]
    asked: list[Command] = field(default_factory=list)
    name: str = "scripted"
    own_loopback: bool = True

    def path(self, mount: Mount) -> str:
        return mount.target

    async def run(self, command: Command, *, timeout_s: float) -> Finished:
        self.asked.append(command)
        return self.answers.pop(0)

    async def spawn(self, command: Command) -> Running:
        raise AssertionError("nothing keeps running during an installation")

    async def close(self) -> None:
        return None

    @property
    def lines(self) -> list[str]:
        return [" ".join(word for word in command.argv if not word.startswith("--")) for command in self.asked]


OK = Finished(0, "added 3 packages in 2s\n", False, 2.0)


def failed(code: str, said: str = "") -> Finished:
    return Finished(
        1, f"npm error code {code}\nnpm error {said}\nnpm error A complete log of this run: /x\n", False, 1.0
    )


async def install(
    answers: Sequence[Finished], *, manager: str = "npm", locked: bool = False
) -> tuple[Outcome, ScriptedSandbox]:
    sandbox = ScriptedSandbox(list(answers))
    order = Order(manager, locked, Mount(Path("/s"), "/site", True), Mount(Path("/c"), "/downloads", True))
    return await Installer(sandbox, TOOLS, REGISTRY, LIMITS).install(order), sandbox


async def test_without_a_lock_there_is_one_plain_install() -> None:
    outcome, sandbox = await install([OK])
    assert sandbox.lines == ["npm install"]
    assert outcome == Outcome("", "$ npm install\nadded 3 packages in … s\n")


async def test_install_scripts_are_switched_off_on_the_command_line() -> None:
    for manager in ("npm", "pnpm", "yarn"):
        _, sandbox = await install([OK], manager=manager)
        assert "--ignore-scripts" in sandbox.asked[0].argv


async def test_only_the_installation_has_network_and_the_registrys_settings() -> None:
    _, sandbox = await install([OK])
    assert sandbox.asked[0].network
    assert sandbox.asked[0].env["npm_config_registry"] == "https://mirror.example/"


async def test_a_lock_is_followed() -> None:
    _, sandbox = await install([OK], locked=True)
    assert sandbox.lines == ["npm ci"]


async def test_a_lock_that_does_not_fit_is_passed_over() -> None:
    outcome, sandbox = await install([failed("EUSAGE", "lock file out of sync"), OK], locked=True)
    assert sandbox.lines == ["npm ci", "npm install"]
    assert outcome.problem == ""
    assert "$ npm ci\n" in outcome.log


async def test_a_peer_conflict_is_tried_once_more_and_said() -> None:
    outcome, sandbox = await install([failed("ERESOLVE", "could not resolve"), OK])
    assert sandbox.lines == ["npm install", "npm install"]
    assert "--legacy-peer-deps" in sandbox.asked[1].argv
    assert "$ npm install --legacy-peer-deps" in outcome.log


async def test_two_peer_conflicts_are_the_sites_fault() -> None:
    outcome, _ = await install([failed("ERESOLVE", "could not resolve"), failed("ERESOLVE", "still not")])
    assert outcome.problem == "npm install failed (ERESOLVE): still not"


@pytest.mark.parametrize("code", ["E404", "ETARGET", "EINVALIDPACKAGENAME", "EOVERRIDE", "E403", "ESOMETHINGNEW"])
async def test_what_is_not_known_to_be_ours_is_the_sites_fault(code: str) -> None:
    outcome, sandbox = await install([failed(code, "no such thing")])
    assert outcome.problem == f"npm install failed ({code}): no such thing"
    assert len(sandbox.asked) == 1


UNREACHABLE = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "E401", "E429", "E500", "E503"]


@pytest.mark.parametrize(
    "code", [*UNREACHABLE, "SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "CERT_HAS_EXPIRED"]
)
async def test_a_registry_that_cannot_be_reached_is_our_fault(code: str) -> None:
    with pytest.raises(InfraFault, match=rf"did not reach the package registry \({code}\)"):
        await install([failed(code, "request failed")])


async def test_a_full_disk_is_our_fault() -> None:
    with pytest.raises(StorageFailed):
        await install([failed("ENOSPC", "no space left")])


async def test_an_installation_that_takes_too_long_is_the_sites_fault() -> None:
    outcome, sandbox = await install([Finished(0, "", True, 180.0)])
    assert outcome.problem == "npm install was stopped after 180 s (limits.install_s)."
    assert len(sandbox.asked) == 1


async def test_the_word_error_in_a_good_installation_means_nothing() -> None:
    outcome, _ = await install([replace(OK, output="npm warn deprecated error-stack-parser: code ENOTFOUND error\n")])
    assert outcome.problem == ""


async def test_the_registrys_address_is_not_told() -> None:
    outcome, _ = await install([failed("E404", "404 Not Found - GET https://mirror.example/nope")])
    assert "mirror.example" not in outcome.problem + outcome.log
    assert "https://registry/nope" in outcome.problem


async def test_another_manager_reports_in_its_own_words() -> None:
    said = " ERR_PNPM_FETCH_404  GET https://mirror.example/nope: Not Found - 404"
    outcome, _ = await install([Finished(1, said, False, 1.0)], manager="pnpm")
    assert outcome.problem.startswith("pnpm install failed with exit code 1: ERR_PNPM_FETCH_404")
    with pytest.raises(InfraFault):
        await install(
            [Finished(1, "request to https://mirror.example failed, reason: ENOTFOUND", False, 1.0)], manager="yarn"
        )


# ------------------------------------------------------------------ what the key depends on


def project_of(files: Files) -> NodeProject:
    project = read_project(files, LIMITS)
    assert isinstance(project, NodeProject)
    return project


def key(files: dict[str, bytes]) -> str:
    return dependencies_module._wanted(project_of(files), files, TOOLS.managers).key(20)


SITE = load("react_vite")


def test_source_files_names_and_scripts_do_not_change_the_key() -> None:
    fields = json.loads(SITE["package.json"])
    other = {**fields, "name": "other", "version": "9.9.9", "scripts": {"start": "vite"}}
    reordered = {name: fields[name] for name in reversed(fields)}
    assert key({**SITE, "src/App.jsx": b"other"}) == key(SITE)
    assert key({**SITE, "package.json": json.dumps(other).encode()}) == key(SITE)
    assert key({**SITE, "package.json": json.dumps(reordered).encode()}) == key(SITE)


@pytest.mark.parametrize(
    "change",
    [
        {"dependencies": {"react": "^18.3.0", "react-dom": "^18.2.0"}},
        {"dependencies": {"react": "^18.2.0"}},
        {"overrides": {"scheduler": "0.23.0"}},
        {"packageManager": "yarn@1.22.0"},
    ],
)
def test_whatever_decides_the_installation_changes_the_key(change: dict[str, object]) -> None:
    fields = {**json.loads(SITE["package.json"]), **change}
    assert key({**SITE, "package.json": json.dumps(fields).encode()}) != key(SITE)


def test_a_lock_changes_the_key() -> None:
    assert key({**SITE, "package-lock.json": b"{}"}) != key(SITE)


def test_the_manifest_of_a_linked_package_changes_the_key_and_its_code_does_not() -> None:
    linked = load("scripts_canary")
    assert key({**linked, "lib/index.js": b"other"}) == key(linked)
    assert key({**linked, "lib/package.json": b'{"name": "noisy", "version": "2.0.0"}'}) != key(linked)


@pytest.mark.parametrize(
    ("name", "lock"),
    [
        ("package-lock.json", b'{"packages": {"x": {"resolved": "https://evil.example/x.tgz"}}}'),
        ("package-lock.json", b'{"packages": {"x": {"resolved": "git+ssh://git@github.com/a/b.git"}}}'),
        ("yarn.lock", b'x@^1:\n  resolved "http://169.254.169.254/x.tgz"\n'),
        ("pnpm-lock.yaml", b"packages:\n  x:\n    resolution: {tarball: https://evil.example/x.tgz}\n"),
    ],
)
def test_a_lock_that_fetches_from_elsewhere_is_ignored_and_this_is_said(name: str, lock: bytes) -> None:
    files = {**SITE, name: lock}
    wanted = dependencies_module._wanted(project_of(files), files, TOOLS.managers)
    assert wanted.lock == ""
    assert wanted.notes == (f"{name} fetches from outside the npm registry; it is ignored.",)


def test_a_lock_of_the_registry_is_kept() -> None:
    lock = b'{"packages": {"x": {"resolved": "https://registry.npmjs.org/x/-/x-1.0.0.tgz", "funding": {"url": "https://a.b"}}}}'
    files = {**SITE, "package-lock.json": lock}
    assert dependencies_module._wanted(project_of(files), files, TOOLS.managers).lock == "package-lock.json"


def test_a_manager_that_is_not_installed_is_replaced_by_npm_and_this_is_said() -> None:
    files = {**SITE, "pnpm-lock.yaml": b"lockfileVersion: '9.0'"}
    wanted = dependencies_module._wanted(project_of(files), files, frozenset({"npm"}))
    assert (wanted.manager, wanted.lock) == ("npm", "")
    assert wanted.notes == ("pnpm is not installed here; npm is used instead.",)


# ------------------------------------------------------------------ with the real npm

TINY = {"index.js": b"", "package.json": package({"start": "node index.js"}, dependencies={"is-number": "7.0.0"})}


async def provide(files: Files, cache: Path, sandbox: str = "process", limits: Limits = LIMITS) -> Dependencies:
    box = choose(sandbox, limits)
    try:
        return await DependencyCache(cache, limits).provide(project_of(files), files, box)
    finally:
        await box.close()


@needs_node
@pytest.mark.parametrize("sandbox", SANDBOXES)
async def test_a_set_is_installed_once_and_found_again(sandbox: str, tmp_path: Path) -> None:
    first = await provide(TINY, tmp_path, sandbox)
    assert first.modules is not None
    assert (first.modules / "is-number" / "package.json").is_file()
    assert all((first.modules / name).is_dir() for name in SCRATCH)
    no_time_to_install = replace(LIMITS, install_s=0.001)
    assert await provide({**TINY, "index.js": b"changed"}, tmp_path, sandbox, no_time_to_install) == first


@needs_node
async def test_a_hundred_sites_with_the_same_dependencies_store_them_once(tmp_path: Path) -> None:
    def site_number(number: int) -> Files:
        scripts = {"start": f"node index.js {number}"}
        manifest = package(scripts, name=f"site-{number}", dependencies={"is-number": "7.0.0"})
        return {"index.js": str(number).encode(), "package.json": manifest}

    found = {(await provide(site_number(number), tmp_path)).modules for number in range(100)}
    assert len(found) == 1
    assert len(installed(tmp_path / "deps")) == 1


@needs_node
async def test_room_is_made_for_a_new_set_by_the_one_that_was_used_least_recently(tmp_path: Path) -> None:
    old = await provide(TINY, tmp_path)
    kept = old.lease
    small = replace(LIMITS, dependencies_bytes=1)
    other = {**TINY, "package.json": package({"start": "node index.js"}, dependencies={"is-odd": "3.0.1"})}
    assert kept is not None
    held = await provide(other, tmp_path, limits=small)
    assert len(installed(tmp_path / "deps")) == 2
    del kept, old
    another = {**TINY, "package.json": package({"start": "node index.js"}, dependencies={"is-even": "1.0.0"})}
    assert (await provide(another, tmp_path, limits=small)).modules is not None
    assert held.modules is not None
    assert {item.folder for item in installed(tmp_path / "deps")} >= {held.modules.parent}
    assert len(installed(tmp_path / "deps")) == 2


@needs_node
async def test_two_processes_install_the_same_set_once(tmp_path: Path) -> None:
    program = f"""
import asyncio, pathlib
from tests.test_site_install import TINY, provide
print((asyncio.run(provide(TINY, pathlib.Path({str(tmp_path)!r})))).modules)
"""
    running = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=subprocess.PIPE, cwd=ROOT)
        for _ in range(3)
    ]
    said = {(await process.communicate())[0] for process in running}
    assert len(said) == 1
    folders = [path.name for path in (tmp_path / "deps").iterdir() if path.is_dir()]
    assert len(folders) == 1
    assert not folders[0].startswith(".")


@needs_node
@pytest.mark.parametrize("sandbox", SANDBOXES)
async def test_a_package_that_does_not_exist_is_said_and_not_kept(sandbox: str, tmp_path: Path) -> None:
    name = "webgen-gym-there-is-no-such-package"
    files = {**TINY, "package.json": package({"start": "node index.js"}, dependencies={name: "^1.0.0"})}
    async with site(sandbox, tmp_path) as shown:
        build = await shown.bring_up(files)
    assert (build.ok, build.stage) == (False, Stage.INSTALL)
    assert build.message.startswith("npm install failed (E404)")
    assert name in build.message
    assert "$ npm install\n" in build.log
    assert [path.name for path in (tmp_path / "cache" / "deps").iterdir() if path.is_dir()] == []


@needs_node
async def test_a_version_that_does_not_exist_is_said(tmp_path: Path) -> None:
    files = {**TINY, "package.json": package({"start": "node index.js"}, dependencies={"is-number": "^99.0.0"})}
    found = await provide(files, tmp_path)
    assert found.problem.startswith("npm install failed (ETARGET): No matching version found for is-number@^99.0.0")


@needs_node
async def test_a_registry_that_refuses_connections_is_our_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    toolchain.find_registry.cache_clear()
    try:
        with pytest.raises(InfraFault, match="ECONNREFUSED"):
            await provide(TINY, tmp_path)
    finally:
        toolchain.find_registry.cache_clear()


@needs_node
async def test_a_lock_that_fits_is_installed_exactly(tmp_path: Path) -> None:
    lock = {
        "lockfileVersion": 3,
        "packages": {"": {"dependencies": {"is-number": "^7.0.0"}}, "node_modules/is-number": {"version": "7.0.0"}},
    }
    files = {
        **TINY,
        "package.json": package({"start": "node index.js"}, dependencies={"is-number": "^7.0.0"}),
        "package-lock.json": json.dumps(lock).encode(),
    }
    found = await provide(files, tmp_path)
    assert found.problem == ""
    assert found.log == "$ npm ci\nadded 1 package in … s\n"


@needs_node
async def test_a_lock_that_does_not_fit_falls_back(tmp_path: Path) -> None:
    files = {**TINY, "package-lock.json": json.dumps({"lockfileVersion": 3, "packages": {"": {}}}).encode()}
    found = await provide(files, tmp_path)
    assert found.modules is not None
    assert found.log.index("$ npm ci") < found.log.index("$ npm install")


@needs_node
@pytest.mark.parametrize("sandbox", SANDBOXES)
async def test_no_install_script_runs_neither_the_projects_nor_a_dependencys(sandbox: str, tmp_path: Path) -> None:
    async with site(sandbox, tmp_path) as shown:
        build = await shown.bring_up(load("scripts_canary"))
        assert build.ok, build
        written = [path.name for path in tmp_path.rglob("ran-*")]
    assert written == []


@needs_node
def test_the_canary_sings_where_nobody_forbids_it(tmp_path: Path) -> None:
    version = subprocess.run(["npm", "--version"], capture_output=True, text=True, check=True).stdout
    if int(version.partition(".")[0]) >= 12:
        pytest.skip("npm 12 runs no install scripts by default")
    shutil.copytree(SITES / "scripts_canary", tmp_path / "site")
    subprocess.run(["npm", "install", "--no-audit"], cwd=tmp_path / "site", capture_output=True, check=True)
    assert {"ran-postinstall", "ran-root-postinstall"} <= {path.name for path in tmp_path.rglob("ran-*")}


@needs_node
async def test_the_projects_npmrc_is_not_read(tmp_path: Path) -> None:
    files = {**TINY, ".npmrc": b"registry=http://127.0.0.1:9/\nignore-scripts=false\n"}
    assert (await provide(files, tmp_path)).problem == ""


@needs_node
async def test_a_token_of_ours_is_not_handed_to_the_package_manager(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NPM_TOKEN", "canary-8841")
    monkeypatch.setenv("npm_config__auth", "canary-8841")
    toolchain.find_registry.cache_clear()
    found = await asyncio.to_thread(toolchain.find_registry)
    toolchain.find_registry.cache_clear()
    assert "canary-8841" not in repr(found)


@needs_node
async def test_a_project_without_dependencies_installs_nothing(tmp_path: Path) -> None:
    assert await provide({**TINY, "package.json": package({"start": "node index.js"})}, tmp_path) == Dependencies(None)
    assert not (tmp_path / "deps").exists()


@needs_node
async def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    wanted = dependencies_module._wanted(project_of(TINY), TINY, frozenset({"npm"}))
    tools = await asyncio.to_thread(toolchain.find_toolchain)
    left = tmp_path / "deps" / f".{wanted.key(tools.major)}-killed"
    (left / "site").mkdir(parents=True)
    assert (await provide(TINY, tmp_path)).problem == ""
    assert not left.exists()


@needs_node
async def test_a_damaged_set_is_installed_again(tmp_path: Path) -> None:
    first = await provide(TINY, tmp_path)
    assert first.modules is not None
    (first.modules.parent / "log").unlink()
    assert await provide(TINY, tmp_path) == first


@needs_node
async def test_a_cache_folder_that_cannot_be_used_is_the_callers_fault(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(UsageError, match="WEBGEN_CACHE names another one"):
        await provide(TINY, tmp_path / "cache")


async def test_without_node_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    toolchain.find_toolchain.cache_clear()
    try:
        with pytest.raises(MissingTool, match="node was not found, .* Install Node.js"):
            await provide(TINY, tmp_path)
    finally:
        toolchain.find_toolchain.cache_clear()


@needs_node
def test_node_outside_of_usr_is_shown_to_the_sandbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "node-v20"
    (home / "bin").mkdir(parents=True)
    said = f"#!/bin/sh\necho {home}/bin/node 20.1.0\n"
    (home / "bin" / "node").write_text(said)
    (home / "bin" / "node").chmod(0o755)
    monkeypatch.setenv("PATH", f"{home}/bin")
    toolchain.find_toolchain.cache_clear()
    try:
        found = toolchain.find_toolchain()
    finally:
        toolchain.find_toolchain.cache_clear()
    assert found.mounts == (Mount(home, str(home)),)
    assert found.path.startswith(f"{home}/bin:")
