"""A session's tabs: one is kept, and whoever gets it finds nothing of what was there before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import Runner, ShowSite
from webgen_gym.browser.base import Tab
from webgen_gym.browser.visits import SiteVisits
from webgen_gym.errors import AgentFault
from webgen_gym.limits import Limits

QUICK = replace(Limits(), browser_op_s=3.0, page_load_s=3.0, settle_cap_s=1.0)
LEAVING = "<script>addEventListener('pagehide', () => { localStorage.left = 'mark' })</script><p>first</p>"
SHOWING = "<p id=p></p><script>p.textContent = 'sees ' + [localStorage.left, window.name, document.cookie]</script>"
STORING = "<script>localStorage.left = window.name = 'mark'; document.cookie = 'left=mark'</script>"


def seen(run: Runner, show_site: ShowSite, before: str, *, by_judge: bool) -> str:
    """What a page sees of the one that was looked at before it."""

    async def work() -> str:
        async with show_site({"index.html": before}) as shown:
            visits: SiteVisits = shown.visits
            await visits.look()
            shown.show({"index.html": SHOWING})
            if not by_judge:
                return (await visits.look()).measurements.text
            async with visits.tab() as tab:
                await tab.open()
                return await tab.text()

    return run(work())


@pytest.mark.parametrize("before", [LEAVING, STORING], ids=["stored on leaving", "stored before"])
@pytest.mark.parametrize("by_judge", [False, True], ids=["the next look", "a judge"])
def test_nothing_of_the_last_page_is_seen(run: Runner, show_site: ShowSite, before: str, by_judge: bool) -> None:
    assert seen(run, show_site, before, by_judge=by_judge) == "sees ,,"


def test_two_judges_at_once_have_a_tab_each(run: Runner, show_site: ShowSite) -> None:
    async def work() -> tuple[bool, str]:
        async with show_site({"index.html": STORING}) as shown:
            visits: SiteVisits = shown.visits
            async with visits.tab() as one, visits.tab() as other:
                await one.open()
                shown.show({"index.html": SHOWING})
                await other.open()
                return one is other, await other.text()

    assert run(work()) == (False, "sees ,,")


def test_two_judges_that_are_promised_a_tab_before_either_has_one_do_not_share_it(
    run: Runner, show_site: ShowSite
) -> None:
    async def work() -> bool:
        async with show_site({"index.html": "<p>page</p>"}) as shown:
            first, second = shown.visits.tab(), shown.visits.tab()
            async with first as one, second as other:
                return one is other

    assert run(work()) is False


def test_a_judge_gets_the_tab_that_looks_are_made_in_and_leaves_it_for_the_next_look(
    run: Runner, show_site: ShowSite
) -> None:
    async def work() -> tuple[list[Tab], str]:
        async with show_site({"index.html": "<p>page</p>"}) as shown:
            visits: SiteVisits = shown.visits
            used = []
            for _ in range(2):
                await visits.look()
                async with visits.tab() as tab:
                    used.append(tab)
            return used, (await visits.look()).measurements.text

    used, text = run(work())
    assert used[0] is used[1]
    assert text == "page"


def test_a_tab_of_another_size_is_another_tab(run: Runner, show_site: ShowSite) -> None:
    async def work() -> int:
        async with show_site({"index.html": "<p>page</p>"}) as shown:
            async with shown.visits.tab((375, 667)) as tab:
                await tab.open()
                return int((await tab.look()).width)

    assert run(work()) == 375


def test_a_tab_that_a_page_broke_is_not_used_again(run: Runner, show_site: ShowSite) -> None:
    async def work() -> str:
        async with show_site({"index.html": "<script>while (true) {}</script>"}, QUICK) as shown:
            with pytest.raises(AgentFault):
                async with shown.visits.tab() as tab:
                    await tab.open()
            shown.show({"index.html": "<p>page</p>"})
            return str((await shown.visits.look()).measurements.text)

    assert run(work()) == "page"
