"""Node.js and the package managers of this machine, and how they are shown to a sandbox."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from webgen_gym.errors import MissingTool
from webgen_gym.sandbox.base import Mount

_ASK_S = 60
_SYSTEM = "/usr"
_SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"
_CERTIFICATES = ("/usr/", "/etc/ssl/", "/etc/pki/")
_HOW = "Install Node.js 20 or newer with npm (apt-get install nodejs npm; https://nodejs.org)"


@dataclass(frozen=True, slots=True)
class Toolchain:
    """``path`` is the PATH under which the tools are found; ``mounts`` shows those that are not in /usr."""

    major: int
    path: str
    mounts: tuple[Mount, ...]
    managers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Registry:
    """How this machine reaches the npm registry: settings for the package manager, without any token."""

    env: Mapping[str, str]
    mounts: tuple[Mount, ...]
    url: str


@functools.cache
def find_toolchain() -> Toolchain:
    """The tools of this machine. Blocks for some 50 ms, once. Raises MissingTool where there is no Node.js."""
    node = shutil.which("node")
    if node is None:
        raise MissingTool(f"node was not found, and this site needs it. {_HOW}")
    # The program on the PATH may be a shim of a version manager, which has no place in a jail.
    said = _ask([node, "-p", "process.execPath + ' ' + process.versions.node"])
    real, _, version = said.rpartition(" ")
    if not real:
        raise MissingTool(f"{node} does not run. {_HOW}")
    folder = Path(real).resolve().parent
    home = _home_of(folder)
    managers = frozenset(name for name in ("npm", "pnpm", "yarn") if _is_usable(name, folder, home))
    outside = home is not None
    return Toolchain(
        major=int(version.partition(".")[0]),
        path=f"{folder}:{_SYSTEM_PATH}" if outside else _SYSTEM_PATH,
        mounts=(Mount(home, str(home)),) if home is not None else (),
        managers=managers,
    )


@functools.cache
def find_registry() -> Registry:
    """How npm is set up on this machine. Blocks for some 150 ms, once."""
    names = ("registry", "cafile", "proxy", "https-proxy", "noproxy", "strict-ssl")
    said = _ask(["npm", "config", "get", *names]) if shutil.which("npm") else ""
    found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    settings = {name: found.get(name, "") for name in names}
    env = {
        f"npm_config_{name.replace('-', '_')}": value for name, value in settings.items() if value not in ("", "null")
    }
    extra = os.environ.get("NODE_EXTRA_CA_CERTS", "")
    if extra:
        env["NODE_EXTRA_CA_CERTS"] = extra
    files = {path for path in (extra, settings["cafile"]) if path.startswith("/") and Path(path).is_file()}
    mounts = tuple(Mount(Path(path), path) for path in sorted(files) if not path.startswith(_CERTIFICATES))
    return Registry(env, mounts, settings["registry"])


def _ask(argv: list[str]) -> str:
    try:
        done = subprocess.run(
            argv, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_ASK_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _home_of(folder: Path) -> Path | None:
    """The folder to show so that node works; None where it lies in /usr, which every sandbox shows."""
    if folder.is_relative_to(_SYSTEM):
        return None
    home = folder.parent
    # Never a whole home folder or disk, only because somebody put node into ~/bin.
    return folder if home in (Path.home(), *Path.home().parents, Path("/")) else home


def _is_usable(name: str, folder: Path, home: Path | None) -> bool:
    found = shutil.which(name, path=f"{folder}:{_SYSTEM_PATH}")
    if found is None:
        return False
    real = Path(found).resolve()
    # Corepack's stand-ins download the manager when they are first called.
    if "corepack" in real.parts:
        return False
    return real.is_relative_to(_SYSTEM) or (home is not None and real.is_relative_to(home))
