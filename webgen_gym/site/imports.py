"""What the modules of a site import, as far as a bundler would see it from index.html. Pure.

Only precise enough to decide whether a running dev server can be kept: what is not understood
makes the two states differ, and then it is restarted.
"""

from __future__ import annotations

import posixpath
import re

from webgen_gym.types import Files

_IMPORT = re.compile(r"""(?:\bfrom|\bimport|\brequire|@import|@plugin)\s*\(?\s*(?:url\(\s*)?["']([^"'\n]+)["']""")
_SCRIPT = re.compile(r"""<(?:script|link)\b[^>]*?\b(?:src|href)\s*=\s*["']([^"'\n]+)["']""", re.IGNORECASE)
_GUESSES = ("", ".jsx", ".js", ".tsx", ".ts", ".mjs", ".css", "/index.jsx", "/index.js", "/index.tsx", "/index.ts")
_INDEX = "index.html"


def outside_imports(files: Files, root: str) -> frozenset[str]:
    """Everything imported, from index.html on, that is not a file of the site: packages, aliases, mistakes."""
    outside: set[str] = set()
    seen = {root + _INDEX}
    waiting = [root + _INDEX]
    while waiting:
        path = waiting.pop()
        for name in _names(path, files[path]) if path in files else ():
            inside = _resolve(files, root, path, name)
            if inside is None:
                outside.add(name)
            elif inside not in seen:
                seen.add(inside)
                waiting.append(inside)
    return frozenset(outside)


def _names(path: str, content: bytes) -> list[str]:
    text = content.decode("utf-8", errors="replace")
    found = _IMPORT.findall(text)
    return [*found, *_SCRIPT.findall(text)] if path.endswith(".html") else found


def _resolve(files: Files, root: str, path: str, name: str) -> str | None:
    clean = name.partition("?")[0]
    if clean.startswith("/"):
        base = posixpath.normpath(root + clean.lstrip("/"))
    elif clean.startswith(".") or path.endswith(".html"):
        base = posixpath.normpath(posixpath.join(posixpath.dirname(path), clean))
    else:
        return None
    return next((base + guess for guess in _GUESSES if base + guess in files), None)
