"""Looks are reproducible, and a hostile page costs its tab and nothing else."""

import asyncio
import dataclasses
from collections.abc import Mapping

import pytest

from tests.conftest import Runner, ShowSite
from webgen_gym.browser.base import Events
from webgen_gym.browser.chromium import Chromium
from webgen_gym.browser.find import find_browser
from webgen_gym.browser.tab import SiteTab
from webgen_gym.errors import AgentFault, MissingTool
from webgen_gym.limits import Limits
from webgen_gym.types import Look

QUICK = dataclasses.replace(Limits(), browser_op_s=3.0, page_load_s=3.0, settle_cap_s=2.0)
GOOD = "<!doctype html><title>fine</title><h1>Fine</h1>"


def look(
    run: Runner, show_site: ShowSite, body: str, limits: Limits = QUICK, files: Mapping[str, str] | None = None
) -> Look:
    async def work() -> Look:
        page = f"<!doctype html><title>t</title><body>{body}"
        async with show_site({"index.html": page, **(files or {})}, limits) as shown:
            seen: Look = await shown.visits.look()
            return seen

    return run(work())


MOVING = {
    "the clock": "<p id=x></p><script>x.textContent = new Date() + ' ' + Date.now() + ' ' + performance.now()</script>",
    "Date called as a function": "<p id=x></p><script>x.textContent = Date()</script>",
    "chance": "<p id=x></p><script>x.textContent = Math.random() + crypto.randomUUID()</script>",
    "a ticking clock": "<p id=x></p><script>setInterval(() => x.textContent = new Date().toISOString(), 100)</script>",
    "an animation frame loop": (
        "<canvas id=c width=300 height=150></canvas><script>let n = 0; const g = c.getContext('2d'); (function draw() {"
        " n += 3; g.fillRect(n, n / 2, 9, 9); requestAnimationFrame(draw) })()</script>"
    ),
    "a CSS animation": (
        "<style>@keyframes m { to { transform: translateX(300px) } }"
        " b { display: block; animation: m 3s infinite }</style><b>moving</b>"
    ),
    "a CSS transition": (
        "<style>b { display: block; width: 9px; background: red; transition: width 9s }</style><b id=x>x</b>"
        "<script>setTimeout(() => x.style.width = '300px', 50)</script>"
    ),
    "a caret": "<input autofocus>",
    "a toast after two seconds": "<script>setTimeout(() => document.body.append('done'), 1900)</script>",
    "a chain of timers": (
        "<p id=x></p><script>let n = 0; (function tick() { x.textContent = ++n; setTimeout(tick, 7) })()</script>"
    ),
    "where it is served": "<p id=x></p><script>x.textContent = location.href + history.length</script>",
}


@pytest.mark.parametrize("body", MOVING.values(), ids=list(MOVING))
def test_two_looks_are_the_same_picture_in_spite_of(run: Runner, show_site: ShowSite, body: str) -> None:
    first, second = look(run, show_site, body), look(run, show_site, body)
    assert first.screenshot == second.screenshot
    assert first.measurements == second.measurements


def test_a_kept_page_looks_like_a_new_one_whatever_it_stored(run: Runner, show_site: ShowSite) -> None:
    body = """<p id=x></p><script>
      x.textContent = [localStorage.n, sessionStorage.n, document.cookie, history.length].join();
      localStorage.n = sessionStorage.n = 1; document.cookie = 'n=1'; history.pushState(0, '', '/?seen');
    </script>"""

    async def work() -> list[str]:
        async with show_site({"index.html": body}) as shown:
            return [(await shown.visits.look()).measurements.text for _ in range(3)]

    first, second, third = run(work())
    assert first == second == third


def test_a_page_that_waits_is_seen_in_its_end_state_without_waiting(run: Runner, show_site: ShowSite) -> None:
    body = "<p id=x>loading</p><script>setTimeout(() => x.textContent = 'ready', 59 * 60 * 1000)</script>"
    an_hour = dataclasses.replace(QUICK, settle_virtual_ms=60 * 60 * 1000)
    assert look(run, show_site, body, an_hour).measurements.text == "ready"


def test_requests_that_a_timer_starts_are_waited_for(run: Runner, show_site: ShowSite) -> None:
    body = """<p id=x></p><script>
      setTimeout(async () => { x.textContent = await (await fetch('/data.txt')).text() }, 1000)
    </script>"""
    assert "from the file" in look(run, show_site, body, files={"data.txt": "from the file"}).measurements.text


def test_what_an_answer_sets_off_gets_its_time(run: Runner, show_site: ShowSite) -> None:
    body = """<p id=x></p><script>
      fetch('/data.txt').then((answer) => answer.text()).then(() => setTimeout(() => x.textContent = 'shown', 1500))
    </script>"""
    assert look(run, show_site, body, files={"data.txt": "from the file"}).measurements.text == "shown"


def test_time_passes_on_a_page_that_waits_for_nothing(run: Runner, show_site: ShowSite) -> None:
    body = "<button onclick='this.textContent = Math.floor(Date.now() / 1000) % 60'>seconds</button>"

    async def work() -> str:
        async with show_site({"index.html": body}) as shown, shown.visits.tab() as tab:
            await tab.open()
            await tab.wait(7000)
            await tab.press((await tab.widgets())[0])
            return str(await tab.text())

    assert run(work()) == str((Limits().settle_virtual_ms + 7000) // 1000)


CORNER = """<body style="margin:0"><button style="position:fixed;right:0;bottom:0"
  onclick="x.textContent = [innerWidth, innerHeight, document.visibilityState]">Size</button><p id=x></p>"""


def test_a_page_in_a_hidden_window_keeps_its_size_and_can_be_used(run: Runner, show_site: ShowSite) -> None:
    async def work() -> str:
        async with show_site({"index.html": CORNER}) as shown, shown.visits.tab((900, 700)) as tab:
            assert isinstance(tab, SiteTab)
            await tab.hide()
            await tab.open()
            await tab.press((await tab.widgets())[0])
            return await tab.text()

    assert "900,700,visible" in run(work())


HOSTILE = {
    "a loop that never ends": ("<script>while (true) {}</script>", "stopped answering"),
    "a loop that starts later": ("<script>setTimeout(() => { while (true) {} }, 100)</script>", "stopped answering"),
    "promises without end": ("<script>(async () => { while (true) await 0 })()</script>", "stopped answering"),
    "endless dialogs": ("<script>while (true) alert('again')</script>", "more than 20 dialogs"),
    "a page that leaves": (
        "<script>location.href = 'https://example.com/'</script>",
        "could not be loaded|another site",
    ),
    "a page that closes itself": ("<script>window.close(); window.open('', '_self').close()</script>", ""),
}


@pytest.mark.parametrize(("body", "problem"), HOSTILE.values(), ids=list(HOSTILE))
def test_a_hostile_page_is_said_to_be_at_fault_and_the_next_look_is_normal(
    run: Runner, show_site: ShowSite, body: str, problem: str
) -> None:
    async def work() -> tuple[Look, Look]:
        async with show_site({"index.html": f"<!doctype html><body>{body}"}, QUICK) as shown:
            bad = await shown.visits.look()
            shown.show({"index.html": GOOD})
            return bad, await shown.visits.look()

    bad, good = run(work())
    if problem:
        assert any(part in bad.problem for part in problem.split("|")), bad.problem
    assert good.problem == ""
    assert good.title == "fine"


def test_a_renderer_that_crashes_is_a_fault_of_the_page(run: Runner, show_site: ShowSite) -> None:
    async def work() -> tuple[str, str]:
        async with show_site({"index.html": GOOD}, QUICK) as shown:
            async with shown.visits.tab() as tab:
                await tab.open()
                crash = asyncio.ensure_future(tab._cdp.send("Page.crash"))
                with pytest.raises(AgentFault) as fault:
                    await tab.text()
                crash.cancel()
            return fault.value.message, (await shown.visits.look()).title

    assert run(work()) == ("The page crashed.", "fine")


def test_a_killed_browser_is_replaced(run: Runner, show_site: ShowSite, chromium: Chromium) -> None:
    async def work() -> str:
        async with show_site({"index.html": GOOD}, QUICK) as shown:
            await shown.visits.look()
            await chromium.kill()
            look: Look = await shown.visits.look()
            return look.title

    assert run(work()) == "fine"


def test_dialogs_are_answered_and_their_texts_kept(run: Runner, show_site: ShowSite) -> None:
    body = "<script>alert('one'); document.title = confirm('two') + prompt('three', 'x')</script>"

    async def work() -> tuple[tuple[str, ...], str]:
        async with show_site({"index.html": body}, QUICK) as shown, shown.visits.tab() as tab:
            await tab.open()
            return tab.take_events().dialogs, (await tab.look()).title

    assert run(work()) == (("alert: one", "confirm: two", "prompt: three"), "truex")


def test_popups_and_downloads_are_refused_and_reported(run: Runner, show_site: ShowSite) -> None:
    body = "<a id=n href=/other.html target=_blank>new</a><a id=d href=/f.bin download>file</a>"

    async def work() -> tuple[Events, str]:
        async with show_site({"index.html": body, "other.html": "other", "f.bin": "x"}) as shown:
            async with shown.visits.tab() as tab:
                await tab.open()
                for widget in await tab.widgets():
                    await tab.press(widget)
                return tab.take_events(), await tab.path()

    events, path = run(work())
    assert events.popups == ("/other.html",)
    assert path == "/"


def test_console_errors_and_requests_are_told_without_duplicates(run: Runner, show_site: ShowSite) -> None:
    body = """<script>for (let i = 0; i < 3; i++) console.error('twice'); missing()</script><img src=gone.png>
      <script src=https://cdn.example.com/x.js></script>"""
    seen = look(run, show_site, body)
    assert [(line.level, line.text, line.count) for line in seen.console] == [("error", "twice", 3)]
    assert seen.page_errors == ("ReferenceError: missing is not defined",)
    assert {(r.url, r.status, r.blocked) for r in seen.requests} == {
        ("/gone.png", 404, False),
        ("https://cdn.example.com/x.js", 0, True),
    }


def test_the_page_cannot_change_what_is_measured(run: Runner, show_site: ShowSite) -> None:
    body = """<h1>Real</h1><script>
      window.getComputedStyle = () => ({}); Element.prototype.getBoundingClientRect = () => ({ width: 0, height: 0 });
      window.axe = { run: () => ({ violations: [] }) }; Object.defineProperty(HTMLElement.prototype, 'innerText', { get: () => 'fake' });
      JSON.stringify = () => 'fake'; Array.from = () => [];
    </script>"""
    seen = look(run, show_site, body)
    assert "Real" in seen.measurements.text
    assert seen.measurements.elements[0].tag == "h1"


def test_the_kept_tab_is_replaced_after_so_many_looks(run: Runner, show_site: ShowSite) -> None:
    async def tabs() -> list[int]:
        async with show_site({"index.html": "<h1>Tea</h1>"}, Limits(looks_per_tab=2)) as shown:
            seen = []
            for _ in range(5):
                await shown.visits.look()
                seen.append(shown.visits._kept)
            return [seen.index(tab) for tab in seen]

    assert run(tabs()) == [0, 0, 2, 2, 4]


def test_a_page_of_any_size_gives_a_picture_of_the_viewport_and_bounded_measurements(
    run: Runner, show_site: ShowSite
) -> None:
    body = "<script>document.body.innerHTML = '<p>x</p>'.repeat(20000) + '<div style=width:90000px>wide</div>'</script>"
    seen = look(run, show_site, body, Limits())
    assert (seen.width, seen.height) == (1024, 768)
    assert len(seen.measurements.elements) == 2000
    assert seen.measurements.elements_total > 20000
    assert seen.measurements.page_width >= 90000


def test_text_that_is_too_faint_is_found_by_axe(run: Runner, show_site: ShowSite) -> None:
    body = "<p style='color:#ccc'>faint one</p><p style='color:#ccc'>faint two</p><p>plain</p>"
    (found,) = look(run, show_site, body).measurements.contrast
    assert (found.text, found.count, found.required) == ("faint one", 2, 4.5)
    assert 1.5 < found.ratio < 1.7


def test_a_control_under_something_else_cannot_be_pressed(run: Runner, show_site: ShowSite) -> None:
    body = "<button>Buy</button><div style='position:fixed;inset:0;background:#fff'>Cover</div>"

    async def work() -> str:
        async with show_site({"index.html": body}) as shown, shown.visits.tab() as tab:
            await tab.open()
            with pytest.raises(AgentFault) as fault:
                await tab.press((await tab.widgets())[0])
            return fault.value.message

    assert run(work()) == "The button 'Buy' could not be pressed: <div> \"Cover\" lies over it."


FIELDS = """<form><label>Name <input id=a value=old></label><input type=date aria-label=Day>
<input type=range min=0 max=9 aria-label=Level><textarea aria-label=Text></textarea><p contenteditable>free</p>
<select aria-label=Size><option>S<option>Large one</select><input type=checkbox aria-label=Yes></form><output id=o></output>
<script>document.addEventListener('input', (e) => o.append(e.target.type + ' '))</script>"""


def test_fields_of_every_kind_are_filled_as_a_person_would(run: Runner, show_site: ShowSite) -> None:
    async def work() -> dict[str, object]:
        async with show_site({"index.html": FIELDS}) as shown, shown.visits.tab() as tab:
            await tab.open()
            by_name = {widget.name or widget.tag: widget for widget in await tab.widgets()}
            await tab.type(by_name["Name"], "Ada ✓")
            await tab.type(by_name["Day"], "2026-02-03")
            await tab.type(by_name["Level"], "7")
            await tab.type(by_name["Text"], "two\nlines")
            await tab.choose(by_name["Size"], "Large one")
            await tab.press(by_name["Yes"])
            return {w.name or w.tag: w.checked if w.checked is not None else w.value for w in await tab.widgets()}

    values = run(work())
    assert values["Name"] == "Ada ✓"
    assert values["Day"] == "2026-02-03"
    assert values["Level"] == "7"
    assert values["Text"] == "two\nlines"
    assert values["Size"] == "Large one"
    assert values["Yes"] is True


def test_the_fingerprint_changes_with_what_a_person_would_notice_and_only_then(
    run: Runner, show_site: ShowSite
) -> None:
    body = "<button onclick='x.hidden = !x.hidden'>Toggle</button><button>Dead</button><p id=x>text</p>"

    async def work() -> list[str]:
        async with show_site({"index.html": body}) as shown, shown.visits.tab() as tab:
            await tab.open()
            toggle, dead = await tab.widgets()
            prints = [await tab.fingerprint()]
            for widget in (dead, toggle, toggle):
                await tab.press(widget)
                prints.append(await tab.fingerprint())
            return prints

    start, after_dead, after_toggle, after_both = run(work())
    assert start == after_dead == after_both
    assert after_toggle != start


def test_a_missing_browser_is_named_with_what_to_do() -> None:
    with pytest.raises(MissingTool, match=r"There is no browser at /nowhere/chromium; run 'playwright install"):
        find_browser("/nowhere/chromium")


TYPING = """<input id=f value=before><p id=o></p><script>
  const seen = []; const note = (e) => { seen.push(e.type + ':' + f.value); o.textContent = seen.join(' ') };
  f.oninput = f.onkeyup = note;
</script>"""


@pytest.mark.parametrize("text", ["", "x", "tea", "grüße 🍵", "a" * 500])
def test_a_field_holds_what_was_typed_and_nothing_else_and_hears_a_key(
    run: Runner, show_site: ShowSite, text: str
) -> None:
    async def work() -> tuple[str, str]:
        async with show_site({"index.html": TYPING}) as shown, shown.visits.tab() as tab:
            await tab.open("/")
            await tab.type((await tab.widgets())[0], text)
            return (await tab.widgets())[0].value, await tab.text()

    value, heard = run(work())
    assert value == text
    assert heard.split()[-1].partition(":")[0] == "keyup" or not text.isascii()
    assert f"input:{text[:10]}" in heard


def test_a_file_that_a_page_makes_has_the_same_name_each_time(run: Runner, show_site: ShowSite) -> None:
    page = """<button onclick="const a = document.createElement('a'); a.download = 'all.csv';
        a.href = window.URL.createObjectURL(new Blob(['x'])); document.body.append(a); a.click()">Export</button>"""

    async def work() -> Events:
        async with show_site({"index.html": page}) as shown, shown.visits.tab() as tab:
            await tab.open("/")
            await tab.press((await tab.widgets())[0])
            async with asyncio.timeout(5):
                while not (events := tab.take_events()).downloads:
                    await asyncio.sleep(0.02)
            seen: Events = events
            return seen

    assert run(work()).downloads == ("blob:",)
