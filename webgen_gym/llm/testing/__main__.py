"""``python -m webgen_gym.llm.testing --port 8000 --replies replies.jsonl``: the fault server until Ctrl-C.

Each line of the file is a JSON string (a text to say) or ``{"fault": "rate_limited"}``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
from pathlib import Path

from webgen_gym.errors import UsageError
from webgen_gym.llm.testing.faults import Fault
from webgen_gym.llm.testing.server import FaultServer, Reply


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m webgen_gym.llm.testing", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port on the loopback interface; 0 lets the kernel choose")
    parser.add_argument("--replies", type=Path, help="JSONL file of replies; without it every answer is the same")
    arguments = parser.parse_args()
    try:
        script: list[Reply] = read_script(arguments.replies) if arguments.replies else ["An answer."]
    except UsageError as error:
        parser.error(str(error))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(script, arguments.port))


async def serve(script: list[Reply], port: int) -> None:
    """Serve until cancelled."""
    server = FaultServer(script)
    await server.start(port)
    print(server.url, flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        await server.stop()


def read_script(path: Path) -> list[Reply]:
    """The replies of a file. Raises UsageError, which names the line, for one that is neither text nor fault."""
    lines = path.read_text(encoding="utf-8").splitlines()
    script = [_reply(line, f"{path.name}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not script:
        raise UsageError(f"{path.name} holds no reply.")
    return script


def _reply(line: str, at: str) -> Reply:
    try:
        value = json.loads(line)
        return value if isinstance(value, str) else Fault(value["fault"])
    except (ValueError, KeyError, TypeError):
        raise UsageError(f'{at}: a reply is a JSON string or {{"fault": one of {", ".join(Fault)}}}.') from None


if __name__ == "__main__":
    main()
