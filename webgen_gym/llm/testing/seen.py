"""What the server was asked, for assertions."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_DATA_URL = re.compile(r"data:([\w/+.-]+);base64,(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SeenRequest:
    """One request for a completion. Header names are lower case."""

    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def model(self) -> str:
        """The model that was asked for."""
        return str(self.body.get("model", ""))

    @property
    def key(self) -> str:
        """The key that was sent."""
        return self.headers.get("authorization", "").removeprefix("Bearer ")

    @property
    def streams(self) -> bool:
        """Whether an event stream was asked for."""
        return self.body.get("stream") is True

    @property
    def roles(self) -> list[str]:
        """Who speaks, message by message."""
        return [message["role"] for message in self.body["messages"]]

    @property
    def texts(self) -> list[str]:
        """The text of each message."""
        return [
            "\n".join(part["text"] for part in _parts(message) if part["type"] == "text") for message in self._messages
        ]

    @property
    def images(self) -> list[tuple[str, bytes]]:
        """Every picture as (the media type that its URL claims, its bytes)."""
        urls = [
            part["image_url"]["url"]
            for message in self._messages
            for part in _parts(message)
            if part["type"] == "image_url"
        ]
        matches = [_DATA_URL.fullmatch(url) for url in urls]
        return [(match[1], base64.b64decode(match[2])) for match in matches if match]

    @property
    def _messages(self) -> list[Mapping[str, Any]]:
        return list(self.body.get("messages", []))


def _parts(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = message.get("content") or ""
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
