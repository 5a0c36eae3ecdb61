"""What the README says is what happens."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_ten_lines_of_the_readme_are_the_quickstart() -> None:
    block = re.findall(r"```python\n(.*?)```", README, flags=re.DOTALL)[0]
    assert (ROOT / "examples" / "quickstart.py").read_text().endswith(block)


def test_the_quickstart_runs() -> None:
    done = subprocess.run(
        [sys.executable, "examples/quickstart.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert re.search(r"^reward \d\.\d\d .*\(768, 1024, 3\)$", done.stdout, flags=re.MULTILINE)


@pytest.mark.parametrize(
    "page", [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))], ids=lambda path: path.name
)
def test_links_of_a_page_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text())
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


def test_the_tree_of_the_readme_names_what_there_is() -> None:
    tree = README.partition("## What is where")[2].partition("##")[0]
    named = re.findall(r"^    (  )?(\w[\w.]*?)/? ", tree, flags=re.MULTILINE)
    missing = [name for inner, name in named if not (ROOT / ("webgen_gym" if inner else ".") / name).exists()]
    assert missing == []
    assert len(named) > 15


def test_every_commands_of_the_readme_exists() -> None:
    used = set(re.findall(r"^    webgen (\w+)", README, flags=re.MULTILINE))
    help_text = subprocess.run(
        [sys.executable, "-m", "webgen_gym.cli", "--help"], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout
    assert {name for name in used if name in help_text} == used
    assert {"run", "judge", "view", "tasks"} <= used
