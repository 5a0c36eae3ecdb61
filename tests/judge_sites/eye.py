"""Pages that differ in one thing, looked at in the real browser and judged by ``measured``."""

from __future__ import annotations

from tests.conftest import Runner, ShowSite
from tests.judge_sites.site import Site
from webgen_gym.judges.measured import judge
from webgen_gym.types import Files, Look, Score, Task

STYLE = """<style>body { margin: 0; font-family: Arial, sans-serif; background: #fffff0; color: #222; }
main { max-width: 760px; margin: 32px auto; } button { padding: 12px 20px; border: 0; background: #207a20; color: #fff; }
</style>"""
TEXT = "<p>Ferries leave the northern harbour four times a day and take bicycles, dogs and patient people.</p>"
CLOSE_SET = """The night boat stops at every pier, the captain knows each lamp by name, and whoever sleeps through the
last island wakes up in the harbour where the journey began, with a stamp on the hand and salt in both shoes."""
ISLANDS = "<ul><li>Skerry, twice a day</li><li>Holm, at noon</li><li>Outer Ness, on Fridays</li></ul>"
BOOKS = "<h1>Ferry books</h1>" + TEXT * 3 + ISLANDS + "<button>Add to cart</button>"
TASK = Task(id="t", instruction="Please implement a website about ferries. Users should be able to search timetables.")


class Eye:
    """Looks at files and judges what it saw."""

    def __init__(self, run: Runner, show_site: ShowSite) -> None:
        self._run = run
        self._show_site = show_site

    def look(self, body: str = "", *, files: Files | None = None, path: str = "/") -> Look:
        async def work() -> Look:
            page = f"<!doctype html><html lang=en><head><title>t</title></head><body>{body}</body></html>"
            async with self._show_site(files or {"index.html": page}) as shown:
                seen: Look = await shown.visits.look(path)
                return seen

        return self._run(work())

    def judge(self, body: str = "", task: Task = TASK) -> Score:
        return judge(task, self.look(body))

    def site(self, site: Site, files: Files | None = None) -> Score:
        return judge(site.task, self.look(files=files or site.files))


def findings(score: Score, criterion: str) -> str:
    return " | ".join(item.finding for item in score.evidence if item.criterion == criterion)
