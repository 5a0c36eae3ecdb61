"""Small pages that are hard to use, each with a plan to use it and what one must see in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.gui_agent.plan import BACK, WAIT, Move, click, key, scroll, select, write

OUT = "<output id=o></output>"


@dataclass(frozen=True, slots=True)
class Case:
    """A page, what is done on it, and what it shows then."""

    body: str
    moves: tuple[Move, ...]
    shows: str
    files: Mapping[str, str] = field(default_factory=dict)


CASES = {
    "a form that is checked": Case(
        """<form id=f><label>Name <input required id=n></label><label>Mail <input type=email required></label>
        <label><input type=checkbox required> I agree</label><button>Send</button></form><output id=o></output>
        <script>f.onsubmit = (e) => { e.preventDefault(); o.textContent = 'Thanks, ' + n.value }</script>""",
        (write("Name", "Ada"), write("Mail", "ada@example.com"), click("I agree"), click("Send")),
        "Thanks, Ada",
    ),
    "a login with the names of the hint": Case(
        """<form id=f><input id=u placeholder=User><input id=p type=password placeholder=Password><button>Log in</button></form>
        <script>f.onsubmit = (e) => { e.preventDefault(); if (u.value + p.value == 'adminadmin123456') {
        sessionStorage.user = u.value; location.href = 'home.html' } }</script>""",
        (write("User", "admin"), write("Password", "admin123456\n")),
        "Welcome, admin",
        {"home.html": "<h1 id=h></h1><script>h.textContent = 'Welcome, ' + sessionStorage.user</script>"},
    ),
    "dialogs of the browser": Case(
        f"""<button id=b>Delete</button>{OUT}<script>b.onclick = () => {{ alert('Careful');
        o.textContent = confirm('Really?') + prompt('Why?', 'no reason') }}</script>""",
        (click("Delete"),),
        '"confirm: Really?"',
    ),
    "a modal dialog": Case(
        f"""<button id=b onclick='d.showModal()'>Open</button><dialog id=d><input aria-label=Note id=n>
        <button onclick='o.textContent = n.value; d.close()'>Keep</button></dialog>{OUT}""",
        (click("Open"), write("Note", "milk"), click("Keep")),
        '"milk"',
    ),
    "a link to a new tab": Case(
        "<h1>First</h1><a target=_blank href=other.html>Other</a>",
        (click("Other"), BACK, click("Other")),
        "In a new tab",
        {"other.html": "<h1>In a new tab</h1>"},
    ),
    "a window that a script opens": Case(
        "<button onclick=\"window.open('/report.html?of=may')\">Report</button>",
        (click("Report"),),
        "Report of may",
        {"report.html": "<h1 id=h></h1><script>h.textContent = 'Report of ' + location.search.slice(4)</script>"},
    ),
    "scrolling without end": Case(
        """<ul id=l></ul><p id=e>end</p><script>let n = 0;
        const more = () => { for (let i = 0; i < 20; i++) l.append(Object.assign(document.createElement('li'),
          { textContent: 'Item ' + ++n, style: 'height:40px' })) };
        more(); new IntersectionObserver((s) => s[0].isIntersecting && n < 200 && more()).observe(e)</script>""",
        (scroll(), scroll(), scroll(), scroll()),
        "Item 45",
    ),
    "a list that scrolls in itself": Case(
        """<style>body{margin:0;height:100vh;overflow:hidden}main{height:100vh;overflow:auto}</style>
        <main><div style='height:2000px'>Top</div><button onclick="this.textContent='Found'">Deep</button></main>""",
        (scroll(), scroll(), scroll(), click("Deep")),
        "Found",
    ),
    "a slow page": Case(
        """<p id=x>Loading</p><button id=b>Go</button><script>b.onclick = () => setTimeout(() =>
        { x.textContent = 'Ready at last' }, 2900)</script>""",
        (click("Go"), WAIT),
        "Ready at last",
    ),
    "a frame": Case(
        """<div style='height:900px'>Above</div><iframe src=inner.html title=Inner style='border:9px solid;padding:5px'></iframe>
        <script>onmessage = (e) => document.title = e.data</script>""",
        (scroll(), write("Word", "hello"), click("Say"), scroll(on="Say"), click("More")),
        "hello, hello",
        {
            "inner.html": """<input id=w aria-label=Word><button onclick='o.textContent = w.value'>Say</button>
            <div style='height:150px'></div><button onclick="o.textContent += ', ' + w.value; window.scrollTo(0, 0)">More</button>
            <p id=o></p><script>document.body.prepend(o)</script>"""
        },
    ),
    "a shadow tree": Case(
        """<x-box></x-box><script>customElements.define('x-box', class extends HTMLElement { connectedCallback() {
        const s = this.attachShadow({ mode: 'open' }); s.innerHTML = '<button>Inside</button><p></p>';
        s.querySelector('button').onclick = () => s.querySelector('p').textContent = 'from the shadow' } })</script>""",
        (click("Inside"),),
        "from the shadow",
    ),
    "a canvas": Case(
        f"""<canvas id=c width=300 height=200 style='border:1px solid'></canvas>{OUT}<script>
        c.addEventListener('click', (e) => {{ o.textContent = e.offsetX > 200 && e.offsetY > 100 ? 'lower right' : 'elsewhere' }})</script>""",
        (click("canvas"), click("canvas", "250,150")),
        "lower right",
    ),
    "a control that is switched off": Case(
        f"""<button id=b disabled onclick="o.textContent='Bought'">Buy</button><label><input type=checkbox
        onchange='b.disabled = !this.checked'> Terms</label>{OUT}""",
        (click("Buy"), click("Terms"), click("Buy")),
        "Bought",
    ),
    "a download": Case(
        "<a download=list.csv href='data:text/csv,a,b'>Export</a>",
        (click("Export"),),
        "A download began",
    ),
    "fields with a picker": Case(
        """<input type=date aria-label=Day><input type=time aria-label=Hour><input type=number aria-label=Count>
        <input type=range min=0 max=50 aria-label=Price><input type=color aria-label=Paint><output id=o></output><script>
        oninput = () => o.textContent = [...document.querySelectorAll('input')].map((i) => i.value).join(' ')</script>""",
        (
            write("Day", "2026-03-04"),
            write("Hour", "09:30"),
            write("Count", "12"),
            write("Price", "35"),
            write("Paint", "#ff0000"),
        ),
        "2026-03-04 09:30 12 35 #ff0000",
    ),
    "a select": Case(
        f"<select aria-label=Size onchange='o.textContent = this.value'><option>Small<option value=XL>Very large</select>{OUT}",
        (select("Size", "Very large"),),
        '"XL"',
    ),
    "text that is edited in place": Case(
        f"<h2 contenteditable oninput='o.textContent = this.textContent.length'>Old title</h2>{OUT}",
        (write("Old title", "Fresh"),),
        '"Fresh"',
    ),
    "a menu that opens under the mouse": Case(
        f"""<style>ul ul {{ display: none }} li:hover ul {{ display: block }}</style><ul><li><a href='#' onclick='return false'>Shop</a>
        <ul><li><button onclick="o.textContent='Tea it is'">Tea</button></ul></ul>{OUT}""",
        (click("Shop"), click("Tea")),
        "Tea it is",
    ),
    "a banner that covers everything": Case(
        f"""<button onclick="o.textContent='Reached'">Under</button>{OUT}<div id=d style='position:fixed;inset:0;background:#fffa'>
        <button style='position:absolute;bottom:20px' onclick='d.remove()'>Accept cookies</button></div>""",
        (click("Under"), click("Accept cookies"), click("Under")),
        "Reached",
    ),
    "a link that leads away": Case(
        "<h1>Home again</h1><a href='https://example.com/'>Partner</a><a href='http://example.org/x'>Other</a>",
        (click("Partner"), click("Other")),
        "Home again",
    ),
    "a page that never settles": Case(
        """<p id=x></p><button onclick="x.dataset.done = 1">Stop</button><script>
        setInterval(() => { fetch('/missing?' + Date.now()); x.textContent = x.dataset.done ? 'Stopped' : Date.now() }, 50)</script>""",
        (click("Stop"), WAIT),
        "Stopped",
    ),
    "a button that hangs the page": Case(
        "<button onclick='while (true) {}'>Hang</button><button onclick=\"this.textContent='Alive'\">Other</button>",
        (click("Hang"), click("Other")),
        "Alive",
    ),
    "a page that closes itself": Case(
        "<h1>Still here</h1><button onclick=\"window.open('', '_self').close()\">Close</button>",
        (click("Close"),),
        "Still here",
    ),
    "routes of a script": Case(
        """<nav><button onclick="go('/a')">A</button><button onclick="go('/b')">B</button></nav><h1 id=h>start</h1><script>
        const show = () => h.textContent = 'At ' + location.pathname;
        const go = (p) => { history.pushState(0, '', p); show() }; onpopstate = show</script>""",
        (click("A"), click("B"), BACK),
        "At /a",
    ),
    "keys": Case(
        f"""<p>Play with the arrows</p>{OUT}<script>let n = 0;
        onkeydown = (e) => o.textContent = e.key == 'ArrowRight' ? 'right ' + ++n : e.key</script>""",
        (key("ArrowRight"), key("ArrowRight")),
        "right 2",
    ),
}
