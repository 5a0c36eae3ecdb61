"""Replies for tests, written as a model would write them."""

from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Control, Edit, WriteFile

VALIDATE = write_bolt([], title="Test", control=Control.VALIDATE)
FINISH = write_bolt([], title="Done", control=Control.FINISH)
BACKTRACK = write_bolt([], title="Back", control=Control.BACKTRACK)
MALFORMED = "I would rather talk about the weather."


def page(body: str, **files: str) -> str:
    """A reply that writes index.html, and further files given as ``name_ext="…"``."""
    html = f"<!doctype html>\n<title>Page</title>\n<body>{body}</body>\n"
    edits: list[Edit] = [WriteFile("index.html", html.encode())]
    edits += [WriteFile(name.replace("_", "."), text.encode()) for name, text in files.items()]
    return write_bolt(edits, title="Page")


def package(manifest: str) -> str:
    """A reply that writes package.json."""
    return write_bolt([WriteFile("package.json", manifest.encode())], title="Package")
