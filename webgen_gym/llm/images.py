"""What kind of picture some bytes are."""

from __future__ import annotations

from webgen_gym.errors import UsageError

_MAGIC = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}


def media_type_of(data: bytes) -> str:
    """The media type of a PNG, JPEG, GIF or WebP file. Raises UsageError for any other bytes."""
    for magic, media_type in _MAGIC.items():
        if data.startswith(magic):
            return media_type
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    raise UsageError(
        "A picture for a model must be a PNG, JPEG, WebP or GIF file;"
        f" these {len(data)} bytes begin with {data[:12]!r}."
    )
