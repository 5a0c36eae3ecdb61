"""From the rows of the measuring script to frozen values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from webgen_gym.browser.base import Line, Place, Window
from webgen_gym.types import Contrast, Element, Image, Look, Measurements, Rect, Widget

EMPTY = Measurements(
    elements=(),
    elements_total=0,
    images=(),
    contrast=(),
    contrast_checked=0,
    page_width=0,
    page_height=0,
    body_background=(255, 255, 255),
    stylesheets=0,
    css_rules=0,
    links=(),
    text="",
)
"""What there is to measure where nothing was shown."""


def unseen(viewport: tuple[int, int], problem: str) -> Look:
    """The look at a page that could not be shown, and why."""
    width, height = viewport
    return Look(
        screenshot=b"",
        width=width,
        height=height,
        url="/",
        status=0,
        title="",
        console=(),
        page_errors=(),
        requests=(),
        accessibility="",
        measurements=EMPTY,
        settled=False,
        problem=problem,
    )


def measurements(raw: Mapping[str, Any]) -> Measurements:
    """The values that ``measure`` of ``scripts/eyes.js`` returned."""
    return Measurements(
        elements=tuple(_element(row) for row in raw["elements"]),
        elements_total=raw["total"],
        images=tuple(Image(source, alt, loaded, Rect(*box)) for source, alt, loaded, box in raw["images"]),
        contrast=tuple(Contrast(*row) for row in raw["contrast"]),
        contrast_checked=raw["checked"],
        page_width=raw["width"],
        page_height=raw["height"],
        body_background=_rgb(raw["ground"]),
        stylesheets=raw["sheets"],
        css_rules=raw["rules"],
        links=tuple((href, text) for href, text in raw["links"]),
        text=raw["text"],
    )


def places(rows: Sequence[Sequence[Any]]) -> tuple[Place, ...]:
    """The values that ``places`` of ``scripts/eyes.js`` returned."""
    return tuple(
        Place(tag, text, Rect(*box), parent, interactive, label) for tag, text, box, parent, interactive, label in rows
    )


def widgets(rows: Sequence[Sequence[Any]]) -> tuple[Widget, ...]:
    """The values that ``widgets`` of ``scripts/eyes.js`` returned."""
    return tuple(_widget(index, row) for index, row in enumerate(rows))


def window(raw: Mapping[str, Any], picture: bytes) -> Window:
    """The values that ``read`` of ``scripts/window.js`` returned."""
    return Window(
        lines=tuple(Line(*row) for row in raw["lines"]),
        widgets=widgets(raw["widgets"]),
        open=frozenset(raw["open"]),
        left=raw["left"],
        top=raw["top"],
        width=raw["width"],
        height=raw["height"],
        picture=picture,
    )


def _widget(index: int, row: Sequence[Any]) -> Widget:
    role, name, tag, kind, value, placeholder, href, options, checked, disabled, form, box = row
    return Widget(
        index=index,
        role=role,
        name=name,
        tag=tag,
        input_type=kind,
        value=value,
        placeholder=placeholder,
        href=href,
        options=tuple(options),
        checked=checked,
        disabled=disabled,
        form=form,
        rect=Rect(*box),
    )


def _element(row: Sequence[Any]) -> Element:
    tag, role, text, box, parent, px, weight, family, color, background, painted, behind, interactive, styled, label = (
        row
    )
    return Element(
        tag=tag,
        role=role,
        text=text,
        rect=Rect(*box),
        parent=parent,
        font_px=px,
        font_weight=weight,
        font_family=family,
        color=_rgba(color),
        background=_rgba(background),
        background_image=painted,
        behind=_rgb(behind),
        interactive=interactive,
        styled=styled,
        label=label,
    )


def _rgb(value: Sequence[int]) -> tuple[int, int, int]:
    red, green, blue = value
    return red, green, blue


def _rgba(value: Sequence[float]) -> tuple[int, int, int, float]:
    red, green, blue, alpha = value
    return int(red), int(green), int(blue), float(alpha)
