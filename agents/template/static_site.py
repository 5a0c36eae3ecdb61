"""A plan as plain HTML, CSS and JavaScript: no build, no library, nothing from elsewhere."""

from __future__ import annotations

from html import escape

from webgen_gym.agents.template.art import icon, scene, thumb
from webgen_gym.agents.template.parts import part, scripts, widget_styles
from webgen_gym.agents.template.plan import Block, Section, SitePlan
from webgen_gym.agents.template.shell import Pairs, Shell, shell_of
from webgen_gym.agents.template.spec import Reach, as_script, site_data
from webgen_gym.agents.template.styles import Theme


def static_files(plan: SitePlan, theme: Theme, reach: Reach, *, polished: bool, fixes: str = "") -> dict[str, str]:
    """The files of a static site. ``fixes`` are rules that stand after all others."""
    widgets = [section.widget for section in reach.sections if section.widget]
    downloads = any(section.options.get("act") == "Download" for section in reach.sections)
    names = scripts(widgets, pdf=downloads)
    made = {
        "index.html": _page(plan, theme, reach, names, polished=polished),
        "css/base.css": f"{theme.css()}\n{part('base.css')}",
        "js/site.js": as_script(site_data(plan, reach)),
        **{f"js/{name}.js": part(f"{name}.js") for name in names},
    }
    styles = widget_styles(widgets)
    made |= {"css/widgets.css": styles} if styles else {}
    made |= {"css/polish.css": part("polish.css")} if polished else {}
    made |= {"css/fixes.css": fixes} if fixes else {}
    return made


def _page(plan: SitePlan, theme: Theme, reach: Reach, names: tuple[str, ...], *, polished: bool) -> str:
    shell = shell_of(plan, reach, polished=polished)
    widgets = [section.widget for section in reach.sections if section.widget]
    sheets = ["base", *(["widgets"] if widget_styles(widgets) else []), *(["polish"] if polished else []), "fixes"]
    links = "\n".join(f'  <link rel="stylesheet" href="css/{sheet}.css">' for sheet in sheets)
    loads = "\n".join(f'  <script src="js/{name}.js"></script>' for name in ("site", *names))
    views = "\n".join(_view(section) for section in shell.views)
    picture = scene(plan, dict(theme.colours)) if polished and plan.layout != "play" else ""
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{escape(plan.name)}</title>
  <meta name="description" content="{escape(plan.hero.lead)}">
  <link rel="icon" href="data:,">
{links}
</head>
<body data-layout="{plan.layout}">
  <a class="skip" href="#main">Skip to content</a>
{_header(plan, reach)}
  <main id="main" tabindex="-1">
{_home(plan, reach, shell, picture)}
{views}
  </main>
{_footer(plan, reach)}
  <div id="toasts" role="status" aria-live="polite"></div>
{loads}
  <script>Site.start();</script>
</body>
</html>
"""


def _header(plan: SitePlan, reach: Reach) -> str:
    entries = [("home", "Home", "home"), *((one.id, one.label, one.icon) for one in reach.sections)]
    links = "\n".join(
        f'        <a href="#{name}" data-nav>{icon(sign)}<span>{escape(label)}</span></a>'
        for name, label, sign in entries
    )
    sign = icon(plan.topic.icon)
    return f"""  <header class="top">
    <div class="wrap">
      <a class="brand" href="#home"><span class="mark">{sign}</span><span>{escape(plan.name)}</span></a>
      <button type="button" class="menu-toggle" aria-expanded="false" aria-controls="menu">Menu</button>
      <nav class="menu" id="menu" aria-label="Main">
{links}
      </nav>
    </div>
  </header>"""


# ------------------------------------------------------------------ the first view


def _home(plan: SitePlan, reach: Reach, shell: Shell, picture: str) -> str:
    front = [_at_once(one) for one in shell.front]
    blocks = (
        _numbers(shell),
        *front,
        _ways(reach),
        _highlight(plan, shell),
        _topics(shell),
        _steps(shell),
        _voices(shell),
    )
    inner = "\n".join(block for block in (*blocks, _call(plan, shell)) if block)
    drawn = f'\n          <div class="hero-art">{picture}</div>' if picture else ""
    return f"""    <section class="view is-current" id="home" aria-labelledby="home-title">
      <div class="hero">
        <div class="wrap">
          <div class="hero-text">
            <p class="eyebrow">{icon(plan.topic.icon)} {escape(plan.hero.eyebrow)}</p>
            <h1 id="home-title">{escape(plan.hero.headline)}</h1>
            <p class="lead">{escape(plan.hero.lead)}</p>
            <div class="actions">{_actions(shell)}</div>
{_search(shell)}
          </div>{drawn}
        </div>
      </div>
      <div class="wrap">
{inner}
      </div>
    </section>"""


def _block(heading: str, inner: str, more: str = "") -> str:
    return f"""        <div class="home-block">
          <div class="home-head"><h2>{escape(heading)}</h2>{more}</div>
{inner}
        </div>"""


def _at_once(one: Section) -> str:
    head = f'<div class="home-head"><h2>{escape(one.label)}</h2><p class="muted">{escape(one.lead)}</p></div>'
    shown = "" if one.widget == "dashboard" or one.id == "play" else f"{head}\n"
    return f'        <div class="home-block" id="{one.id}">\n{shown}{_mount(one)}\n        </div>'


def _actions(shell: Shell) -> str:
    kinds = ("button large", "button large ghost")
    ways = zip(kinds, shell.actions, strict=False)
    return "".join(f'<a class="{kind}" href="#{target}">{escape(label)}</a>' for kind, (label, target) in ways)


def _search(shell: Shell) -> str:
    if shell.search is None:
        return ""
    target, noun = shell.search
    return f"""            <form class="hero-search" role="search" data-search="{target}">
              <label class="visually-hidden" for="hero-q">Search {escape(noun)}</label>
              <input type="search" id="hero-q" name="q" placeholder="Search {escape(noun)} …">
              <button type="submit" class="button">Search</button>
            </form>"""


def _numbers(shell: Shell) -> str:
    cells = "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in shell.facts)
    return f'        <dl class="numbers">{cells}</dl>' if cells else ""


def _ways(reach: Reach) -> str:
    cards = "\n".join(
        f'            <li><a class="way" href="#{one.id}"><span class="chip-icon">{icon(one.icon)}</span>'
        f"<h3>{escape(one.label)}</h3><p>{escape(one.lead)}</p></a></li>"
        for one in reach.sections
    )
    return _block("What you can do here", f'          <ul class="ways">\n{cards}\n          </ul>')


def _highlight(plan: SitePlan, shell: Shell) -> str:
    section = shell.highlight
    if section is None or not shell.cards:
        return ""
    shown = plan.collection(section.of)
    cards = "\n".join(
        f'            <li class="card">{thumb(card.title, shown.icon)}<div class="card-body">'
        f"<h3>{escape(card.title)}</h3>"
        f'<dl class="meta">{_facts_rows(card.facts)}</dl>{_clip(card.text)}'
        f'<div class="card-foot"><a class="button small" href="#{section.id}">Open {escape(section.label)}</a></div>'
        f"</div></li>"
        for card in shell.cards
    )
    more = f'<a href="#{section.id}">See all {escape(shown.plural)}</a>'
    return _block(f"{section.label}: a first look", f'          <ul class="grid">\n{cards}\n          </ul>', more)


def _facts_rows(facts: Pairs) -> str:
    return "".join(f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in facts)


def _clip(text: str) -> str:
    return f'<p class="clip">{escape(text)}</p>' if text else ""


def _topics(shell: Shell) -> str:
    items = "\n".join(f'            <li><a href="#{target}">{escape(text)}</a></li>' for text, target in shell.topics)
    return _block("At a glance", f'          <ul class="topics">\n{items}\n          </ul>') if items else ""


def _steps(shell: Shell) -> str:
    items = "\n".join(
        f"            <li><h3>{escape(title)}</h3><p>{escape(text)}</p></li>" for title, text in shell.steps
    )
    return _block("How it works", f'          <ol class="steps">\n{items}\n          </ol>') if items else ""


def _voices(shell: Shell) -> str:
    items = "\n".join(
        f'            <li class="voice"><p>“{escape(text)}”</p><footer>{escape(who)}</footer></li>'
        for who, text in shell.voices
    )
    return _block("What people say", f'          <ul class="voices">\n{items}\n          </ul>') if items else ""


def _call(plan: SitePlan, shell: Shell) -> str:
    if shell.call is None:
        return ""
    label, target = shell.call
    return f"""        <div class="home-block call">
          <div><h2>Ready to begin?</h2><p>{escape(plan.name)} is open right now.</p></div>
          <a class="button large" href="#{target}">{escape(label)}</a>
        </div>"""


# ------------------------------------------------------------------ the other views


def _view(section: Section) -> str:
    inner = "\n".join(part for part in (_mount(section) if section.widget else "", _blocks(section.blocks)) if part)
    return f"""    <section class="view" id="{section.id}" aria-labelledby="{section.id}-title">
      <div class="wrap">
        <header class="view-head">
          <span class="view-icon">{icon(section.icon)}</span>
          <h2 id="{section.id}-title">{escape(section.label)}</h2>
          <p>{escape(section.lead)}</p>
        </header>
{inner}
      </div>
    </section>"""


def _mount(section: Section) -> str:
    return f'        <div data-widget="{section.widget}" data-section="{section.id}"></div>'


def _blocks(blocks: tuple[Block, ...]) -> str:
    if not blocks:
        return ""
    return '        <div class="blocks">\n' + "\n".join(_panel(block) for block in blocks) + "\n        </div>"


def _panel(block: Block) -> str:
    heading = f"<h3>{escape(block.heading)}</h3>" if block.heading else ""
    return f'          <article class="panel">{heading}{_BLOCKS[block.kind](block.items)}</article>'


def _text(items: Pairs) -> str:
    return "".join(f"<p>{escape(text)}</p>" for _, text in items)


def _list(items: Pairs) -> str:
    return (
        '<ul class="block-list">'
        + "".join(f"<li><strong>{escape(a)}.</strong> {escape(b)}</li>" for a, b in items)
        + "</ul>"
    )


def _facts(items: Pairs) -> str:
    return (
        '<dl class="facts">'
        + "".join(f"<div><dt>{escape(a)}</dt><dd>{escape(b)}</dd></div>" for a, b in items)
        + "</dl>"
    )


def _people(items: Pairs) -> str:
    cards = "".join(
        f'<li><span class="avatar" aria-hidden="true">{escape(a[0])}</span>'
        f"<div><strong>{escape(a)}</strong><p>{escape(b)}</p></div></li>"
        for a, b in items
    )
    return f'<ul class="people">{cards}</ul>'


def _timeline(items: Pairs) -> str:
    return (
        '<ol class="timeline">'
        + "".join(f"<li><strong>{escape(a)}</strong><p>{escape(b)}</p></li>" for a, b in items)
        + "</ol>"
    )


def _faq(items: Pairs) -> str:
    return "".join(f"<details><summary>{escape(a)}</summary><p>{escape(b)}</p></details>" for a, b in items)


_BLOCKS = {"text": _text, "list": _list, "facts": _facts, "people": _people, "timeline": _timeline, "faq": _faq}


def _footer(plan: SitePlan, reach: Reach) -> str:
    links = "".join(f'<li><a href="#{one.id}">{escape(one.label)}</a></li>' for one in reach.sections[:6])
    return f"""  <footer class="foot">
    <div class="wrap">
      <div><h2>{escape(plan.name)}</h2><p>{escape(plan.hero.headline)}.</p></div>
      <nav aria-label="Footer"><h2>Explore</h2><ul>{links}</ul></nav>
      <div>
        <h2>Reach us</h2>
        <ul><li>+1 555 0142</li><li>hello@example.com</li><li>12 Maple Street, Lisbon</li></ul>
      </div>
    </div>
  </footer>"""
