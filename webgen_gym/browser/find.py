"""Which browser to use: an explicit path, Playwright's own, then the system's."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from webgen_gym.errors import MissingTool

VARIABLE = "WEBGEN_BROWSER"
# The headless shell first: it starts and shoots three to five times faster than full Chromium.
SYSTEM_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
HOW_TO_INSTALL = (
    "run 'playwright install chromium', or install your system's package 'chromium-headless-shell' or 'chromium'"
)


def find_browser(explicit: str | Path | None = None) -> Path:
    """The browser's executable.

    Looks at ``explicit``, then the environment variable WEBGEN_BROWSER, then Playwright's own
    download, then the programs in SYSTEM_BROWSERS.

    Raises:
        MissingTool: nothing was found, or the explicit path is not a program.
    """
    named = explicit or os.environ.get(VARIABLE)
    if named:
        return _named(Path(named))
    own = _playwrights_own()
    if own is not None:
        return own
    for name in SYSTEM_BROWSERS:
        found = shutil.which(name)
        if found:
            return Path(found)
    raise MissingTool(f"No Chromium was found to look at sites with; {HOW_TO_INSTALL}, or set {VARIABLE} to a path.")


def _named(path: Path) -> Path:
    found = shutil.which(str(path))
    if found is None:
        raise MissingTool(f"There is no browser at {path}; {HOW_TO_INSTALL}, or correct {VARIABLE}.")
    return Path(found)


def _playwrights_own() -> Path | None:
    """The newest headless shell or Chromium in Playwright's download folder.

    Looked up on disk, because asking Playwright means to start its driver first.
    """
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "") or _default_folder())
    names = ("headless_shell", "chrome-headless-shell", "chrome", "Chromium", "chrome.exe")
    for kind in ("chromium_headless_shell-*", "chromium-*"):
        for build in sorted(folder.glob(kind), key=_build_number, reverse=True):
            for name in names:
                for program in build.glob(f"*/{name}"):
                    return program
                for program in build.glob(f"*/Chromium.app/Contents/MacOS/{name}"):
                    return program
    return None


def _default_folder() -> Path:
    home = Path.home()
    if (home / "Library").is_dir():
        return home / "Library" / "Caches" / "ms-playwright"
    return Path(os.environ.get("XDG_CACHE_HOME", home / ".cache")) / "ms-playwright"


def _build_number(folder: Path) -> int:
    number = folder.name.rpartition("-")[2]
    return int(number) if number.isdigit() else 0
