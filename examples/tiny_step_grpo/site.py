"""The files of a design: one page, one style sheet, one script."""

from __future__ import annotations

from examples.tiny_step_grpo import sections
from examples.tiny_step_grpo.grammar import Design, parse
from examples.tiny_step_grpo.vocabulary import ACCENTS, BACKGROUNDS, TOPICS
from webgen_gym.replies.write import write_bolt
from webgen_gym.types import Control, WriteFile


def expand(text: str) -> str:
    """The reply of the environment that a compact reply stands for; what is not of the language is passed as it is.

    The site is written whole, and its functions are to be tested: a site that is written again keeps its verdicts.
    """
    design = parse(text)
    if design is None:
        return text
    return write_bolt(files(design), title=TOPICS[design.topic].name, control=Control.VALIDATE)


def files(design: Design) -> tuple[WriteFile, ...]:
    """What a design is made of."""
    return (
        WriteFile("index.html", _page(design).encode()),
        WriteFile("style.css", _style(design).encode()),
        WriteFile("app.js", _script(design).encode()),
    )


def _page(design: Design) -> str:
    topic = TOPICS[design.topic]
    names = [section.name for section in design.sections]
    links = "".join(f'<a href="#{name}">{sections.TITLES[name]}</a>' for name in names)
    cards = "\n".join(_card(name, design) for name in names)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{topic.name}, the {design.topic}</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<header><strong>{topic.name}</strong><nav>{links}</nav></header>
<section class="hero">
<div><h1>The {design.topic} {topic.name}</h1><p>{topic.line}</p></div>
{_ART}
</section>
<main>
{cards}
</main>
<footer>{topic.name}, a {design.topic} in Oldbridge</footer>
<script src="app.js"></script>
</body>
</html>
"""


def _card(name: str, design: Design) -> str:
    inner = sections.markup(name, TOPICS[design.topic])
    return f'<article id="{name}">{_ICON}<h2>{sections.TITLES[name]}</h2>{inner}</article>'


_ICON = '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/></svg>'
_ART = """<svg class="art" viewBox="0 0 240 120" role="img" aria-label="Drawing">
<rect x="10" y="50" width="60" height="60" rx="6"/><rect x="84" y="20" width="70" height="90" rx="6" opacity=".7"/>
<circle cx="198" cy="72" r="38" opacity=".45"/></svg>"""


def _style(design: Design) -> str:
    ink = {"clear": "#222222", "faint": "#c4bfb8"}[design.ink]
    head = _HEAD.format(background=BACKGROUNDS[design.background], accent=ACCENTS[design.accent], ink=ink)
    return head + _COMMON + {"grid": _GRID, "strip": _STRIP}[design.layout]


_HEAD = """:root {{ --ground: {background}; --accent: {accent}; --ink: {ink}; }}
"""
_COMMON = """* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 Verdana, "DejaVu Sans", sans-serif; }
header { background: var(--accent); color: white; display: flex; align-items: center; gap: 24px; padding: 14px 28px; }
header strong { font-size: 20px; }
nav { display: flex; gap: 20px; margin-left: auto; }
nav a { color: white; text-decoration: none; }
h1 { font-size: 34px; line-height: 1.2; margin: 0 0 8px; }
h2 { font-size: 20px; line-height: 1.3; margin: 0; }
p { margin: 8px 0; }
.hero { display: flex; align-items: center; gap: 28px; justify-content: space-between; }
.art { width: 240px; height: 120px; fill: var(--accent); flex: none; }
.icon { width: 24px; height: 24px; fill: var(--accent); float: left; margin: 1px 10px 0 0; }
article { background: white; border-radius: 12px; }
article svg:not(.icon) { width: 100%; height: 60px; fill: var(--accent); }
dl { margin: 10px 0 0; }
dl div { display: flex; justify-content: space-between; gap: 16px; padding: 4px 0; }
dt { font-weight: 600; }
dd { margin: 0; }
blockquote { margin: 10px 0; padding-left: 14px; border-left: 3px solid var(--accent); }
button { background: var(--accent); color: white; border: 0; border-radius: 8px; padding: 10px 18px; font: inherit; }
input { border: 1px solid var(--accent); border-radius: 8px; padding: 9px 12px; font: inherit; min-width: 0; flex: 1; }
form { display: flex; gap: 10px; margin: 10px 0; }
ul { margin: 8px 0; padding-left: 20px; }
footer { background: var(--accent); color: white; padding: 14px 28px; }
"""
_GRID = """.hero { max-width: 960px; margin: 0 auto; padding: 28px; }
main { max-width: 960px; margin: 0 auto; padding: 0 28px 28px; }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 20px; }
article { padding: 18px 20px; box-shadow: 0 2px 8px rgb(0 0 0 / 12%); }
"""
_STRIP = """.hero { padding: 90px 0 0 2px; }
main { display: flex; gap: 2px; }
article { flex: 0 0 460px; padding: 0; }
"""


def _script(design: Design) -> str:
    """Forms stay on the page whether they work or not."""
    works = [sections.script(section.name) for section in design.sections if section.live]
    return "\n".join([_PREAMBLE, *works, ""])


_PREAMBLE = """const byId = (id) => document.getElementById(id);
document.addEventListener('submit', (event) => event.preventDefault());"""
