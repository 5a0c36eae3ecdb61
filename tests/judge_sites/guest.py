"""Pages that differ in one control, explored in the real browser."""

from __future__ import annotations

from tests.conftest import Runner, ShowSite
from webgen_gym.judges.explore import Explore
from webgen_gym.limits import Limits
from webgen_gym.types import CheckResult, Files, Score, Task

TASK = Task(id="t", instruction="")
COUNT = "<button id=b>Count</button><p id=n>0</p><script>b.onclick = () => n.textContent = +n.textContent + 1</script>"


class Guest:
    """Explores pages."""

    def __init__(self, run: Runner, show_site: ShowSite) -> None:
        self._run = run
        self._show_site = show_site

    def explore(self, body: str = "", *, files: Files | None = None, limits: Limits | None = None) -> Score:
        async def work() -> Score:
            page = f"<!doctype html><html><head><title>t</title></head><body><h1>Page</h1>{body}</body></html>"
            async with self._show_site(files or {"index.html": page}, limits) as shown:
                verdict = await Explore(limits).functionality(TASK, shown.visits)
                assert isinstance(verdict, Score)
                return verdict

        return self._run(work())

    def check(self, body: str, name: str) -> CheckResult:
        return named(self.explore(body), name)


def named(score: Score, name: str) -> CheckResult:
    return next(check for check in score.checks if name in check.name)
