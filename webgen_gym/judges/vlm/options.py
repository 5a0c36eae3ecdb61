"""What a judge shows its model, and how often it asks."""

from __future__ import annotations

from dataclasses import dataclass

from webgen_gym.browser.base import Size
from webgen_gym.errors import UsageError


@dataclass(frozen=True, slots=True)
class Options:
    """How a site is put before a model. A window is one page of the site at one size; every window is judged.

    Args:
        instruction: whether the grading prompt holds the task's instruction. WebGen-Agent grades without it.
        viewports: sizes (width, height) in CSS pixels; empty for the size of the session.
        pages: paths of the site.
        links: so many further pages: the first that the first page links to on its own site.
        votes: how often a window is graded; its grade is the median.
        temperature: 0 to 2; None is not sent, for models that take none.
        max_tokens: the longest answer; a longer one leaves the turn unscored.

    Raises:
        UsageError: a value is out of its range.
    """

    instruction: bool = False
    viewports: tuple[Size, ...] = ()
    pages: tuple[str, ...] = ("/",)
    links: int = 0
    votes: int = 1
    temperature: float | None = 0.0
    max_tokens: int = 4096

    def __post_init__(self) -> None:
        if any(width < 1 or height < 1 for width, height in self.viewports):
            raise UsageError(f"Options.viewports are sizes in pixels, each at least 1: {self.viewports}.")
        if not self.pages or not all(path.startswith("/") for path in self.pages):
            raise UsageError(f"Options.pages are paths that begin with '/', at least one: {self.pages}.")
        for name, value, least in (
            ("links", self.links, 0),
            ("votes", self.votes, 1),
            ("max_tokens", self.max_tokens, 1),
        ):
            if value < least:
                raise UsageError(f"Options.{name} is {value}; it must be {least} or more.")
        if self.temperature is not None and not 0 <= self.temperature <= 2:
            raise UsageError(f"Options.temperature is {self.temperature}; it is from 0 to 2, or None.")
