"""A look as arrays: one row for each visible element, so that no criterion loops over pairs in Python."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from webgen_gym.judges.colour import Floats, contrast
from webgen_gym.judges.measured import picture
from webgen_gym.judges.measured.picture import Picture
from webgen_gym.types import Element, Look

Mask = NDArray[np.bool_]

MIN_FONT_PX = 9.0
MIN_SIDE_PX = 4.0
# Below this ratio text is there for machines, not for people.
FAINT_RATIO = 1.5
GLYPH_WIDTH_EM = 0.5
PICTURE_TAGS = frozenset({"img", "svg", "canvas", "video", "picture", "iframe"})
BOXED_TAGS = frozenset({"button", "input", "select", "textarea"})
MIN_EDGE_PIXELS = 6
BLOCK_MIN_PX = 60.0
# Parts of a drawing lie as they are drawn.
SHAPE_TAGS = frozenset(
    {"circle", "ellipse", "g", "line", "path", "polygon", "polyline", "rect", "text", "tspan", "use"}
)


@dataclass(frozen=True)
class Page:
    """A look whose page could be shown. Coordinates are CSS pixels of the page, colours are 0–255.

    ``padding`` marks elements whose text is to be overlooked.
    """

    look: Look
    picture: Picture
    padding: Mask | None = None

    @property
    def elements(self) -> tuple[Element, ...]:
        """The visible elements, in document order."""
        return self.look.measurements.elements

    @cached_property
    def boxes(self) -> Floats:
        """``x, y, width, height`` of each element."""
        rects = [element.rect for element in self.elements]
        return _array([(rect.x, rect.y, rect.width, rect.height) for rect in rects], 4)

    @cached_property
    def parents(self) -> NDArray[np.intp]:
        """The index of each element's parent, -1 at the top."""
        return np.array([element.parent for element in self.elements], dtype=np.intp)

    @cached_property
    def font_px(self) -> Floats:
        """Font sizes."""
        return np.array([element.font_px for element in self.elements], dtype=np.float64)

    @cached_property
    def letters(self) -> NDArray[np.int64]:
        """How long each element's own text is."""
        return np.array([len(element.text) for element in self.elements], dtype=np.int64)

    @cached_property
    def interactive(self) -> Mask:
        """Which elements are controls."""
        return np.array([element.interactive for element in self.elements], dtype=bool)

    @cached_property
    def boxed_controls(self) -> Mask:
        """Which elements are buttons and fields, as opposed to links."""
        return np.array([element.tag in BOXED_TAGS for element in self.elements], dtype=bool)

    @cached_property
    def pictures(self) -> Mask:
        """Which elements show a picture."""
        return np.array([element.tag in PICTURE_TAGS for element in self.elements], dtype=bool)

    @cached_property
    def blocks(self) -> Mask:
        """Boxes large enough to be a part of the page, and not the page itself."""
        _, _, width, height = self.boxes.T
        shapes = np.array([element.tag in SHAPE_TAGS for element in self.elements], dtype=bool)
        blocks: Mask = (
            (width >= 2 * BLOCK_MIN_PX) & (height >= BLOCK_MIN_PX) & (width < 0.9 * self.look.width) & ~shapes
        )
        return blocks

    @cached_property
    def grounds(self) -> Mask:
        """Boxes whose ground differs from what lies around them."""
        around = np.where(self.parents[:, None] >= 0, self.behind[self.parents], self.look.measurements.body_background)
        plain = (np.abs(self.behind - around).max(axis=1) > 4) & (self.fills[:, 3] > 0)
        painted = np.array([element.background_image for element in self.elements], dtype=bool)
        other: Mask = plain | painted
        return other

    @cached_property
    def behind(self) -> Floats:
        """The opaque colour behind each element's text."""
        return _array([element.behind for element in self.elements], 3)

    @cached_property
    def fills(self) -> Floats:
        """Each element's own background with its opacity, ``r, g, b, a``."""
        return _array([element.background for element in self.elements], 4)

    @cached_property
    def inks(self) -> Floats:
        """The colour of each element's text."""
        return _array([element.color[:3] for element in self.elements], 3)

    @cached_property
    def painted_over(self) -> Mask:
        """Where a picture or gradient of the element or of one above it hides what plain colours tell."""
        own = np.array([element.background_image for element in self.elements], dtype=bool)
        for index, parent in enumerate(self.parents):
            if parent >= 0 and own[parent] and self.fills[index, 3] < 0.9:
                own[index] = True
        return own

    @cached_property
    def contrasts(self) -> Floats:
        """The contrast of each element's text as its computed colours give it."""
        return contrast(self.inks, self.behind)

    @cached_property
    def in_view(self) -> Mask:
        """Which elements lie at least partly in the picture."""
        x, y, width, height = self.boxes.T
        seen: Mask = (x < self.look.width) & (y < self.look.height) & (x + width > 0) & (y + height > 0)
        return seen

    @cached_property
    def edge_pixels(self) -> NDArray[np.int32]:
        """How many edges the picture has inside each element; a border does not count."""
        inset = np.array([2.0, 2.0, -4.0, -4.0])
        return self.picture.edges_within(self.boxes + inset)

    @cached_property
    def texts(self) -> Mask:
        """Elements with text of their own that has a place on the page."""
        x, y, width, height = self.boxes.T
        placed = (x + width > 0) & (y + height > 0) & (x < max(self.look.width, self.look.measurements.page_width))
        texts: Mask = (self.letters > 0) & placed & (width >= MIN_SIDE_PX) & (height >= MIN_SIDE_PX)
        return texts

    @cached_property
    def unseen_texts(self) -> Mask:
        """Texts that nobody can read: in the colour of their ground, or with nothing drawn in their place."""
        wholly = self.in_view & (self.boxes[:, 1] + self.boxes[:, 3] <= self.look.height)
        undrawn = wholly & (self.boxes[:, 0] >= 0) & (self.edge_pixels < MIN_EDGE_PIXELS) & (self.letters > 1)
        faint = (self.contrasts < FAINT_RATIO) & ~self.painted_over
        return self.texts & (undrawn | faint)

    @cached_property
    def legible(self) -> Mask:
        """Texts that a person can read."""
        legible: Mask = self.texts & ~self.unseen_texts & (self.font_px >= MIN_FONT_PX)
        return legible

    @cached_property
    def readable(self) -> Mask:
        """Legible texts, but for padding: what a page is credited with."""
        return self.legible if self.padding is None else self.legible & ~self.padding

    @cached_property
    def text_boxes(self) -> Floats:
        """Where the glyphs of each text lie, roughly: as wide as the text is long, centred in height.

        Whether it stands left, centred or right in its box is read from the picture; left where that does not show it.
        """
        x, y, width, height = self.boxes.T
        run = self.letters * self.font_px * GLYPH_WIDTH_EM
        lines = np.maximum(1, np.ceil(run / np.maximum(width, 1) - 0.15))
        # A block is as high as its lines; a button is higher than its one line.
        tall = np.minimum(np.maximum(height, 0.9 * self.font_px), 1.25 * lines * self.font_px)
        wide = np.minimum(width, run)
        top = y + (height - tall) / 2
        places = [np.stack([x + (width - wide) * shift, top, wide, tall], axis=1) for shift in (0.0, 0.5, 1.0)]
        drawn = np.stack([self.picture.edges_within(place) for place in places])
        boxes: Floats = np.stack(places)[drawn.argmax(axis=0), np.arange(len(x))]
        return boxes

    def without(self, padding: Mask) -> Page:
        """The same page with the text of some elements overlooked; what does not depend on it is kept."""
        other = copy(self)
        object.__setattr__(other, "padding", padding)
        vars(other).pop("readable", None)
        return other

    def ancestors(self, index: int) -> list[int]:
        """The indices above an element, nearest first."""
        found = []
        parent = int(self.parents[index])
        while parent >= 0:
            found.append(parent)
            parent = int(self.parents[parent])
        return found


def read(look: Look) -> Page:
    """The page of a look that has a screenshot."""
    return Page(look, picture.read(look.screenshot))


def _array(rows: Sequence[Sequence[float]], columns: int) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(-1, columns)
