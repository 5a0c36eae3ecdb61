"""Named fonts, so that a page without fonts of its own looks alike on every Linux machine that has them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

FAMILIES = {
    "sans-serif": ("Liberation Sans", "DejaVu Sans"),
    "serif": ("Liberation Serif", "DejaVu Serif"),
    "monospace": ("Liberation Mono", "DejaVu Sans Mono"),
    "system-ui": ("Liberation Sans", "DejaVu Sans"),
    "emoji": ("Noto Color Emoji",),
}

# Chromium does not take the generic families alone: it asks for these by name, and for "Sans" when nothing else is
# there. Without an alias it gets whichever font is listed first, which may be a serif.
LIKE = {
    "sans-serif": ("Sans", "Arial", "Helvetica", "Helvetica Neue", "Segoe UI", "Roboto", "Verdana", "Tahoma"),
    "serif": ("Times New Roman", "Times", "Georgia", "Cambria"),
    "monospace": ("Monospace", "Courier New", "Courier", "Consolas", "Menlo", "Monaco"),
}


def write_config(folder: Path) -> Path:
    """Write a fontconfig file into ``folder`` that maps the generic families to FAMILIES; returns its path.

    Chromium reads it through FONTCONFIG_FILE. Where fontconfig is not used (macOS) it has no effect.
    """
    named = {name: FAMILIES[generic] for generic, names in LIKE.items() for name in names}
    aliases = "\n".join(_alias(name, families) for name, families in (FAMILIES | named).items())
    path = folder / "fonts.conf"
    path.write_text(
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        "<dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir>\n"
        f"<cachedir>{folder / 'font-cache'}</cachedir>\n{aliases}\n"
        '<match target="font"><edit name="hinting" mode="assign"><bool>false</bool></edit>'
        '<edit name="antialias" mode="assign"><bool>true</bool></edit>'
        '<edit name="rgba" mode="assign"><const>none</const></edit></match>\n</fontconfig>\n',
        encoding="utf-8",
    )
    return path


def missing() -> tuple[str, ...]:
    """Families of FAMILIES that fontconfig does not know; empty where there is no fontconfig to ask."""
    program = shutil.which("fc-list")
    if program is None:
        return ()
    listed = subprocess.run([program, ":", "family"], capture_output=True, text=True, timeout=20, check=False).stdout
    wanted = dict.fromkeys(family for families in FAMILIES.values() for family in families)
    return tuple(family for family in wanted if family not in listed)


def _alias(name: str, families: tuple[str, ...]) -> str:
    preferred = "".join(f"<family>{family}</family>" for family in (*families, "Noto Color Emoji"))
    return f'<alias binding="strong"><family>{name}</family><prefer>{preferred}</prefer></alias>'
