"""Our client and judge with a server that nobody here wrote: ``transformers serve``, with a tiny random model.

Its words are nonsense, so no verdict may come of them; whatever else crosses the wire is real.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import gymnasium as gym
import pytest

import webgen_gym  # noqa: F401 - registers the ids
from tests.replies import FINISH, VALIDATE, page
from tests.test_local_model import asked, picture
from tests.tiny_models import PATCH_PX, SIDE_PX, vision_model
from webgen_gym.envs.runtime import shared_runtime
from webgen_gym.errors import ModelFailed, ModelFailure
from webgen_gym.judges.vlm import Options, Paper
from webgen_gym.limits import ModelLimits
from webgen_gym.llm import Completion, OpenAIModel, Request

PACKAGES = ("torch", "transformers", "fastapi", "uvicorn")
MISSING = [name for name in PACKAGES if find_spec(name) is None]
READY_S = 240

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(MISSING), reason=f"not installed: {', '.join(MISSING)}; pip install 'transformers[serving]'"
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return vision_model(tmp_path_factory.mktemp("models") / "seeing")


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """The address of a server that serves the model of this folder."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).parent / "transformers", "serve", folder, "--device", "cpu"]
    server = subprocess.Popen(
        [*map(str, command), "--host", "127.0.0.1", "--port", str(port)],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    ready = threading.Event()
    listener = threading.Thread(target=_listen, args=(server, ready))
    listener.start()
    try:
        assert ready.wait(READY_S), f"transformers serve did not start within {READY_S} s"
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        server.wait()
        listener.join()
        assert server.stdout is not None
        server.stdout.close()


def _listen(server: subprocess.Popen[str], ready: threading.Event) -> None:
    """Read what the server prints, to its end; tell when it is ready."""
    assert server.stdout is not None
    for line in server.stdout:
        if "running on" in line:
            ready.set()


def answered(url: str, folder: Path, request: Request, limits: ModelLimits = ModelLimits()) -> Completion:  # noqa: B008
    async def work() -> Completion:
        async with OpenAIModel(str(folder), base_url=url, limits=limits) as model:
            return await model.complete(request)

    return asyncio.run(work())


def test_a_picture_arrives_as_its_tokens(url: str, folder: Path) -> None:
    without, seen = answered(url, folder, asked("Hello")), answered(url, folder, asked("Hello", picture(9)))
    assert seen.usage.prompt_tokens - without.usage.prompt_tokens == (SIDE_PX // PATCH_PX) ** 2


def test_what_is_answered_depends_on_the_picture(url: str, folder: Path) -> None:
    first, second = (answered(url, folder, asked("What is it?", picture(red), temperature=0.0)) for red in (0, 255))
    assert first.text != second.text


def test_the_limit_on_tokens_holds(url: str, folder: Path) -> None:
    answer = answered(url, folder, asked("Hello", max_tokens=5))
    assert (answer.usage.completion_tokens, answer.finish_reason) == (5, "length")


def test_the_deadline_holds_while_the_server_is_at_work(url: str, folder: Path) -> None:
    with pytest.raises(ModelFailed) as failed:
        answered(url, folder, asked("Hello", max_tokens=1500), ModelLimits(call_s=0.2))
    assert failed.value.reason is ModelFailure.TIMEOUT


def test_a_whole_episode_ends_and_no_garbage_is_a_verdict(url: str, folder: Path) -> None:
    model = OpenAIModel(str(folder), base_url=url)
    env = gym.make("webgen_gym:WebGenStatic-v0", judge=Paper(model, Options(max_tokens=24)))
    env.reset(seed=1)
    ends = []
    for reply in (page("<h1>Ferries</h1><p>Four a day.</p>"), page("<h1>Boats</h1><p>Five.</p>"), VALIDATE, FINISH):
        _, _, terminated, truncated, info = env.step(reply)
        ends.append((info["scored"], info["unscored_reason"] in set(ModelFailure), terminated, truncated))
    shared_runtime().run(model.close())
    env.close()
    assert ends[:2] == [(False, True, False, False)] * 2
    assert ends[-1][2:] == (True, False)


def test_answers_are_the_same_in_this_process(url: str, folder: Path) -> None:
    """The same weights, asked greedily through the server and as ``LocalModel``."""
    from webgen_gym.llm.local import LocalModel

    question = asked("What is on the page?", picture(60), temperature=0.0)

    async def here() -> Completion:
        async with LocalModel(folder) as model:
            return await model.complete(question)

    assert answered(url, folder, question).text.startswith(asyncio.run(here()).text)
