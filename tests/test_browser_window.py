"""The page as it stands in the window, scrolling, going back, frames: what one needs to use a page step by step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import pytest

from tests.conftest import Runner, ShowSite
from webgen_gym.browser.base import Tab, Window
from webgen_gym.types import Widget

T = TypeVar("T")
Use = Callable[[Tab], Awaitable[T]]


class Desk:
    """Opens a page and uses it."""

    def __init__(self, run: Runner, show_site: ShowSite) -> None:
        self._run = run
        self._show_site = show_site

    def use(self, body: str, use: Use[T], files: Mapping[str, str] | None = None) -> T:
        async def work() -> T:
            page = f"<!doctype html><title>t</title><body>{body}"
            async with self._show_site({"index.html": page, **(files or {})}) as shown, shown.visits.tab() as tab:
                await tab.open()
                return await use(tab)

        return self._run(work())

    def window(self, body: str, files: Mapping[str, str] | None = None) -> Window:
        return self.use(body, lambda tab: tab.window(), files)


@pytest.fixture
def desk(run: Runner, show_site: ShowSite) -> Desk:
    return Desk(run, show_site)


def named(window: Window, name: str) -> Widget:
    return next(widget for widget in window.widgets if widget.name == name)


def is_open(window: Window, name: str) -> bool:
    return named(window, name).index in window.open


def told(window: Window) -> list[tuple[int, str, str]]:
    """The lines that are no controls: depth, role, words."""
    return [(line.depth, line.role, line.words) for line in window.lines if line.control < 0]


async def pressed(tab: Tab, name: str) -> Window:
    await tab.press(named(await tab.window(picture=False), name))
    return await tab.window(picture=False)


# ------------------------------------------------------------------ what is seen


def test_the_tree_names_what_is_seen_and_says_nothing_twice(desk: Desk) -> None:
    window = desk.window(
        "<main><h1>Tea</h1><ul><li>Green</li></ul><a href=#><b>Black</b> tea</a><p hidden>No</p><img alt=Pot src=x></main>"
    )
    assert told(window) == [(0, "main", ""), (1, "heading", "Tea"), (1, "listitem", "Green"), (1, "img", "Pot")]
    assert [widget.name for widget in window.widgets] == ["Black tea"]


def test_a_control_is_open_when_the_mouse_would_meet_it(desk: Desk) -> None:
    window = desk.window(
        """<button>Free</button><button style='position:absolute;top:3000px'>Below</button>
        <button style='position:absolute;top:300px'>Covered</button>
        <div style='position:fixed;top:250px;left:0;right:0;height:200px;background:red'></div>"""
    )
    assert [is_open(window, name) for name in ("Free", "Below", "Covered")] == [True, False, False]


def test_lines_outside_the_window_are_told_apart(desk: Desk) -> None:
    window = desk.window(
        "<p>Here</p><div style='height:200px;overflow:auto'><p style='margin-top:400px'>Inner</p></div>"
        "<p style='margin-top:2000px'>Below</p>"
    )
    assert {line.words: line.inside for line in window.lines} == {"Here": True, "Inner": False, "Below": False}


def test_a_picture_is_taken_only_when_asked_for(desk: Desk) -> None:
    async def both(tab: Tab) -> tuple[bytes, bytes]:
        return (await tab.window()).picture[:4], (await tab.window(picture=False)).picture

    assert desk.use("<p>x</p>", both) == (b"\x89PNG", b"")


def test_two_windows_of_the_same_state_are_equal(desk: Desk) -> None:
    async def twice(tab: Tab) -> tuple[Window, Window]:
        return await tab.window(), await tab.window()

    first, second = desk.use(
        "<input autofocus><p id=x></p><script>setInterval(() => x.textContent += '.', 9)</script>", twice
    )
    assert first == second


def test_a_page_cannot_change_what_the_window_tells(desk: Desk) -> None:
    window = desk.window(
        """<h1>Real</h1><button>B</button><script>Element.prototype.getBoundingClientRect = () => ({});
        document.elementFromPoint = () => null; window.requestAnimationFrame = () => 0; Map = Array.from = null</script>"""
    )
    assert told(window) == [(0, "heading", "Real")]
    assert is_open(window, "B")


# ------------------------------------------------------------------ frames and canvases


FRAMED = (
    "<div style='height:900px'>Above</div><iframe src=in.html title=In style='border:7px solid;padding:11px'></iframe>"
)
INNER = {
    "in.html": "<input aria-label=Word><button onclick=\"o.textContent = document.querySelector('input').value\">Say</button><p id=o>?</p>"
}


def test_the_controls_of_a_frame_are_listed_only_in_a_window(desk: Desk) -> None:
    async def both(tab: Tab) -> tuple[list[str], list[str]]:
        listed = [widget.name for widget in (await tab.window()).widgets]
        return listed, [widget.name for widget in await tab.widgets()]

    assert desk.use(FRAMED, both, INNER) == (["Word", "Say"], [])


def test_the_controls_of_a_frame_are_used_like_others(desk: Desk) -> None:
    async def use(tab: Tab) -> Window:
        await tab.type(named(await tab.window(), "Word"), "hello")
        return await pressed(tab, "Say")

    window = desk.use(FRAMED, use, INNER)
    assert (1, "generic", "hello") in told(window)


def test_a_frame_that_is_out_of_reach_is_named_alone(desk: Desk) -> None:
    window = desk.window("<iframe sandbox srcdoc='<button>Secret</button>' title=Boxed></iframe>")
    assert told(window) == [(0, "frame", "Boxed")]


def test_a_canvas_is_pressed_where_one_says(desk: Desk) -> None:
    body = """<canvas id=c width=200 height=100 style='margin:20px'></canvas><p id=o></p>
    <script>c.onclick = (e) => o.textContent = e.offsetX + ' ' + e.offsetY</script>"""

    async def use(tab: Tab) -> str:
        (canvas,) = (await tab.window()).widgets
        await tab.press(canvas, (150, 30))
        return (await tab.text()).strip()

    assert desk.use(body, use) == "150 30"


# ------------------------------------------------------------------ scrolling


def test_the_page_scrolls_by_two_thirds_of_the_window_and_no_further_than_it_goes(desk: Desk) -> None:
    async def use(tab: Tab) -> list[tuple[bool, float]]:
        places = []
        for down in (True, True, True, False):
            moved = await tab.scroll(None, down=down)
            places.append((moved, (await tab.window(picture=False)).top))
        return places

    body = "<style>body{margin:0}</style><div style='height:1500px'></div>"
    assert desk.use(body, use) == [(True, 512), (True, 732), (False, 732), (True, 220)]


def test_a_page_whose_middle_scrolls_is_scrolled_there(desk: Desk) -> None:
    body = """<style>body{margin:0;overflow:hidden}main{height:100vh;overflow:auto}</style>
    <main><div style='height:1000px'>Top</div><p>Deep</p></main>"""

    async def use(tab: Tab) -> bool:
        await tab.scroll(None, down=True)
        return next(line.inside for line in (await tab.window()).lines if line.words == "Deep")

    assert desk.use(body, use)


def test_a_control_says_which_part_is_to_be_scrolled(desk: Desk) -> None:
    body = """<div style='height:100px;overflow:auto'><button>In</button><p style='margin-top:100px'>Next</p></div>
    <div style='height:3000px'></div>"""

    async def use(tab: Tab) -> tuple[float, bool]:
        await tab.scroll(named(await tab.window(), "In"), down=True)
        window = await tab.window()
        return window.top, next(line.inside for line in window.lines if line.words == "Next")

    assert desk.use(body, use) == (0, True)


# ------------------------------------------------------------------ going back


def test_going_back_shows_the_page_before(desk: Desk) -> None:
    async def use(tab: Tab) -> tuple[bool, str, str]:
        await pressed(tab, "Next")
        return await tab.back(), await tab.path(), (await tab.text()).strip()

    assert desk.use("<a href=b.html>Next</a>", use, {"b.html": "second"}) == (True, "/", "Next")


def test_going_back_in_a_page_with_routes_stays_on_it(desk: Desk) -> None:
    body = """<button onclick="history.pushState(0, '', '/a')">Go</button><p id=o></p>
    <script>onpopstate = () => o.textContent = 'back at ' + location.pathname</script>"""

    async def use(tab: Tab) -> tuple[bool, str]:
        await pressed(tab, "Go")
        return await tab.back(), (await tab.text()).strip()

    assert desk.use(body, use) == (True, "Go\n\nback at /")


def test_there_is_no_way_back_from_the_first_page(desk: Desk) -> None:
    async def use(tab: Tab) -> tuple[bool, str]:
        return await tab.back(), await tab.path()

    assert desk.use("<p>x</p>", use) == (False, "/")
