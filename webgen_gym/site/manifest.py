"""package.json as a model wrote it, checked before any tool reads it. Pure."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from webgen_gym.errors import AgentFault

_KINDS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
_INSTALL_FIELDS = (*_KINDS, "peerDependenciesMeta", "overrides", "resolutions", "workspaces", "pnpm")
_REMOTE = re.compile(
    r"(git|github|gitlab|bitbucket|gist|https?|ssh)(\+\w+)?:|git@|[\w.-]+/[\w.-]+(#.*)?$", re.IGNORECASE
)
_LOCAL = re.compile(r"(file|link|portal):|\.{1,2}(/|$)|/|~/")


@dataclass(frozen=True, slots=True)
class Manifest:
    """What matters of a package.json.

    ``dependencies`` joins all kinds; ``install`` holds the fields, and nothing else, that decide
    what an installation yields. ``local`` says that some dependency is a folder of the project.
    """

    scripts: Mapping[str, str]
    dependencies: Mapping[str, str]
    install: Mapping[str, Any]
    manager: str
    local: bool


def read_manifest(content: bytes) -> Manifest:
    """Read and check it. Raises AgentFault with a sentence for its writer."""
    fields = _parse(content)
    scripts = _texts(fields, "scripts")
    dependencies = {name: spec for kind in _KINDS for name, spec in _texts(fields, kind).items()}
    for name, spec in (*dependencies.items(), *_nested(fields.get("overrides")), *_nested(fields.get("resolutions"))):
        _check_source(name, spec)
    manager = fields.get("packageManager")
    return Manifest(
        scripts={name: script for name, script in scripts.items() if script.strip()},
        dependencies=dependencies,
        install={name: fields[name] for name in _INSTALL_FIELDS if fields.get(name)},
        manager=manager.partition("@")[0] if isinstance(manager, str) else "",
        local=bool(fields.get("workspaces")) or any(_LOCAL.match(spec) for spec in dependencies.values()),
    )


def _parse(content: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise AgentFault("package.json is not UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise AgentFault(f"package.json is not valid JSON: {error.msg} (line {error.lineno}).") from error
    except (ValueError, RecursionError) as error:
        raise AgentFault(f"package.json is not valid JSON: {error}.") from error
    if not isinstance(fields, dict):
        raise AgentFault("package.json must hold a JSON object.")
    return fields


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not JSON")


def _texts(fields: Mapping[str, Any], name: str) -> dict[str, str]:
    value = fields.get(name) or {}
    if not isinstance(value, dict):
        raise AgentFault(f'"{name}" in package.json must be an object of strings.')
    for key, text in value.items():
        if not isinstance(text, str):
            raise AgentFault(f'"{name}" in package.json must hold strings, but "{key}" does not.')
    return value


def _nested(value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            if isinstance(inner, str):
                yield name, inner
            else:
                yield from _nested(inner)


def _check_source(name: str, spec: str) -> None:
    if _LOCAL.match(spec):
        _check_local(name, spec)
    elif _REMOTE.match(spec):
        raise AgentFault(
            f'Dependency "{name}" is "{spec}"; only packages of the npm registry can be installed, by version.'
        )


def _check_local(name: str, spec: str) -> None:
    path = posixpath.normpath(re.sub(r"^\w+:", "", spec))
    if path.startswith(("/", "~", "..")):
        raise AgentFault(f'Dependency "{name}" is "{spec}", which lies outside the project.')
