"""Numbered frames on a screenshot, one for each control that the mouse would meet."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

from webgen_gym.browser.base import Window
from webgen_gym.types import Rect

FRAME = (214, 0, 110)
INK = (255, 255, 255)
FONT_PX = 12
PADDING_PX = 2


def marked(window: Window) -> bytes:
    """The window's picture, as PNG, with a frame and a number round each open control; numbers begin at 1."""
    with Image.open(io.BytesIO(window.picture)) as shot:
        picture = shot.convert("RGB")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(FONT_PX)
    boxes = [(index, _placed(window.widgets[index].rect, window)) for index in sorted(window.open)]
    for _, box in boxes:
        draw.rectangle(box, outline=FRAME, width=1)
    # Labels last: the frame of one control may run through the label of another.
    for index, box in boxes:
        _label(draw, font, str(index + 1), box, picture.size)
    stored = io.BytesIO()
    picture.save(stored, "PNG")
    return stored.getvalue()


Box = tuple[float, float, float, float]


def _placed(rect: Rect, window: Window) -> Box:
    left, top = rect.x - window.left, rect.y - window.top
    return left, top, left + max(rect.width, 1), top + max(rect.height, 1)


def _label(
    draw: ImageDraw.ImageDraw,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    text: str,
    box: Box,
    size: tuple[int, int],
) -> None:
    """Above the frame's left corner, so that it hides nothing of the control; inside where there is no room."""
    width = draw.textlength(text, font=font) + 2 * PADDING_PX
    height = FONT_PX + PADDING_PX
    left = min(max(box[0], 0), size[0] - width)
    top = box[1] - height if box[1] >= height else max(box[1], 0)
    draw.rectangle((left, top, left + width, top + height), fill=FRAME)
    draw.text((left + PADDING_PX, top), text, fill=INK, font=font)
