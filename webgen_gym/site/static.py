"""Answers for a static site, straight from the workspace: no server, no port, no disk."""

from __future__ import annotations

import html
import mimetypes
import posixpath
from typing import NamedTuple
from urllib.parse import unquote

from webgen_gym.site.upstream import StaticUpstream

# The table of the library alone, without what the machine has in /etc: the same site must give
# the same types everywhere.
_TYPES = mimetypes.MimeTypes(filenames=())
for _type, _suffix in (
    ("text/javascript", ".mjs"),
    ("text/javascript", ".js"),
    ("text/javascript", ".jsx"),
    ("image/webp", ".webp"),
    ("image/avif", ".avif"),
    ("font/woff2", ".woff2"),
    ("font/woff", ".woff"),
    ("application/wasm", ".wasm"),
    ("application/manifest+json", ".webmanifest"),
):
    _TYPES.add_type(_type, _suffix)


class Answer(NamedTuple):
    """One HTTP answer. ``location`` is set for a redirect."""

    status: int
    content_type: str
    body: bytes
    location: str = ""


def answer(upstream: StaticUpstream, target: str) -> Answer:
    """The answer to ``GET target``; a folder without its slash is redirected, as static hosts do."""
    path = unquote(target.partition("?")[0].partition("#")[0])
    name = posixpath.normpath("/" + path).lstrip("/")
    base = posixpath.join(upstream.root, name) if upstream.root else name
    for candidate in _candidates(base, folder=path.endswith("/")):
        content = upstream.files.get(candidate)
        if content is not None:
            return Answer(200, _content_type(candidate), content)
    if _is_folder(upstream, base):
        return Answer(301, "text/plain; charset=utf-8", b"", location=path + "/")
    if name == "favicon.ico":
        # Browsers ask for it unbidden; a missing one is no fault of the site.
        return Answer(204, "image/x-icon", b"")
    return Answer(404, "text/html; charset=utf-8", _not_found(path))


def _candidates(base: str, *, folder: bool) -> tuple[str, ...]:
    index = posixpath.join(base, "index.html") if base else "index.html"
    if folder or base in {"", "."}:
        return (index if base != "." else "index.html",)
    return (base, base + ".html")


def _is_folder(upstream: StaticUpstream, base: str) -> bool:
    return bool(base) and posixpath.join(base, "index.html") in upstream.files


def _content_type(path: str) -> str:
    guessed, _ = _TYPES.guess_type(path)
    kind = guessed or "application/octet-stream"
    if kind.startswith("text/") or kind in {"application/json", "image/svg+xml"}:
        return f"{kind}; charset=utf-8"
    return kind


def _not_found(path: str) -> bytes:
    shown = html.escape(path)
    return f"<!doctype html><title>404</title><h1>404</h1><p>There is no file for {shown}.</p>".encode()
