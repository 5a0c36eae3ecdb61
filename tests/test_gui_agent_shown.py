"""What the model is shown: marks on the picture, the page in words."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from tests.conftest import Runner, ShowSite
from tests.gui_agent.plan import answer, said
from webgen_gym.browser.base import Line, Window
from webgen_gym.judges.gui_agent import GuiAgent
from webgen_gym.judges.gui_agent.marks import FRAME, marked
from webgen_gym.judges.gui_agent.page import Seen, told
from webgen_gym.limits import Limits
from webgen_gym.llm import Request, ScriptedModel
from webgen_gym.types import Rect, Task, UITest, Widget

LIMITS = Limits()


def png(width: int = 200, height: int = 100) -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(stored, "PNG")
    return stored.getvalue()


def widget(index: int = 0, *, box: tuple[float, float, float, float] = (50, 40, 60, 20), **more: Any) -> Widget:
    plain = Widget(index, "button", f"B{index}", "button", "submit", "", "", "", (), None, False, -1, Rect(*box))
    return replace(plain, **more)


def window(*widgets: Widget, covered: bool = False, **more: Any) -> Window:
    lines = tuple(Line(0, each.role, "", each.index, inside=True) for each in widgets)
    free = frozenset() if covered else frozenset(each.index for each in widgets)
    return replace(Window(lines, widgets, free, 0, 0, 200, 100, png()), **more)


def words(shown: Window, *, all_below: bool = False, limits: Limits = LIMITS) -> list[str]:
    return told(Seen("/", shown, ""), limits, all_below=all_below).splitlines()


def coloured(picture: bytes) -> tuple[int, int, int, int] | None:
    """The box of everything that is not white."""
    with Image.open(io.BytesIO(picture)) as shot:
        return Image.eval(shot.convert("L"), lambda value: 255 - value).getbbox()


# ------------------------------------------------------------------ marks


def test_a_control_gets_a_frame_where_it_is_and_a_number_above_it() -> None:
    picture = marked(window(widget()))
    assert coloured(picture) == (50, 26, 111, 61)
    with Image.open(io.BytesIO(picture)) as shot:
        assert shot.getpixel((110, 50)) == FRAME


def test_the_frame_stands_where_the_control_is_in_a_window_that_is_scrolled() -> None:
    scrolled = window(widget(box=(50, 1040, 60, 20)), top=1000.0)
    assert coloured(marked(scrolled)) == (50, 26, 111, 61)


@pytest.mark.parametrize("box", [(-20, -10, 60, 30), (190, 95, 60, 30), (0, 0, 0, 0), (-1000, -1000, 5000, 5000)])
def test_a_label_stays_inside_the_picture(box: tuple[float, float, float, float]) -> None:
    number = 500
    shown = window(widget(box=box), top=0.0)
    shown = replace(
        shown, widgets=(*[widget(box=(0, 0, 0, 0))] * number, widget(number, box=box)), open=frozenset({number})
    )
    with Image.open(io.BytesIO(marked(shown))) as shot:
        assert shot.size == (200, 100)
        assert any(colour == FRAME and count > 100 for count, colour in shot.getcolors(maxcolors=4096) or [])


def test_a_covered_control_gets_no_mark() -> None:
    assert coloured(marked(window(widget(), covered=True))) is None


# ------------------------------------------------------------------ words


DESCRIBED = {
    '- [1] button "B0"': widget(),
    '- [1] button "B0" disabled': widget(disabled=True),
    '- [1] checkbox "B0" not checked': widget(
        role="checkbox", tag="input", input_type="checkbox", checked=False, value="on"
    ),
    '- [1] textbox "B0" value "x"': widget(role="textbox", tag="input", input_type="text", value="x"),
    '- [1] textbox "B0" (date)': widget(role="textbox", tag="input", input_type="date"),
    '- [1] combobox "B0" value "a" options "One", "Two"': widget(
        role="combobox", tag="select", value="a", options=("One", "Two")
    ),
    "- [1] canvas (60×20 px)": widget(role="generic", name="", tag="canvas"),
    '- [1] div "B0"': widget(role="generic", tag="div"),
}


@pytest.mark.parametrize("line", DESCRIBED)
def test_a_control_is_described_by(line: str) -> None:
    assert line in words(window(DESCRIBED[line]))


def test_a_covered_control_is_said_to_be_covered() -> None:
    assert '- [1] button "B0" (covered)' in words(window(widget(), covered=True))


OUT_OF_WINDOW = (
    Line(0, "heading", "Above", -1, inside=False),
    Line(0, "heading", "Here", -1, inside=True),
    Line(0, "heading", "Below", -1, inside=False),
)


def test_one_who_sees_is_told_what_is_in_the_window() -> None:
    told_lines = words(window(lines=OUT_OF_WINDOW))
    assert [line for line in told_lines if line.startswith("-")] == ['- heading "Here"']
    assert told_lines[-1] == "2 more lines of the page are not listed; scrolling brings others."


def test_one_who_reads_is_told_what_follows_too() -> None:
    told_lines = words(window(lines=OUT_OF_WINDOW), all_below=True)
    assert [line for line in told_lines if line.startswith("-")] == ['- heading "Here"', '- heading "Below"']


def test_a_long_page_is_cut_and_the_cut_is_told() -> None:
    lines = tuple(Line(0, "", f"word {number}", -1, inside=True) for number in range(100))
    told_lines = words(window(lines=lines), limits=replace(LIMITS, gui_agent_page_chars=200))
    assert told_lines[-1] == "88 more lines of the page are not listed; scrolling brings others."


# ------------------------------------------------------------------ in the browser


def test_a_model_that_sees_gets_the_last_three_pictures_of_the_window(run: Runner, show_site: ShowSite) -> None:
    def say(request: Request) -> str:
        return said("wait") if len(model.requests) < 5 else answer(request, [("YES", "")])

    model = ScriptedModel(say)

    async def work() -> None:
        async with show_site({"index.html": "<button>Go</button>"}) as shown:
            task = Task(id="t", instruction="", ui_tests=(UITest("It works.", ""),))
            await GuiAgent(model).functionality(task, shown.visits)

    run(work())
    images = [len(message.images) for message in model.requests[-1].messages if message.role == "user"]
    assert images == [0, 0, 0, 1, 1, 1]
    with Image.open(io.BytesIO(model.requests[-1].messages[-1].images[0].data)) as shot:
        assert shot.size == (1024, 768)
        assert FRAME in {colour for _, colour in shot.getcolors(maxcolors=10**6) or []}
