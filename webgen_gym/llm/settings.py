"""Which server, which model, which key: from arguments, else from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from webgen_gym.errors import UsageError

_OPENAI = "https://api.openai.com/v1"
_KEY_CHARS = 8


@dataclass(frozen=True, slots=True)
class Settings:
    """One model on one server. The key is in no repr; it is empty where the server needs none."""

    model: str
    base_url: str
    api_key: str = field(repr=False)

    @property
    def place(self) -> str:
        """The address without a user name, password or query: fit for a message."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    def clean(self, text: str) -> str:
        """A server's text without our key. One that is shorter than any real key is taken for a word like ``none``."""
        return text.replace(self.api_key, "[key]") if len(self.api_key) >= _KEY_CHARS else text


def settings(
    model: str | None = None,
    base_url: str | None = None,
    api_key: str | None = None,
    environment: Mapping[str, str] = os.environ,
) -> Settings:
    """An argument goes before WEBGEN_MODEL, OPENAI_BASE_URL and OPENAI_API_KEY; an empty one counts as not given.

    A server other than OpenAI's own needs no key. Raises UsageError where something is missing or the address is
    not one.
    """
    name = (model or environment.get("WEBGEN_MODEL", "")).strip()
    if not name:
        raise UsageError("No model was named: pass model or set WEBGEN_MODEL.")
    url = (base_url or environment.get("OPENAI_BASE_URL", "")).strip()
    key = (api_key or environment.get("OPENAI_API_KEY", "")).strip()
    if not url and not key:
        raise UsageError(
            "OpenAI needs a key: pass api_key or set OPENAI_API_KEY."
            " For another server pass base_url or set OPENAI_BASE_URL."
        )
    if not key.isascii() or not key.isprintable():
        raise UsageError("The key (api_key, OPENAI_API_KEY) holds characters that no HTTP header may carry.")
    if url and not _is_address(url):
        # It is not repeated: what cannot be taken apart may hold a password.
        raise UsageError("The model server's address (base_url, OPENAI_BASE_URL) must be an http:// or https:// URL.")
    return Settings(name, url or _OPENAI, key)


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
