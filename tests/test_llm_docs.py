"""What the page on models shows is what happens."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from webgen_gym.errors import ModelFailure
from webgen_gym.limits import ModelLimits

PAGE = (Path(__file__).parent.parent / "docs" / "models.md").read_text()
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=["server", "shape"])
def test_a_block_of_the_page_prints_what_it_says(block: str) -> None:
    (printed,) = re.findall(r"# prints: (.*)", block)
    done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == (printed, "")


def test_the_page_names_every_reason() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert {str(reason) for reason in ModelFailure} - named == {"unknown"}


def test_the_page_tells_the_limits_that_hold() -> None:
    limits = ModelLimits()
    assert f"at most {limits.tries} tries" in PAGE
    assert f"{limits.call_s:g} s covers" in PAGE
    assert f"({limits.concurrency})" in PAGE
