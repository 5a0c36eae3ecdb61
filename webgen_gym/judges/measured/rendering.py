"""Rendering success: what the page meant to show is there, and nothing failed on the way."""

from __future__ import annotations

import re

import numpy as np

from webgen_gym.judges.measured.addressed import matching
from webgen_gym.judges.measured.finding import Criterion, Finding, capped, found, percent, quoted, share_lost, some
from webgen_gym.judges.measured.page import Page
from webgen_gym.types import Request

NAME = "rendering"
# Values that a template or a script left behind, and source code shown as text.
LEFT_OVER = re.compile(
    r"\{\{.*?\}\}|\[object Object\]|\bundefined\b|\bNaN\b|</?(?:div|span|p|script|html|body)\b[^>]*>|&(?:lt|gt|amp);"
)
CODE_TAGS = frozenset({"code", "pre", "kbd", "samp", "textarea"})
DRAWN_TAGS = frozenset({"svg", "canvas", "video"})
FEW_ELEMENTS = 8
FEW_LETTERS = 80


def rendering(page: Page) -> Criterion:
    """Points lost for errors, failed requests, broken images, invisible text, leftovers and emptiness."""
    return Criterion(
        NAME,
        found(
            _page_errors(page),
            _console(page),
            _failed_requests(page),
            _blocked_requests(page),
            _images(page),
            _invisible(page),
            _left_over(page),
            _sparse(page),
            _restless(page),
        ),
    )


def _page_errors(page: Page) -> Finding | None:
    errors = page.look.page_errors
    if not errors:
        return None
    lost = 1.0 + capped(len(errors) - 1, 0.5, 1.0)
    return Finding(
        lost, f"{len(errors)} script error(s): {some(errors)}", f"Repair the script error {quoted(errors[0], 120)}."
    )


def _console(page: Page) -> Finding | None:
    errors = [line.text for line in page.look.console if line.level == "error"]
    if not errors:
        return None
    lost = capped(len(errors), 0.3, 0.9)
    return Finding(
        lost,
        f"{len(errors)} console error(s): {some(errors)}",
        f"Mend what the console reports: {quoted(errors[0], 120)}.",
    )


def _failed_requests(page: Page) -> Finding | None:
    failed = [request for request in page.look.requests if not request.blocked and not _is_image(request, page)]
    if not failed:
        return None
    first = failed[0]
    why = first.failure or f"HTTP {first.status}"
    return Finding(
        capped(len(failed), 0.5, 1.5),
        f"{len(failed)} request(s) failed: {some(request.url for request in failed)}",
        f"Add the missing file {quoted(first.url, 80)} ({why}) or remove the reference to it.",
    )


def _blocked_requests(page: Page) -> Finding | None:
    blocked = [request for request in page.look.requests if request.blocked and not _is_image(request, page)]
    if not blocked:
        return None
    return Finding(
        capped(len(blocked), 0.25, 1.0),
        f"{len(blocked)} request(s) to other hosts were blocked: {some(request.url for request in blocked)}",
        f"Put {quoted(blocked[0].url, 80)} into the project: nothing is loaded from other hosts.",
    )


def _images(page: Page) -> Finding | None:
    images = [image for image in page.look.measurements.images if image.rect.area > 0 or not image.loaded]
    broken = [image for image in images if not image.loaded]
    if not broken:
        return None
    # Drawings are pictures too; a page that shows many has lost little with one.
    drawn = sum(element.tag in DRAWN_TAGS for element in page.elements)
    share = len(broken) / (len(images) + drawn)
    names = [image.source or image.alt for image in broken]
    return Finding(
        0.4 + 1.1 * share,
        f"{len(broken)} of {len(images)} images could not be shown: {some(names)}",
        f"Give the image {quoted(names[0], 60)} a file in the project, or draw it as inline SVG.",
    )


def _invisible(page: Page) -> Finding | None:
    letters = np.where(page.texts, page.letters, 0)
    total = int(letters.sum())
    unseen = int(letters[page.unseen_texts].sum())
    if not unseen or total == 0:
        return None
    first = page.elements[int(np.flatnonzero(page.unseen_texts)[0])]
    return Finding(
        share_lost(unseen / total, 0.02, 0.8, 4.5),
        f"{percent(unseen / total)} of the text cannot be seen, such as {quoted(first.text)}",
        f"Make the text {quoted(first.text)} visible: its colour is that of its background, or something covers it.",
    )


def _left_over(page: Page) -> Finding | None:
    hits = [page.elements[index] for index in matching(page.elements, LEFT_OVER)]
    texts = [element.text for element in hits if element.tag not in CODE_TAGS]
    if not texts:
        return None
    return Finding(
        capped(len(texts), 0.4, 1.6),
        f"{len(texts)} text(s) show code or unset values: {some(texts)}",
        f"The text {quoted(texts[0])} shows code or an unset value; show what it stands for.",
    )


def _sparse(page: Page) -> Finding | None:
    count = int(np.count_nonzero(page.readable | page.interactive | page.pictures))
    letters = int(page.letters[page.readable].sum())
    empty = max(1 - count / FEW_ELEMENTS, 0.0) * 0.5 + max(1 - letters / FEW_LETTERS, 0.0) * 0.5
    if empty == 0 or _has_large_picture(page):
        return None
    return Finding(
        3.5 * empty,
        f"hardly anything is on the page: {count} texts, controls and pictures, {letters} letters",
        "Fill the page: a heading, the main content and its controls are expected on the first screen.",
    )


def _restless(page: Page) -> Finding | None:
    if page.look.settled:
        return None
    return Finding(
        0.5, "the page never came to rest", "Let the page come to rest: something loads or runs without end."
    )


def _has_large_picture(page: Page) -> bool:
    areas = page.boxes[page.pictures & page.in_view, 2] * page.boxes[page.pictures & page.in_view, 3]
    return bool(areas.size) and float(areas.max()) >= 0.25 * page.look.width * page.look.height


def _is_image(request: Request, page: Page) -> bool:
    """A missing image is counted as a broken image, once."""
    return any(not image.loaded and image.source.endswith(request.url) for image in page.look.measurements.images)
