"""When a running Vite server may be kept."""

from __future__ import annotations

import pytest

from tests.data.sites import edited, load
from webgen_gym.site.imports import outside_imports
from webgen_gym.site.refresh import modules_to_await
from webgen_gym.types import Files

SITE = load("react_vite")
PREPARED = outside_imports(SITE, "")


def awaited(new: Files, old: Files = SITE, root: str = "") -> tuple[str, ...] | None:
    return modules_to_await(old, new, root, outside_imports(old, root))


def test_what_a_site_imports_from_outside_is_found_from_its_index() -> None:
    assert set(PREPARED) == {"react", "react-dom/client"}


def test_what_no_page_leads_to_is_not_imported() -> None:
    assert outside_imports({**SITE, "src/Unused.jsx": b"import 'lodash'"}, "") == PREPARED


@pytest.mark.parametrize(
    "line",
    [
        "import x from 'lodash'",
        'import "lodash"',
        "export * from 'lodash'",
        "const x = await import( 'lodash' )",
        "require('lodash')",
    ],
)
def test_every_form_of_import_is_seen(line: str) -> None:
    assert "lodash" in outside_imports({**SITE, "src/App.jsx": line.encode()}, "")


def test_imports_of_styles_are_followed() -> None:
    files = {
        **SITE,
        "src/App.css": b"@import './base.css'; @import 'tailwindcss';",
        "src/base.css": b"@import url('x-pkg')",
    }
    assert outside_imports(files, "") == PREPARED | {"tailwindcss", "x-pkg"}


def test_an_edited_module_is_awaited() -> None:
    assert awaited(edited(SITE, "src/App.jsx", "morning", "evening")) == ("/src/App.jsx",)


def test_a_site_in_a_folder_is_asked_for_below_it() -> None:
    old = {f"web/{path}": content for path, content in SITE.items()}
    assert awaited(edited(old, "web/src/App.jsx", "morning", "evening"), old, "web/") == ("/src/App.jsx",)


def test_nothing_changed_needs_no_restart() -> None:
    assert awaited(dict(SITE)) == ()


def test_a_new_module_with_known_imports_needs_no_restart() -> None:
    new = edited(SITE, "src/App.jsx", "import {", "import './Card'\nimport {")
    assert awaited({**new, "src/Card.jsx": b"import React from 'react'"}) == ("/src/App.jsx",)


RESTART: dict[str, Files] = {
    "manifest": edited(SITE, "package.json", "0.0.0", "0.0.1"),
    "new package": edited(SITE, "src/App.jsx", "import {", "import 'lodash'\nimport {"),
    "new package in a new module": {
        **edited(SITE, "src/App.jsx", "import {", "import './Card'\nimport {"),
        "src/Card.jsx": b"import 'lodash'",
    },
    "deleted module": {path: content for path, content in SITE.items() if path != "src/App.css"},
    "configuration": {**SITE, "vite.config.js": b"export default {}"},
    "environment": {**SITE, ".env": b"VITE_X=1"},
    "asset": {**SITE, "public/logo.svg": b"<svg/>"},
    "data": {**SITE, "src/data.json": b"{}"},
    "same name with another ending": {**SITE, "src/App.js": b""},
    "same name as a folder": {**SITE, "src/App/index.jsx": b""},
    "glob": edited(SITE, "src/App.jsx", "import {", "import.meta.glob('./*.jsx')\nimport {"),
}


@pytest.mark.parametrize("what", RESTART)
def test_whatever_is_not_known_to_show_by_itself_needs_a_restart(what: str) -> None:
    assert awaited(RESTART[what]) is None


def test_an_old_module_that_becomes_reachable_brings_its_packages() -> None:
    old = {**SITE, "src/x.js": b"import 'lodash'"}
    new = edited(old, "src/App.jsx", "import {", "import './x'\nimport {")
    assert awaited(new, old) is None


def test_a_package_that_was_prepared_once_stays_prepared() -> None:
    broken = {**SITE, "src/App.jsx": b"export default <<<"}
    assert modules_to_await(broken, SITE, "", PREPARED) == ("/src/App.jsx",)
