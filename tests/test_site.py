"""Whole sites, with the real npm, Vite and jail. What an earlier run has installed is used again."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.data.sites import SANDBOXES, edited, in_both, load, needs_jail, needs_node, package, site, warm_cache
from webgen_gym.errors import MissingTool
from webgen_gym.limits import Limits
from webgen_gym.sandbox import jail
from webgen_gym.site.probe import Answer, ask
from webgen_gym.site.site import Site
from webgen_gym.site.upstream import SocketUpstream, StaticUpstream
from webgen_gym.types import Files, Stage

REACT = load("react_vite")


async def get(shown: Site, path: str = "/") -> Answer:
    assert isinstance(shown.upstream, SocketUpstream)
    answer = await ask(shown.upstream, path, timeout_s=20, max_bytes=20_000_000)
    assert answer is not None
    return answer


def server_of(shown: Site) -> object:
    assert shown._up is not None
    return shown._up.server


@pytest.fixture
async def react(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    async with site(request.param, tmp_path, cache=warm_cache()) as shown:
        build = await shown.bring_up(REACT)
        assert build.ok, build
        yield shown


in_both_react = pytest.mark.parametrize("react", SANDBOXES, indirect=True)
in_a_jail_react = pytest.mark.parametrize("react", SANDBOXES[1:], indirect=True)


# ------------------------------------------------------------------ static sites


async def test_a_static_site_needs_no_server(tmp_path: Path) -> None:
    files = {"index.html": b"<h1>plain</h1>"}
    async with site("auto", tmp_path) as shown:
        build = await shown.bring_up(files)
        assert (build.ok, build.stage, build.kind, build.message, build.log) == (
            True,
            Stage.UP,
            "static",
            "The site started.",
            "",
        )
        assert shown.upstream == StaticUpstream(files, "")
        assert await shown.health() == ""


async def test_a_static_site_in_a_folder_is_said_in_the_log(tmp_path: Path) -> None:
    files = {"public/index.html": b"<h1>plain</h1>"}
    async with site("auto", tmp_path) as shown:
        build = await shown.bring_up(files)
        assert shown.upstream == StaticUpstream(files, "public")
        assert build.log == "index.html was found in public/; this folder is served.\n"


async def test_where_only_static_sites_are_shown_a_project_is_told_so(tmp_path: Path) -> None:
    async with site("auto", tmp_path, static_only=True) as shown:
        build = await shown.bring_up(REACT)
        assert (build.ok, build.stage, build.kind) == (False, Stage.START, "static")
        assert build.message.startswith("Only plain HTML, CSS and JavaScript files can be shown here")
        assert shown.upstream is None


async def test_a_site_that_is_no_site_shows_nothing_any_more(tmp_path: Path) -> None:
    async with site("auto", tmp_path) as shown:
        await shown.bring_up({"index.html": b""})
        build = await shown.bring_up({"package.json": b"{"})
        assert (build.ok, build.stage, build.kind) == (False, Stage.INSTALL, "node")
        assert shown.upstream is None


async def test_without_a_jail_the_machine_is_at_fault_and_not_the_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    jail.why_no_jail.cache_clear()
    try:
        async with site("auto", tmp_path) as shown:
            with pytest.raises(MissingTool, match="Install bubblewrap"):
                await shown.bring_up(REACT)
    finally:
        jail.why_no_jail.cache_clear()


# ------------------------------------------------------------------ React and Vite, as real replies write them


@needs_node
@in_both_react
async def test_a_react_site_without_a_configuration_is_served_with_its_plugin(react: Site) -> None:
    assert b'<script type="module" src="/src/main.jsx">' in (await get(react)).body
    module = (await get(react, "/src/App.jsx")).body
    assert b"react/jsx-dev-runtime" in module or b"react_jsx-dev-runtime" in module
    assert b"React.createElement" not in module


@needs_node
@in_both_react
async def test_an_edit_is_served_by_the_server_that_runs(react: Site) -> None:
    server = server_of(react)
    for word in ("evening", "night", "day"):
        build = await react.bring_up(edited(REACT, "src/App.jsx", "morning", word))
        assert build.ok
        assert f"Good {word}".encode() in (await get(react, "/src/App.jsx")).body
    assert server_of(react) is server
    assert await react.health() == ""


@needs_node
@in_a_jail_react
async def test_an_edit_of_several_modules_is_served_whole(react: Site) -> None:
    server = server_of(react)
    new = edited(edited(REACT, "src/App.jsx", "morning", "evening"), "src/App.css", "rebeccapurple", "teal")
    new = edited(new, "src/App.jsx", "import {", "import Card from './Card'\nimport {")
    new["src/Card.jsx"] = b"export default () => <p>a card</p>"
    await react.bring_up(new)
    assert server_of(react) is server
    assert b"Good evening" in (await get(react, "/src/App.jsx")).body
    assert b"teal" in (await get(react, "/src/App.css")).body
    assert b"a card" in (await get(react, "/src/Card.jsx")).body


@needs_node
@in_a_jail_react
async def test_a_mistake_and_its_repair_are_both_served(react: Site) -> None:
    await react.bring_up({**REACT, "src/App.jsx": b"export default <<<"})
    assert (await get(react, "/src/App.jsx")).status == 500
    await react.bring_up(REACT)
    repaired = await get(react, "/src/App.jsx")
    assert (repaired.status, b"Good morning" in repaired.body) == (200, True)
    assert "Internal server error" in react.said()


@needs_node
@in_a_jail_react
async def test_a_changed_configuration_starts_the_server_anew(react: Site) -> None:
    server = server_of(react)
    await react.bring_up({**REACT, "vite.config.js": b"export default { define: { WORD: '\"defined\"' } }"})
    assert server_of(react) is not server
    assert (await get(react)).status == 200


@needs_node
@in_both_react
async def test_a_server_that_died_is_started_anew_by_the_next_edit(react: Site) -> None:
    server = server_of(react)
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if process.cmdline()[:1] == ["node"] and any("vite" in word for word in process.cmdline()):
                process.kill()
    while not await react.health():
        await asyncio.sleep(0.05)
    assert (await react.bring_up(edited(REACT, "src/App.jsx", "morning", "evening"))).ok
    assert server_of(react) is not server
    assert b"Good evening" in (await get(react, "/src/App.jsx")).body


@needs_node
@in_a_jail_react
async def test_an_edit_that_the_server_does_not_notice_starts_it_anew(react: Site) -> None:
    blind = {**REACT, "vite.config.js": b"export default { server: { watch: { ignored: ['**'] } } }"}
    await react.bring_up(blind)
    server = server_of(react)
    await get(react, "/src/App.css")
    new = edited(blind, "src/App.css", "rebeccapurple", "teal")
    await react.bring_up(new)
    assert server_of(react) is not server
    assert b"teal" in (await get(react, "/src/App.css")).body


@in_both
async def test_the_log_is_the_same_whenever_and_wherever_the_site_is_brought_up(sandbox: str, tmp_path: Path) -> None:
    logs = []
    for number in range(2):
        async with site(sandbox, tmp_path / str(number), cache=warm_cache()) as shown:
            logs.append((await shown.bring_up(REACT)).log)
            logs.append((await shown.bring_up(edited(REACT, "src/App.jsx", "morning", "evening"))).log)
    assert len(set(logs)) == 1
    assert logs[0].startswith("$ npm install\nadded ")
    assert "\nThere is no vite.config; the Vite plug-ins that package.json names are used.\n" in logs[0]
    assert logs[0].endswith("ready in … s\n\n  ➜  Local:   http://localhost/\n")


@needs_node
@needs_jail
async def test_a_second_site_with_the_same_dependencies_installs_nothing(tmp_path: Path) -> None:
    async with site("jail", tmp_path / "one", cache=warm_cache()) as first:
        await first.bring_up(REACT)
    # With no time to install anything, only what is there already can be used.
    hurried = replace(Limits(), install_s=0.001)
    async with site("jail", tmp_path / "two", cache=warm_cache(), limits=hurried) as second:
        assert (await second.bring_up({**REACT, "src/App.css": b""})).ok
        assert (await get(second, "/src/App.jsx")).status == 200


@needs_node
@needs_jail
async def test_a_site_in_a_jail_cannot_change_what_other_sites_depend_on(tmp_path: Path) -> None:
    config = b"""
        import fs from 'node:fs'
        for (const path of ['node_modules/react/index.js', 'node_modules/planted.js', 'node_modules/.vite/mine']) {
            try { fs.writeFileSync(path, 'planted'); console.log('wrote', path) } catch (e) { console.log(e.code, path) }
        }
        export default {}
    """
    async with site("jail", tmp_path, cache=warm_cache()) as shown:
        build = await shown.bring_up({**REACT, "vite.config.js": config})
    assert "EROFS node_modules/react/index.js" in build.log
    assert "EROFS node_modules/planted.js" in build.log
    assert "wrote node_modules/.vite/mine" in build.log
    assert not list((warm_cache() / "deps").glob("*/node_modules/.vite/mine"))


@in_both
async def test_a_built_site_is_served(sandbox: str, tmp_path: Path) -> None:
    fields = json.loads(REACT["package.json"])
    fields["scripts"] = {"build": "vite build", "preview": "vite preview"}
    files: Files = {**REACT, "package.json": json.dumps(fields).encode()}
    async with site(sandbox, tmp_path, cache=warm_cache()) as shown:
        build = await shown.bring_up(files)
        assert build.ok, build
        assert "$ vite build\n" in build.log
        page = (await get(shown)).body.decode()
        bundle = page.split('src="')[1].split('"')[0]
        script = (await get(shown, bundle)).body
        # Built with the plug-in's JSX: nothing refers to a React that was never imported.
        assert b"Good morning" in script
        assert b"React.createElement(App" not in script


@needs_node
@needs_jail
async def test_a_build_that_vite_refuses_is_said(tmp_path: Path) -> None:
    fields = json.loads(REACT["package.json"])
    fields["scripts"] = {"build": "vite build", "preview": "vite preview"}
    files = {**REACT, "package.json": json.dumps(fields).encode(), "src/App.jsx": b"import './missing.css'"}
    async with site("jail", tmp_path, cache=warm_cache()) as shown:
        build = await shown.bring_up(files)
    assert (build.ok, build.stage, build.message) == (False, Stage.BUILD, "`vite build` ended with exit code 1.")
    assert "missing.css" in build.log
    assert str(tmp_path) not in build.log


@needs_node
@needs_jail
async def test_a_project_in_a_folder_is_brought_up_there(tmp_path: Path) -> None:
    files = {f"frontend/{path}": content for path, content in REACT.items()}
    async with site("jail", tmp_path, cache=warm_cache()) as shown:
        build = await shown.bring_up(files)
        assert build.ok, build
        assert build.log.startswith("package.json was found in frontend/; this folder is the project.\n")
        assert (await get(shown, "/src/App.jsx")).status == 200
        await shown.bring_up(edited(files, "frontend/src/App.jsx", "morning", "evening"))
        assert b"Good evening" in (await get(shown, "/src/App.jsx")).body


@needs_node
@needs_jail
async def test_many_sites_at_once(tmp_path: Path) -> None:
    async def one(number: int) -> bytes:
        async with site("jail", tmp_path / str(number), cache=warm_cache()) as shown:
            build = await shown.bring_up(edited(REACT, "src/App.jsx", "morning", f"number {number}"))
            assert build.ok, build
            return (await get(shown, "/src/App.jsx")).body

    bodies = await asyncio.gather(*(one(number) for number in range(4)))
    assert all(f"Good number {number}".encode() in body for number, body in enumerate(bodies))


# ------------------------------------------------------------------ other frameworks

OTHERS: dict[str, dict[str, bytes]] = {
    "vite 8 without a plug-in": {
        "package.json": package(
            {"dev": "vite"},
            type="module",
            devDependencies={"vite": "^8"},
            dependencies={"react": "^19", "react-dom": "^19"},
        ),
        "index.html": b'<div id="root"></div><script type="module" src="/src/main.jsx"></script>',
        "src/main.jsx": b"import {createRoot} from 'react-dom/client'\ncreateRoot(document.getElementById('root')).render(<h1>8</h1>)",
    },
    "express on a port of its own choice": {
        "package.json": package({"start": "node server.js"}, dependencies={"express": "^4"}),
        "server.js": b"require('express')().get('/', (q, r) => r.send('express')).listen(3000)",
    },
    "vue with tailwind": {
        "package.json": package(
            {"dev": "vite"},
            type="module",
            dependencies={"vue": "^3"},
            devDependencies={
                "vite": "^5",
                "@vitejs/plugin-vue": "^5",
                "tailwindcss": "^3",
                "postcss": "^8",
                "autoprefixer": "^10",
            },
        ),
        "index.html": b'<div id="app"></div><script type="module" src="/src/main.js"></script>',
        "src/main.js": b"import {createApp} from 'vue'; import App from './App.vue'; import './x.css'; createApp(App).mount('#app')",
        "src/App.vue": b"<template><h1 class='p-7'>vue</h1></template>",
        "src/x.css": b"@tailwind utilities;",
        "tailwind.config.js": b"export default { content: ['./src/**/*.vue'] }",
        "postcss.config.js": b"export default { plugins: { tailwindcss: {}, autoprefixer: {} } }",
    },
    "several servers at once": {
        "package.json": package(
            {"dev": "concurrently 'npm run api' 'npm run web'", "api": "node api.cjs", "web": "vite"},
            devDependencies={"vite": "^5", "concurrently": "^8"},
        ),
        "api.cjs": b"require('http').createServer((q, r) => r.end('api')).listen(process.env.PORT || 5000)",
        "index.html": b"<h1>web</h1>",
    },
    "next": {
        "package.json": package({"dev": "next dev"}, dependencies={"next": "^14", "react": "^18", "react-dom": "^18"}),
        "app/layout.js": b"export default ({children}) => <html><body>{children}</body></html>",
        "app/page.js": b"export default () => <h1>next page</h1>",
    },
}
PROOF = {
    "vite 8 without a plug-in": ("/src/main.jsx", b"jsx-dev-runtime"),
    "express on a port of its own choice": ("/", b"express"),
    "vue with tailwind": ("/src/x.css", b"p-7"),
    "several servers at once": ("/", b"<h1>web</h1>"),
    "next": ("/", b"next page"),
}


@pytest.mark.slow
@needs_node
@needs_jail
@pytest.mark.parametrize("what", OTHERS)
async def test_other_frameworks_come_up_in_a_jail(what: str, tmp_path: Path) -> None:
    async with site("jail", tmp_path, cache=warm_cache(), limits=Limits()) as shown:
        build = await shown.bring_up(OTHERS[what])
        assert build.ok, build
        path, proof = PROOF[what]
        assert proof in (await get(shown, path)).body


@pytest.mark.slow
@in_both
async def test_create_react_app_comes_up_and_builds(sandbox: str, tmp_path: Path) -> None:
    files = {
        "package.json": package(
            {"start": "react-scripts start", "build": "react-scripts build"},
            dependencies={"react": "^18", "react-dom": "^18", "react-scripts": "5.0.1"},
        ),
        "public/index.html": b'<div id="root"></div>',
        "src/index.js": b"import {createRoot} from 'react-dom/client'; const unused = 1\n"
        b"createRoot(document.getElementById('root')).render(<h1>cra</h1>)",
    }
    async with site(sandbox, tmp_path, cache=warm_cache()) as shown:
        build = await shown.bring_up(files)
        assert (build.ok, build.kind) == (True, "cra"), build
        assert b"bundle.js" in (await get(shown)).body
