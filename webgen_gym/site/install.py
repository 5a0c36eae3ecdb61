"""One installation by a package manager, and what its failure means."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from webgen_gym.errors import InfraFault, StorageFailed
from webgen_gym.limits import Limits
from webgen_gym.sandbox.base import Command, Finished, Mount, Sandbox
from webgen_gym.site.log import Names, entry, joined
from webgen_gym.site.toolchain import Registry, Toolchain

_CODE = re.compile(r"^npm (?:error|ERR!) code (\S+)", re.MULTILINE)
_SAID = re.compile(r"^npm (?:error|ERR!) ?(?:code \S+$|(\d{3}|notarget) )?(.*)$", re.MULTILINE)
_OTHER_CODE = re.compile(r"\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ENOSPC)\b")
_UNREACHABLE = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|E401|E407|E429|E5\d\d"
    r"|\w*CERT\w*|UNABLE_TO_\w+"
)
_EMPTY_WORDS = ("Log files were not written", "A complete log of this run")
_SENTENCE_LINES = 3

_NPM_ENV: Mapping[str, str] = {
    "npm_config_globalconfig": "/dev/null",
    "npm_config_ignore_scripts": "true",
    "npm_config_prefer_offline": "true",
    "npm_config_audit": "false",
    "npm_config_fund": "false",
    "npm_config_update_notifier": "false",
    "npm_config_progress": "false",
    "npm_config_logs_max": "0",
    "npm_config_allow_git": "none",
    "npm_config_allow_remote": "none",
    "npm_config_fetch_retries": "2",
    "npm_config_fetch_retry_mintimeout": "500",
    "npm_config_fetch_retry_maxtimeout": "3000",
    "COREPACK_ENABLE_DOWNLOAD_PROMPT": "0",
}
_FLAGS: Mapping[str, tuple[str, ...]] = {
    "npm": ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"),
    "pnpm": ("--ignore-scripts", "--prefer-offline", "--no-frozen-lockfile"),
    "yarn": ("--ignore-scripts", "--non-interactive", "--no-progress", "--prefer-offline"),
}


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be installed where. ``site`` holds the manifest, ``cache`` the manager's downloads."""

    manager: str
    locked: bool
    site: Mount
    cache: Mount


@dataclass(frozen=True, slots=True)
class Outcome:
    """``problem`` is empty, or a sentence for the model; ``log`` is what was run and said."""

    problem: str
    log: str


class Installer:
    """Runs the package manager, and nothing else, with a way to the network."""

    def __init__(self, sandbox: Sandbox, tools: Toolchain, registry: Registry, limits: Limits) -> None:
        self._sandbox = sandbox
        self._tools = tools
        self._registry = registry
        self._limits = limits

    async def install(self, order: Order) -> Outcome:
        """Install, trying what a person would try next. Raises InfraFault where we or the registry are at fault."""
        deadline = time.monotonic() + self._limits.install_s
        names = self._names(order)
        log: list[str] = []
        done: Finished | None = None
        for shown, argv in self._attempts(order):
            if done is not None and not _is_worth(shown, done):
                continue
            done = await self._run(order, argv, max(1.0, deadline - time.monotonic()))
            log.append(entry(shown, names.normal(done.output)))
            if done.timed_out or done.exit_code == 0:
                break
        assert done is not None
        return Outcome(self._problem(order, done, names), joined(log))

    def _attempts(self, order: Order) -> Iterator[tuple[str, list[str]]]:
        flags = _FLAGS[order.manager]
        if order.manager == "npm" and order.locked:
            yield "npm ci", ["npm", "ci", *flags]
        yield f"{order.manager} install", [order.manager, "install", *flags]
        if order.manager == "npm":
            yield "npm install --legacy-peer-deps", ["npm", "install", "--legacy-peer-deps", *flags]

    async def _run(self, order: Order, argv: list[str], timeout_s: float) -> Finished:
        command = Command(
            argv=argv,
            cwd=self._sandbox.path(order.site),
            mounts=[order.site, order.cache, *self._tools.mounts, *self._registry.mounts],
            env={"PATH": self._tools.path, **_NPM_ENV, **self._registry.env, **self._cache_env(order)},
            network=True,
        )
        return await self._sandbox.run(command, timeout_s=timeout_s)

    def _cache_env(self, order: Order) -> dict[str, str]:
        folder = self._sandbox.path(order.cache)
        return {
            "npm_config_cache": f"{folder}/npm",
            "npm_config_store_dir": f"{folder}/pnpm",
            "YARN_CACHE_FOLDER": f"{folder}/yarn",
        }

    def _names(self, order: Order) -> Names:
        places = {self._sandbox.path(order.site): "", self._sandbox.path(order.cache): "cache"}
        if self._registry.url:
            places[self._registry.url] = "https://registry/"
        return Names(places)

    def _problem(self, order: Order, done: Finished, names: Names) -> str:
        what = f"{order.manager} install"
        if done.timed_out:
            return f"{what} was stopped after {self._limits.install_s:g} s (limits.install_s)."
        if done.exit_code == 0:
            return ""
        code = _code_of(done)
        said = names.hide(_sentence(done.output))
        if code == "ENOSPC":
            raise StorageFailed(f"{what} found the disk full: {said}")
        if _UNREACHABLE.fullmatch(code):
            raise InfraFault(f"{what} did not reach the package registry ({code}): {said}")
        return f"{what} failed{f' ({code})' if code else f' with exit code {done.exit_code}'}: {said}"


def _is_worth(shown: str, done: Finished) -> bool:
    """Whether an attempt can succeed where the one before it failed like this."""
    code = _code_of(done)
    return code == "ERESOLVE" if "legacy-peer-deps" in shown else code in ("EUSAGE", "ERESOLVE")


def _code_of(done: Finished) -> str:
    found = _CODE.search(done.output) or _OTHER_CODE.search(done.output if "npm " not in done.output else "")
    return found.group(1) if found else ""


def _sentence(output: str) -> str:
    lines = [match.group(2).strip() for match in _SAID.finditer(output)]
    said = [line for line in lines if line and not line.startswith(_EMPTY_WORDS)] or [
        line.strip() for line in output.splitlines()[-_SENTENCE_LINES:]
    ]
    return " ".join(said[:_SENTENCE_LINES])
