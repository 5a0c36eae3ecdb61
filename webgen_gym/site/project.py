"""Which kind of site a set of files is, and how it is brought up. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from webgen_gym.errors import AgentFault
from webgen_gym.limits import Limits
from webgen_gym.site import script
from webgen_gym.site.manifest import Manifest, read_manifest
from webgen_gym.site.script import Program
from webgen_gym.types import Files, Stage

MANIFEST = "package.json"
INDEX = "index.html"
MODULES = "node_modules"

_LOCKS = {"package-lock.json": "npm", "npm-shrinkwrap.json": "npm", "pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn"}
_SERVING = ("dev", "start", "serve", "preview")
_FRAMEWORKS = {"vite": "vite", "next": "next", "react-scripts": "cra"}
_PLAIN_SERVERS = ("node", "nodemon", "tsx", "ts-node", "serve", "http-server", "live-server")
_BUNDLERS = (*_FRAMEWORKS, "parcel", "webpack", "astro", "nuxt", "@vue/cli-service", "@angular/cli")
_CONFIGS = tuple(f"vite.config.{ending}" for ending in ("js", "mjs", "ts", "cjs", "mts", "cts"))


@dataclass(frozen=True, slots=True)
class StaticProject:
    """Plain files; ``root`` is empty or the folder of index.html with a slash at its end."""

    root: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NodeProject:
    """A package with a script that serves.

    ``kind`` is ``vite``, ``next``, ``cra`` or ``node``. ``before`` lists the scripts that run first
    and end, ``serve`` is the text of the one that keeps running and ``last`` its last command.
    ``lock`` is the path of the lock file that counts, or empty. ``configured`` says that Vite has
    a configuration of its own.
    """

    root: str
    kind: str
    manager: str
    lock: str
    manifest: Manifest
    before: tuple[str, ...]
    serve: str
    last: Program
    configured: bool
    notes: tuple[str, ...] = ()

    @property
    def is_live(self) -> bool:
        """Whether edits of source files show without a restart."""
        return self.last.name == "vite" and self.last.verb in ("", "dev", "serve")


@dataclass(frozen=True, slots=True)
class Unusable:
    """Nothing that could be brought up; ``message`` is a sentence for the model."""

    kind: str
    stage: Stage
    message: str


Project = StaticProject | NodeProject | Unusable


def read_project(files: Files, limits: Limits) -> Project:
    """What these files are. Never raises."""
    try:
        root, notes = _package_root(files)
        if root is None:
            return _static(files, "", ())
        manifest = read_manifest(files[root + MANIFEST])
    except AgentFault as fault:
        return Unusable("node", Stage.INSTALL, fault.message)
    name = next((name for name in _SERVING if name in manifest.scripts), None)
    if name is None:
        return _without_server(files, root, manifest, notes)
    return _node(files, root, manifest, name, notes, limits)


def _package_root(files: Files) -> tuple[str | None, tuple[str, ...]]:
    """The folder of the package.json that counts. Raises AgentFault where there are several."""
    if MANIFEST in files:
        return "", ()
    folders = _folders_with(files, MANIFEST)
    if INDEX in files or not folders:
        return None, ()
    if len(folders) > 1:
        raise AgentFault(
            f"There is no package.json at the root, but one in each of {', '.join(folders)}; one is needed."
        )
    return folders[0], (f"package.json was found in {folders[0]}; this folder is the project.",)


def _folders_with(files: Files, name: str) -> list[str]:
    parts = (path.split("/") for path in files)
    return sorted(f"{part[0]}/" for part in parts if len(part) == 2 and part[1] == name and part[0] != MODULES)


def _static(files: Files, root: str, notes: tuple[str, ...]) -> Project:
    if root + INDEX in files:
        return StaticProject(root, notes)
    folders = [] if root else _folders_with(files, INDEX)
    if len(folders) == 1:
        return StaticProject(folders[0], (*notes, f"index.html was found in {folders[0]}; this folder is served."))
    what = "There is neither an index.html nor a package.json" if files else "There are no files"
    return Unusable("static", Stage.START, f"{what} at the root of the project, so nothing can be shown.")


def _without_server(files: Files, root: str, manifest: Manifest, notes: tuple[str, ...]) -> Project:
    needs_tool = next((name for name in _BUNDLERS if name in manifest.dependencies), None)
    if needs_tool is None and root + INDEX in files:
        return StaticProject(root, notes)
    return Unusable("node", Stage.START, 'package.json has no script "dev", "start", "serve" or "preview".')


def _node(
    files: Files, root: str, manifest: Manifest, name: str, notes: tuple[str, ...], limits: Limits
) -> NodeProject | Unusable:
    scripts = manifest.scripts
    chain = script.resolve(name, scripts)
    last = script.program(scripts[chain[-1]])
    built = script.serves_a_build(last) or chain[-1] == "preview"
    steps = [*(("prebuild", "build", "postbuild") if built else ()), *(f"pre{link}" for link in chain)]
    before = tuple(scripts[step] for step in steps if step in scripts)
    serve = scripts[chain[-1]].strip()
    if problem := _unusable_script([*before, serve], limits):
        return Unusable("node", Stage.START, problem)
    manager, lock = _manager(files, root, manifest)
    configured = any(root + config in files for config in _CONFIGS)
    return NodeProject(
        root, _kind(last, serve, manifest), manager, lock, manifest, before, serve, last, configured, notes
    )


def _unusable_script(texts: list[str], limits: Limits) -> str:
    for text in texts:
        size = len(text.encode(errors="replace"))
        if size > limits.script_bytes:
            return (
                f"A script in package.json has {size} bytes; {limits.script_bytes} are allowed (limits.script_bytes)."
            )
        if "\x00" in text or any(0xD800 <= ord(letter) <= 0xDFFF for letter in text):
            return "A script in package.json holds characters that no command line can hold."
    return ""


def _kind(last: Program, serve: str, manifest: Manifest) -> str:
    if last.name in _FRAMEWORKS:
        return _FRAMEWORKS[last.name]
    if last.name in _PLAIN_SERVERS and "vite" not in re.findall(r"[\w.-]+", serve):
        return "node"
    # Several programs at once, or one that is not known: the framework is what people want to see.
    return next((kind for name, kind in _FRAMEWORKS.items() if name in manifest.dependencies), "node")


def _manager(files: Mapping[str, bytes], root: str, manifest: Manifest) -> tuple[str, str]:
    found = [name for name in _LOCKS if root + name in files]
    if manifest.manager in _LOCKS.values():
        lock = next((name for name in found if _LOCKS[name] == manifest.manager), "")
        return manifest.manager, root + lock if lock else ""
    if found:
        return _LOCKS[found[0]], root + found[0]
    return "npm", ""
