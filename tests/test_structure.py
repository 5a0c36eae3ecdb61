"""The ladder of imports, and how light importing is."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = ("torch", "transformers", "playwright", "openai", "docker", "stable_baselines3", "pygit2", "PIL")

# Row of every part, from the bottom: a module imports from its own row's folder and from rows above it in this list.
ROWS = [
    ["errors", "limits", "types", "plain"],
    ["tasks", "replies", "llm", "concurrency"],
    ["blobs", "kept", "looks", "workspace", "snapshots", "store", "sandbox"],
    ["site", "browser", "caches", "engine", "live", "watch"],
    ["judges"],
    ["check", "judging"],
    ["rewards", "selection", "state", "feedback", "bundle", "session"],
    ["records"],
    ["envs"],
    ["agents"],
    ["trainers"],
    ["doctor", "cli"],
]
ROW_OF = {part: row for row, parts in enumerate(ROWS) for part in parts}


def modules() -> list[tuple[str, Path]]:
    """Every module as (part, file); the top folders envs, agents and trainers are parts like the others."""
    found = [(path.relative_to(ROOT / "webgen_gym").parts[0].removesuffix(".py"), path) for path in package_files()]
    for top in ("envs", "agents", "trainers"):
        found += [(top, path) for path in (ROOT / top).rglob("*.py")]
    return [(part, path) for part, path in found if part != "__init__"]


def package_files() -> list[Path]:
    linked = {"envs", "agents", "trainers"}
    folder = ROOT / "webgen_gym"
    return [path for path in folder.rglob("*.py") if path.relative_to(folder).parts[0] not in linked]


def imported_parts(path: Path) -> set[str]:
    """The parts that a module imports when it is imported (not inside functions, not for types alone)."""
    names: set[str] = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            module = node.module
            names |= {f"{module}.{alias.name}" for alias in node.names} if module == "webgen_gym" else {module}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("webgen_gym.") and name.split(".")[1] in ROW_OF}


@pytest.mark.parametrize(("part", "path"), modules(), ids=lambda value: getattr(value, "name", value))
def test_a_module_imports_from_its_own_row_and_those_before_it(part: str, path: Path) -> None:
    above = {other for other in imported_parts(path) if ROW_OF[other] > ROW_OF[part]}
    assert above == set()


def test_every_part_has_its_row() -> None:
    assert {part for part, _ in modules()} - set(ROW_OF) == set()


def test_importing_the_package_loads_nothing_heavy() -> None:
    script = f"import sys, webgen_gym; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["envs", "agents", "trainers"])
def test_the_top_folders_are_reached_through_the_package(name: str) -> None:
    assert (ROOT / "webgen_gym" / name).is_symlink()
    assert (ROOT / "webgen_gym" / name).resolve() == ROOT / name
