"""Shows edits of source files through a Vite server that keeps running.

Only what is known to work is kept; for everything else ``modules_to_await`` or ``show`` says no,
and the server is restarted.
"""

from __future__ import annotations

import asyncio
import posixpath
import time
from collections.abc import Callable, Sequence

from webgen_gym.limits import Limits
from webgen_gym.site.imports import outside_imports
from webgen_gym.site.probe import Answer, ask
from webgen_gym.site.upstream import SocketUpstream
from webgen_gym.types import Files

_MODULES = (".js", ".jsx", ".ts", ".tsx", ".css")
_GLOB = b"import.meta.glob"
_PAUSE_S = 0.01
_BODY_BYTES = 8 * 1024 * 1024


def modules_to_await(old: Files, new: Files, root: str, prepared: frozenset[str]) -> tuple[str, ...] | None:
    """The addresses whose answers will differ; None where the server has to be restarted.

    Kept are changed and added modules in ``src/``, and index.html, as long as nothing is imported
    but what was ``prepared``, the outside imports of the files that the server started with.
    """
    changed = [path for path, content in new.items() if path in old and old[path] != content]
    added = [path for path in new if path not in old]
    if old.keys() - new.keys() or not all(_is_module(path, root) for path in (*changed, *added)):
        return None
    stems = {_stem(path) for path in old}
    if any(_stem(path) in stems for path in added):
        # Which of App.js and App.jsx an import means is decided when its importer is compiled.
        return None
    if any(_GLOB in content for content in new.values()):
        # Which modules a glob brings in, only the server knows.
        return None
    if not outside_imports(new, root) <= prepared:
        return None
    return tuple("/" + path.removeprefix(root) for path in changed)


async def show(upstream: SocketUpstream, addresses: Sequence[str], write: Callable[[], None], limits: Limits) -> bool:
    """Write the edits and wait until the server answers with them; False where it does not in time.

    Every address is asked for first: the server then holds the old answer, so that a new one
    proves that it has noticed the edit.
    """
    before = await asyncio.gather(*(_get(upstream, address, limits) for address in addresses))
    if any(answer is None or answer.status == 404 for answer in before):
        return False
    await asyncio.to_thread(write)
    deadline = time.monotonic() + limits.edit_seen_s
    waiting = list(zip(addresses, before, strict=True))
    while waiting:
        if time.monotonic() > deadline:
            return False
        answers = [(address, old, await _get(upstream, address, limits)) for address, old in waiting]
        waiting = [(address, old) for address, old, now in answers if now is None or now == old]
        if waiting:
            await asyncio.sleep(_PAUSE_S)
    return True


async def _get(upstream: SocketUpstream, address: str, limits: Limits) -> Answer | None:
    try:
        return await ask(upstream, address, timeout_s=limits.edit_seen_s, max_bytes=_BODY_BYTES)
    except TimeoutError:
        return None


def _is_module(path: str, root: str) -> bool:
    return path == f"{root}index.html" or (path.startswith(f"{root}src/") and path.endswith(_MODULES))


def _stem(path: str) -> str:
    stem = posixpath.splitext(path)[0]
    return stem.removesuffix("/index")
