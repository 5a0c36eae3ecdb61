"""How much work goes on at once follows from cores and memory, and can be set."""

import pytest

from webgen_gym.concurrency import Concurrency
from webgen_gym.errors import UsageError
from webgen_gym.limits import GIB


@pytest.mark.parametrize(
    ("cores", "gib", "builds", "pages"),
    [(2, 24, 2, 8), (64, 256, 64, 256), (64, 4, 4, 16), (1, 1, 1, 4), (8, 0.125, 1, 1)],
)
def test_limits_follow_from_cores_until_memory_is_short(cores: int, gib: float, builds: int, pages: int) -> None:
    found = Concurrency.of_machine(cores, int(gib * GIB))
    assert (found.builds, found.pages) == (builds, pages)


def test_this_machine_has_limits() -> None:
    found = Concurrency.of_machine()
    assert found.builds >= 1
    assert found.pages >= found.builds


@pytest.mark.parametrize("name", ["builds", "pages", "calls"])
def test_a_limit_below_one_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=f"Concurrency.{name} is 0; it must be 1 or more"):
        Concurrency(**{"builds": 1, "pages": 1, name: 0})
