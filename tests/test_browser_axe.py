"""What the measuring pass says of names, roles and contrast is held against axe-core on real pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

import axe_playwright_python
import pytest

from tests.conftest import Runner, ShowSite
from tests.judge_sites import GOOD
from webgen_gym.types import Files

AXE = resources.files(axe_playwright_python).joinpath("axe.min.js").read_text(encoding="utf-8")
FADED = {
    "as it is": "",
    "grey": "body *{color:#999}",
    "see-through": "main{opacity:.45}",
    "tinted": "button,a,h2{color:#7a7}section,article{background:rgba(120,90,60,.4)}",
    "large": "p{font-size:25px;color:#8f8f8f}",
    "overlaid": "h1,h2{position:relative}h1::before,h2::before{content:'';position:absolute}h1{color:#fff;background:#ddd}",
}
# axe-core also tests fields that are empty and leaves out texts of one character.
COMPARED = r"""(async () => {
  const squeeze = (text) => text.replace(/\s+/g, ' ').trim();
  const { list, nodes } = webgenSight.elements(5000, true);
  axe.setup(document.documentElement);
  const controls = nodes.flatMap((node, i) => {
    if (!list[i][12]) return [];
    const known = axe.utils.getNodeFromTree(node);
    const name = squeeze(axe.commons.text.accessibleTextVirtual(known)).slice(0, 200);
    return [[list[i][1], axe.commons.aria.getRole(known) ?? 'generic', list[i][14], name, node.placeholder ?? '']];
  });
  axe.teardown();
  const found = await axe.run(document, { runOnly: { type: 'rule', values: ['color-contrast'] }, resultTypes: ['violations'],
    elementRef: true, iframes: false, preload: false });
  const said = (node) => squeeze(node.selectedOptions?.[0]?.label ?? (/^(INPUT|TEXTAREA)$/.test(node.tagName) ? node.value : node.textContent));
  const theirs = found.violations.flatMap((violation) => violation.nodes).filter((node) => said(node.element).length > 1)
    .map(({ any: [{ data }] }) => [data.contrastRatio, data.fgColor, data.bgColor]);
  const ours = webgenEyes.measure({ elements: 5000, contrastKinds: 1000, text: 0 }).contrast.filter((row) => row[0].length > 1)
    .map(([, has, , ink, behind]) => [has, ink, behind]);
  return { controls, ours, theirs };
})()"""


@dataclass(frozen=True, slots=True)
class Compared:
    """Rows of both: ``controls`` are our role, theirs, our name, theirs, placeholder; a kind is ratio, ink, ground."""

    controls: list[tuple[str, str, str, str, str]]
    ours: set[tuple[float, str, str]]
    theirs: set[tuple[float, str, str]]


def faded(files: Files, css: str) -> Files:
    return {**files, "index.html": files["index.html"] + f"<style>{css}</style>".encode()}


Compare = Callable[[int, str], Compared]


@pytest.fixture(scope="module")
def known() -> dict[tuple[int, str], Compared]:
    """What was compared already."""
    return {}


@pytest.fixture
def compare(run: Runner, show_site: ShowSite, known: dict[tuple[int, str], Compared]) -> Compare:
    """``compare(site, style)``."""

    async def work(site: int, style: str) -> Any:
        async with show_site(faded(GOOD[site].files, FADED[style])) as shown, shown.visits.tab() as tab:
            await tab.open("/")
            await tab._ask(f"(() => {{ {AXE} }})()")
            return await tab._ask(COMPARED)

    def compared(site: int, style: str) -> Compared:
        if (site, style) not in known:
            raw = run(work(site, style))
            ours, theirs = ({(has, ink, behind) for has, ink, behind in raw[side]} for side in ("ours", "theirs"))
            known[site, style] = Compared([tuple(row) for row in raw["controls"]], ours, theirs)
        return known[site, style]

    return compared


@pytest.mark.parametrize("site", range(len(GOOD)), ids=[site.name for site in GOOD])
def test_controls_have_the_role_that_axe_gives_them(site: int, compare: Compare) -> None:
    controls = compare(site, "as it is").controls
    assert controls
    assert [row for row in controls if row[0] != row[1]] == []


@pytest.mark.parametrize("site", range(len(GOOD)), ids=[site.name for site in GOOD])
def test_controls_have_the_name_that_axe_gives_them(site: int, compare: Compare) -> None:
    # Where a label holds its field, axe-core adds the field's placeholder to the name.
    controls = compare(site, "as it is").controls
    assert [row for row in controls if row[2] != row[3] and f"{row[2]} {row[4]}" != row[3]] == []


@pytest.mark.parametrize("style", FADED)
@pytest.mark.parametrize("site", range(0, len(GOOD), 3), ids=[site.name for site in GOOD[::3]])
def test_faint_texts_are_those_that_axe_finds(site: int, style: str, compare: Compare) -> None:
    compared = compare(site, style)
    assert compared.ours == compared.theirs


def test_the_styles_that_fade_do_fade(compare: Compare) -> None:
    found = {style: sum(len(compare(site, style).theirs) for site in range(0, len(GOOD), 3)) for style in FADED}
    assert found["as it is"] == 0
    assert min(count for style, count in found.items() if style != "as it is") > 0
