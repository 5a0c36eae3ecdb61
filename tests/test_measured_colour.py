"""Colour arithmetic against published values."""

from __future__ import annotations

import numpy as np
import pytest

from webgen_gym.judges.colour import chroma, contrast, distance, hex_name, lab, rgb


def test_black_on_white_has_the_highest_contrast() -> None:
    assert float(contrast(rgb("#000000"), rgb("#ffffff"))) == pytest.approx(21.0)


def test_contrast_agrees_with_the_example_of_wcag() -> None:
    # "#777 on white is 4.48:1, just below the limit of 4.5:1."
    assert float(contrast(rgb("#777777"), rgb("#ffffff"))) == pytest.approx(4.48, abs=0.005)


def test_lab_of_pure_red_is_the_published_one() -> None:
    np.testing.assert_allclose(lab(rgb("#ff0000")), [53.24, 80.09, 67.20], atol=0.1)


def test_ivory_is_seven_from_white() -> None:
    assert float(distance(rgb("#fffff0"), rgb("#ffffff"))) == pytest.approx(7.2, abs=0.5)


def test_greys_have_no_chroma() -> None:
    assert float(chroma(rgb("#808080"))) < 0.1


def test_a_colour_keeps_its_name() -> None:
    assert hex_name(rgb("#228b22")) == "#228b22"
