"""An agent that makes small valid edits without any aim: the floor of a benchmark, and a stress for the engine."""

from __future__ import annotations

from random import Random

from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Control, DeleteFile, Edit, Observation, RenameFile, Task, WriteFile

_WORDS = ("river", "market", "garden", "signal", "harbour", "paper", "winter", "letter", "station", "orchard")
_TAGS = ("p", "h2", "section", "article", "li", "button", "blockquote")
_PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title><link rel="stylesheet" href="style.css"></head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""


class RandomAgent:
    """Writes, deletes and renames files at random. Its replies follow from its seed, the rollout's and the turn."""

    def __init__(self, seed: int = 0) -> None:
        self._own_seed = seed
        self._seed = seed

    @property
    def id(self) -> str:
        """``random/`` and the seed that it was made with."""
        return f"random/{self._own_seed}"

    def start(self, task: Task, seed: int) -> None:
        """Begin a rollout; the same agent with the same seed plays the same replies on the same files."""
        del task
        self._seed = self._own_seed * 1_000_003 + seed

    def go_back(self, observation: Observation) -> None:
        """Nothing is remembered."""

    def act(self, observation: Observation) -> str:
        """One page and perhaps a style sheet at first; later small changes, now and then a control word."""
        random = Random(self._seed * 1_009 + observation.turn)
        if "index.html" not in observation.files:
            return write_bolt([_page(random), _style(random)], title="A page")
        edits = [_edit(random, sorted(observation.files)) for _ in range(random.randint(1, 3))]
        return write_bolt(_one_each(edits), title="A change", control=_control(random))


def _control(random: Random) -> Control | None:
    return random.choices((None, Control.VALIDATE, Control.BACKTRACK, Control.FINISH), (12, 4, 1, 1))[0]


def _edit(random: Random, paths: list[str]) -> Edit:
    spare = [path for path in paths if path != "index.html"]
    kind = random.random()
    if kind < 0.1 and spare:
        return DeleteFile(random.choice(spare))
    if kind < 0.2 and spare:
        return RenameFile(random.choice(spare), f"notes/{random.choice(_WORDS)}-{random.randint(1, 99)}.css")
    return _style(random) if kind < 0.5 else _page(random)


def _one_each(edits: list[Edit]) -> list[Edit]:
    """At most one edit of a path: a file that was deleted cannot be renamed afterwards."""
    return list({edit.path: edit for edit in edits}.values())


def _page(random: Random) -> WriteFile:
    title = " ".join(random.sample(_WORDS, 2)).title()
    body = "\n".join(_element(random) for _ in range(random.randint(2, 8)))
    return WriteFile("index.html", _PAGE.format(title=title, body=body).encode())


def _element(random: Random) -> str:
    tag = random.choice(_TAGS)
    return f"<{tag}>{' '.join(random.choices(_WORDS, k=random.randint(1, 9)))}</{tag}>"


def _style(random: Random) -> WriteFile:
    colour = f"hsl({random.randint(0, 359)} 40% {random.randint(30, 90)}%)"
    rules = f"body {{ margin: {random.randint(0, 60)}px; background: {colour}; font-family: sans-serif; }}\n"
    return WriteFile("style.css", rules.encode())
