"""Ten ways to spoil a site: pure functions from files to files."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable

from webgen_gym.types import Files

Spoiling = Callable[[Files], Files]

HEX = re.compile(r"#[0-9a-fA-F]{6}\b")
HUE_SHIFT = 0.45
DEAF = """<script>
const listen = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (type, ...rest) {
  if (!/^(click|submit|input|change|key)/.test(type)) listen.call(this, type, ...rest);
};
for (const name of ['onclick', 'onsubmit', 'oninput', 'onchange']) {
  Object.defineProperty(HTMLElement.prototype, name, { set() {} });
}
</script>"""


def blank_page(files: Files) -> Files:
    """The shell of an app that never mounts."""
    return _pages(
        files, lambda html: re.sub(r"<body>.*</body>", '<body><div id="root"></div></body>', html, flags=re.S)
    )


def unstyled(files: Files) -> Files:
    """No style sheet."""
    return {path: content for path, content in files.items() if not path.endswith(".css")} | {"style.css": b""}


def white_on_white(files: Files) -> Files:
    """Text in the colour of what lies behind it."""
    return _css(
        files, "body, body * { color: #fff !important; background: #fff !important; border-color: #fff !important; }"
    )


def overlapping_text(files: Files) -> Files:
    """Lines pushed over each other."""
    return _css(
        files,
        "h1, h2, h3, p, label, li, td, summary { margin-bottom: -0.9em !important; line-height: 0.6 !important; }",
    )


def missing_feature(files: Files) -> Files:
    """What the site is for is not there."""
    return _pages(files, lambda html: re.sub(r"<!-- feature -->.*<!-- /feature -->", "", html, flags=re.S))


def dead_buttons(files: Files) -> Files:
    """Everything is drawn, nothing listens."""
    return _pages(files, lambda html: html.replace("<head>", "<head>" + DEAF))


def wrong_palette(files: Files) -> Files:
    """Other hues than those asked for."""
    return {
        path: HEX.sub(_other_hue, content.decode()).encode() if path.endswith(".css") else content
        for path, content in files.items()
    }


def console_crash(files: Files) -> Files:
    """The script dies on its first line."""
    return {**files, "app.js": b"mountApplication();\n" + files["app.js"]}


def broken_images(files: Files) -> Files:
    """The pictures were never made."""
    return {path: content for path, content in files.items() if not path.startswith("img/")}


def horizontal_overflow(files: Files) -> Files:
    """Wider than the window."""
    return _css(files, "body { width: 1700px; }")


SPOILINGS: tuple[Spoiling, ...] = (
    blank_page,
    unstyled,
    white_on_white,
    overlapping_text,
    missing_feature,
    dead_buttons,
    wrong_palette,
    console_crash,
    broken_images,
    horizontal_overflow,
)


def _pages(files: Files, change: Callable[[str], str]) -> Files:
    return {
        path: change(content.decode()).encode() if path.endswith(".html") else content
        for path, content in files.items()
    }


def _css(files: Files, rules: str) -> Files:
    return {**files, "style.css": files["style.css"] + b"\n" + rules.encode()}


def _other_hue(match: re.Match[str]) -> str:
    channels = [int(match[0][i : i + 2], 16) / 255 for i in (1, 3, 5)]
    hue, light, strength = colorsys.rgb_to_hls(*channels)
    shifted = colorsys.hls_to_rgb((hue + HUE_SHIFT) % 1, light, strength)
    return "#" + "".join(f"{round(value * 255):02x}" for value in shifted)
