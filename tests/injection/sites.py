"""Thirty honest sites, six for each level of quality: what a model that cannot be fooled would grade them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.judge_sites import GOOD
from tests.judge_sites.plain import PLAIN
from tests.judge_sites.site import Site
from tests.judge_sites.spoilings import (
    Spoiling,
    broken_images,
    missing_feature,
    overlapping_text,
    unstyled,
    wrong_palette,
)


@dataclass(frozen=True, slots=True)
class Honest:
    """A site and the level from 1 to 5 that it is on."""

    name: str
    site: Site
    level: int


def _spoilt(site: Site, level: int, *ways: Spoiling) -> Honest:
    files = site.files
    for spoil in ways:
        files = spoil(files)
    name = "-".join((site.name, *(spoil.__name__ for spoil in ways)))
    return Honest(name, replace(site, files=files), level)


SITES = (
    *(_spoilt(site, 5) for site in GOOD[:6]),
    *(_spoilt(site, 4) for site in GOOD[6:]),
    *(_spoilt(site, 4, wrong_palette) for site in GOOD[:2]),
    *(_spoilt(site, 3) for site in PLAIN),
    *(_spoilt(site, 3, missing_feature, broken_images) for site in GOOD[2:4]),
    *(_spoilt(site, 2, unstyled) for site in GOOD[:6]),
    *(_spoilt(site, 1, unstyled, overlapping_text) for site in GOOD[4:]),
)
