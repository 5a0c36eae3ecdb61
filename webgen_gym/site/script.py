"""What a script of package.json starts, and what has to be added so that it serves on our port. Pure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_LAUNCHERS = {"npx", "cross-env", "exec", "env", "dotenv", "--"}
_RUNNERS = {"npm", "pnpm", "yarn"}
_FLAGS_OF_LAUNCHERS = {"-y", "--yes", "--no-install", "--no"}
_BUILT_FOLDERS = re.compile(r"^(\./)?(dist|build|out|public/build|\.output|\.next)(/|$)")
_DEPTH = 5

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Program:
    """The program that a script ends in, and its arguments; ``name`` is empty where only a shell could tell."""

    name: str = ""
    arguments: tuple[str, ...] = ()

    @property
    def verb(self) -> str:
        """The first argument, unless it is an option: ``dev`` of ``next dev``."""
        return self.arguments[0] if self.arguments and not self.arguments[0].startswith("-") else ""


def _vite(port: int) -> tuple[str, ...]:
    return ("--host", HOST, "--port", str(port), "--strictPort")


def _host_and_port(port: int) -> tuple[str, ...]:
    return ("--host", HOST, "--port", str(port))


_ADDED: Mapping[str, Callable[[int], tuple[str, ...]]] = {
    "vite": _vite,
    "next": lambda port: ("-H", HOST, "-p", str(port)),
    "astro": _host_and_port,
    "vue-cli-service": _host_and_port,
    "parcel": _host_and_port,
    "webpack": _host_and_port,
    "webpack-dev-server": _host_and_port,
    "http-server": lambda port: ("-a", HOST, "-p", str(port)),
    "live-server": lambda port: (f"--host={HOST}", f"--port={port}", "--no-browser"),
    "serve": lambda port: ("-l", f"tcp://{HOST}:{port}"),
}
"""Options of the programs that do not read HOST and PORT; the last of an option given twice counts."""


def resolve(name: str, scripts: Mapping[str, str]) -> list[str]:
    """The names of the scripts that stand for one another: ``start: npm run dev`` gives start, dev."""
    names = [name]
    for _ in range(_DEPTH):
        words = scripts[names[-1]].split()
        if not words or words[0] not in _RUNNERS or len(words) not in (2, 3):
            return names
        target = words[-1]
        if target.startswith("-") or target not in scripts or target in names or words[1:-1] not in ([], ["run"]):
            return names
        names.append(target)
    return names


def program(script: str) -> Program:
    """The last command of a script: where arguments go that are added to its end."""
    lexer = shlex.shlex(script, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:
        return Program()
    start = max((at for at, word in enumerate(words) if set(word) <= set("();<>|&")), default=-1)
    return _strip(words[start + 1 :])


def _strip(words: Sequence[str]) -> Program:
    rest = list(words)
    while rest and (_ASSIGNMENT.match(rest[0]) or rest[0] in _LAUNCHERS | _FLAGS_OF_LAUNCHERS):
        rest.pop(0)
    if not rest:
        return Program()
    return Program(rest[0].rpartition("/")[2].removesuffix(".js"), tuple(rest[1:]))


def serving_arguments(last: Program, port: int) -> tuple[str, ...]:
    """What makes a program serve on our port, where HOST and PORT in the environment do not."""
    added = _ADDED.get(last.name)
    return added(port) if added else ()


def serves_a_build(last: Program) -> bool:
    """Whether the program shows what an earlier build has written."""
    if last.name in ("vite", "astro") and last.verb == "preview":
        return True
    if last.name == "next" and last.verb == "start":
        return True
    return last.name != "vite" and any(_BUILT_FOLDERS.match(word) for word in last.arguments)
