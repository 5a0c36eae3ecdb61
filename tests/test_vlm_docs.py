"""What the page on judges shows of judges that ask a model, and of the cache, is what happens."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from webgen_gym.judges.vlm import Guarded, Options, Paper
from webgen_gym.llm import ScriptedModel

PAGE = (Path(__file__).parent.parent / "docs" / "judges.md").read_text()
BLOCKS = [
    block
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)
    if "judges.vlm" in block or "judges.cache" in block
]


@pytest.mark.parametrize("block", BLOCKS, ids=["options", "cache"])
def test_a_block_of_the_page_runs(block: str) -> None:
    done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(printed == done.stdout.strip() for printed in re.findall(r"# prints: (.*)", block))


def test_the_page_tells_the_options_that_hold() -> None:
    options = Options()
    assert f"| {options.temperature}, {options.max_tokens} |" in PAGE
    assert f"| `votes` | {options.votes} |" in PAGE


@pytest.mark.parametrize("kind", [Paper, Guarded])
def test_the_page_names_the_ids(kind: type[Paper] | type[Guarded]) -> None:
    form = kind(ScriptedModel([""], id="MODEL")).id.rpartition(":")[0]
    assert f"`{form}:HASH`" in PAGE
