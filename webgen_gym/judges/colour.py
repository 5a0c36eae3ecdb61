"""Colours as arrays: CIELAB, the distance that an eye sees, the contrast that WCAG 2 asks for.

Distances are CIE76 ΔE: about 2 can just be seen, pale colours that have different names lie 5 to 10 apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.95047, 1.0, 1.08883])


def rgb(colour: str) -> Floats:
    """The channels of ``#rrggbb``, 0–255."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=np.float64)


def hex_name(colour: Floats) -> str:
    """``#rrggbb`` of three channels 0–255."""
    return "#" + "".join(f"{int(channel):02x}" for channel in np.round(colour))


def lab(colours: Floats) -> Floats:
    """CIELAB (D65) of sRGB colours, channels 0–255 in the last axis."""
    linear = _linear(colours)
    # Not a matrix product: those may differ in the last bit from one processor to the next.
    xyz = (linear[..., None, :] * _TO_XYZ).sum(axis=-1) / _WHITE
    curved = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    x, y, z = curved[..., 0], curved[..., 1], curved[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def distance(first: Floats, second: Floats) -> Floats:
    """CIE76 ΔE of two arrays of sRGB colours that broadcast."""
    squares: Floats = ((lab(first) - lab(second)) ** 2).sum(axis=-1)
    return np.sqrt(squares)


def contrast(first: Floats, second: Floats) -> Floats:
    """WCAG 2 contrast ratio, 1 to 21, of two arrays of sRGB colours that broadcast."""
    one, other = _luminance(first), _luminance(second)
    return (np.maximum(one, other) + 0.05) / (np.minimum(one, other) + 0.05)


def chroma(colours: Floats) -> Floats:
    """How far from grey a colour is, in CIELAB."""
    values = lab(colours)
    return np.hypot(values[..., 1], values[..., 2])


def hue(colours: Floats) -> Floats:
    """The hue angle in CIELAB, 0–360; without meaning for greys."""
    values = lab(colours)
    return np.degrees(np.arctan2(values[..., 2], values[..., 1])) % 360


def _luminance(colours: Floats) -> Floats:
    luminance: Floats = (_linear(colours) * _TO_XYZ[1]).sum(axis=-1)
    return luminance


def _linear(colours: Floats) -> Floats:
    share = colours / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
