"""A plan as a Vite project: a React shell in components, the widgets as islands in it.

The manifest is the same for every site and its versions are exact, so that one installation serves all.
"""

from __future__ import annotations

import json
from html import escape

from webgen_gym.agents.template.art import scene
from webgen_gym.agents.template.extras import Json
from webgen_gym.agents.template.parts import part, scripts, widget_styles
from webgen_gym.agents.template.plan import Section, SitePlan
from webgen_gym.agents.template.shell import Shell, shell_of
from webgen_gym.agents.template.spec import Reach, as_script, site_data
from webgen_gym.agents.template.styles import Theme

_MANIFEST: dict[str, Json] = {
    "name": "site",
    "private": True,
    "version": "1.0.0",
    "type": "module",
    "scripts": {"dev": "vite", "build": "vite build", "preview": "vite preview"},
    "dependencies": {"react": "19.2.9", "react-dom": "19.2.9"},
    "devDependencies": {"@vitejs/plugin-react": "5.1.0", "vite": "7.3.8"},
}
_CONFIG = """import { defineConfig } from "vite";
import react from "@vitejs/plugin-react";

export default defineConfig({ plugins: [react()] });
"""
_COMPONENTS = ("Header", "Hero", "Home", "View", "Widget", "Blocks", "Footer", "Icon")
_EMPTY_PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 320"></svg>\n'


def vite_files(plan: SitePlan, theme: Theme, reach: Reach, *, polished: bool, fixes: str = "") -> dict[str, str]:
    """The files of a Vite project. ``fixes`` are rules that stand after all others."""
    widgets = [section.widget for section in reach.sections if section.widget]
    downloads = any(section.options.get("act") == "Download" for section in reach.sections)
    names = scripts(widgets, pdf=downloads)
    shell = shell_of(plan, reach, polished=polished)
    picture = polished and plan.layout != "play"
    return {
        "package.json": json.dumps(_MANIFEST, indent=2) + "\n",
        "vite.config.js": _CONFIG,
        "index.html": _page(plan),
        "src/main.jsx": part("react/main.jsx"),
        "src/App.jsx": part("react/App.jsx"),
        **{f"src/components/{name}.jsx": part(f"react/{name}.jsx") for name in _COMPONENTS},
        "src/shell.js": _shell_script(plan, reach, shell, picture=picture),
        "src/assets/hero.svg": scene(plan, dict(theme.colours)) + "\n" if picture else _EMPTY_PICTURE,
        "src/widgets/index.js": _imports(names),
        "src/widgets/site.js": as_script(site_data(plan, reach)),
        **{f"src/widgets/{name}.js": part(f"{name}.js") for name in names},
        "src/styles/index.css": "".join(f'@import "./{name}.css";\n' for name in _sheets(polished)),
        "src/styles/base.css": f"{theme.css()}\n{part('base.css')}",
        "src/styles/widgets.css": widget_styles(widgets) or "/* No widget has rules of its own. */\n",
        **({"src/styles/polish.css": part("polish.css")} if polished else {}),
        "src/styles/fixes.css": fixes,
    }


def _sheets(polished: bool) -> tuple[str, ...]:
    return ("base", "widgets", "polish", "fixes") if polished else ("base", "widgets", "fixes")


def _page(plan: SitePlan) -> str:
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{escape(plan.name)}</title>
  <meta name="description" content="{escape(plan.hero.lead)}">
  <link rel="icon" href="data:,">
</head>
<body data-layout="{plan.layout}">
  <div id="root"></div>
  <script type="module" src="/src/main.jsx"></script>
</body>
</html>
"""


def _imports(names: tuple[str, ...]) -> str:
    lines = [f'import "./{name}.js";' for name in ("site", *names)]
    return "// In this order: the data, what all widgets share, then each of them.\n" + "\n".join(lines) + "\n"


def _shell_script(plan: SitePlan, reach: Reach, shell: Shell, *, picture: bool) -> str:
    value: dict[str, Json] = {
        "name": plan.name,
        "icon": plan.topic.icon,
        "hero": {
            "eyebrow": plan.hero.eyebrow,
            "headline": plan.hero.headline,
            "lead": plan.hero.lead,
            "actions": _pairs(shell.actions),
        },
        "picture": picture,
        "search": list(shell.search) if shell.search else None,
        "front": [one.id for one in shell.front],
        "facts": _pairs(shell.facts),
        "highlight": _highlight(plan, shell),
        "topics": _pairs(shell.topics),
        "steps": _pairs(shell.steps),
        "voices": _pairs(shell.voices),
        "call": list(shell.call) if shell.call else None,
        "sections": [_section(one) for one in reach.sections],
    }
    lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(part, ensure_ascii=False)}" for key, part in value.items())
    return f"// The words of the frame: menu, first view, prose.\nexport default {{\n{lines}\n}};\n"


def _highlight(plan: SitePlan, shell: Shell) -> Json:
    if shell.highlight is None:
        return None
    cards: list[Json] = [{"title": one.title, "facts": _pairs(one.facts), "text": one.text} for one in shell.cards]
    shown = plan.collection(shell.highlight.of)
    return {"label": shell.highlight.label, "section": shell.highlight.id, "all": shown.plural, "cards": cards}


def _section(one: Section) -> Json:
    blocks: list[Json] = [
        {"kind": block.kind, "heading": block.heading, "items": _pairs(block.items)} for block in one.blocks
    ]
    return {
        "id": one.id,
        "label": one.label,
        "icon": one.icon,
        "lead": one.lead,
        "widget": one.widget,
        "blocks": blocks,
    }


def _pairs(pairs: tuple[tuple[str, str], ...]) -> list[Json]:
    return [list(pair) for pair in pairs]
