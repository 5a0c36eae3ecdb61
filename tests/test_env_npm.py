"""The environment on npm projects: real npm, real Vite, in a real jail."""

import json
import shutil
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from tests.replies import VALIDATE
from webgen_gym.envs import WebGenEnv
from webgen_gym.judges.scripted import ScriptedFunctionality
from webgen_gym.replies.write import write_bolt
from webgen_gym.sandbox import why_no_jail
from webgen_gym.types import Edit, Task, WriteFile

pytestmark = [
    pytest.mark.node,
    pytest.mark.jail,
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
    pytest.mark.skipif(bool(why_no_jail()), reason=why_no_jail() or "the jail works"),
]

MANIFEST = {
    "name": "site",
    "private": True,
    "type": "module",
    "scripts": {"dev": "vite"},
    "dependencies": {"react": "19.2.0", "react-dom": "19.2.0"},
    "devDependencies": {"vite": "7.2.2", "@vitejs/plugin-react": "5.1.1"},
}
CONFIG = "import { defineConfig } from 'vite';\nimport react from '@vitejs/plugin-react';\nexport default defineConfig({ plugins: [react()] });\n"
INDEX = (
    '<!doctype html>\n<title>Site</title>\n<div id="root"></div>\n<script type="module" src="/src/main.jsx"></script>\n'
)
MAIN = "import { createRoot } from 'react-dom/client';\nimport App from './App.jsx';\ncreateRoot(document.getElementById('root')).render(<App />);\n"


def app(words: str) -> str:
    return f"export default function App() {{\n  return <h1>{words}</h1>;\n}}\n"


def reply(**files: str) -> str:
    names = {
        "manifest": "package.json",
        "config": "vite.config.js",
        "index": "index.html",
        "main": "src/main.jsx",
        "app": "src/App.jsx",
    }
    edits: list[Edit] = [WriteFile(names[name], text.encode()) for name, text in files.items()]
    return write_bolt(edits, title="Site")


WHOLE = reply(manifest=json.dumps(MANIFEST), config=CONFIG, index=INDEX, main=MAIN, app=app("First words"))


def make(**settings: Any) -> WebGenEnv:
    defaults: dict[str, Any] = {
        "tasks": [Task("site", "Build a site with words.")],
        "gui": ScriptedFunctionality(3.0),
        "sandbox": "jail",
        "cache": False,
    }
    return WebGenEnv(**{**defaults, **settings})


@pytest.fixture
def env() -> Iterator[WebGenEnv]:
    made = make()
    made.reset()
    yield made
    made.close()


def step(env: WebGenEnv, text: str) -> dict[str, Any]:
    info: dict[str, Any] = env.step(text)[4]
    return info


def seen(env: WebGenEnv) -> str:
    look = env.last_turn.look
    assert look is not None
    return look.measurements.text


def test_a_react_site_is_installed_started_edited_and_seen_each_time(env: WebGenEnv) -> None:
    assert step(env, WHOLE)["outcome"] == "shown"
    assert "First words" in seen(env)
    for words in ("Second words", "Third words"):
        assert step(env, reply(app=app(words)))["outcome"] == "shown"
        assert words in seen(env)
        assert env.last_turn.look is not None
        assert env.last_turn.look.status == 200
    assert "npm install" in env.seen.build_log


def test_a_mistake_in_a_module_is_told_in_the_servers_words_and_mended_in_the_next_turn(env: WebGenEnv) -> None:
    step(env, WHOLE)
    step(env, reply(app="export default function App() {\n  return <h1>Broken</h2>;\n}\n"))
    assert env.last_turn.error
    assert "src/App.jsx" in env.seen.feedback
    assert step(env, reply(app=app("Mended")))["error"] is not None
    assert "Mended" in seen(env)


def test_a_package_that_does_not_exist_is_a_sentence(env: WebGenEnv) -> None:
    broken = {**MANIFEST, "dependencies": {"webgen-gym-no-such-package": "1.0.0"}}
    info = step(env, reply(manifest=json.dumps(broken), index=INDEX, main=MAIN))
    assert info["outcome"] == "install_failed"
    assert "webgen-gym-no-such-package" in env.seen.feedback


def test_a_restored_state_is_built_anew_when_it_is_tested(env: WebGenEnv) -> None:
    first = step(env, WHOLE)
    step(env, reply(app=app("Other words")))
    env.restore(first["snapshot"])
    assert step(env, VALIDATE)["outcome"] == "validated"
    assert env.seen.functionality == 3.0


def test_nothing_runs_on_after_close() -> None:
    env = make()
    env.reset()
    step(env, WHOLE)
    running = [
        process for process in psutil.Process().children(recursive=True) if "vite" in " ".join(process.cmdline())
    ]
    assert running
    env.close()
    _, alive = psutil.wait_procs(running, timeout=10)
    assert alive == []


def servers() -> list[psutil.Process]:
    return [process for process in psutil.Process().children(recursive=True) if "vite" in " ".join(process.cmdline())]


def test_a_site_that_was_seen_before_is_started_when_it_is_tested() -> None:
    whole = reply(manifest=json.dumps(MANIFEST), config=CONFIG, index=INDEX, main=MAIN, app=app("Seen before"))
    for started in (True, False):
        env = make(cache=True, gui="explore")
        env.reset()
        assert step(env, whole)["outcome"] == "shown"
        assert "Seen before" in seen(env)
        assert bool(servers()) is started
        step(env, VALIDATE)
        assert env.last_turn.functionality is not None
        assert bool(servers())
        env.close()
