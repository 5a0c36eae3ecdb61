"""Makes the tables and plots of docs/judges.md again: ``python -m benchmarks.calibration.run --looks FOLDER``.

Looks are what takes time, some ten minutes for all; with a folder they are kept, and only the judging is done again.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.calibration.corpus import Clean, clean_sites
from benchmarks.calibration.explorations import Explored, alarm_rate, explore_all, recall
from benchmarks.calibration.looks import Looks, see_all
from benchmarks.calibration.plots import plot_criteria, plot_strength
from benchmarks.calibration.spoilings import KINDS, STRENGTHS, Kind, spoil
from benchmarks.calibration.table import CRITERIA, Judged, Key, Table, accuracy, judged, monotony, won
from webgen_gym.judges.measured import judge
from webgen_gym.types import Files, Look


async def judge_all(sites: Sequence[Clean], kinds: Sequence[Kind], looks: Looks) -> Table:
    """Every site, clean and spoilt in every way."""
    versions: dict[str, tuple[Clean, Key]] = {}
    files: dict[str, Files] = {}
    for site in sites:
        for key in [
            (site.name, "", 0),
            *((site.name, kind.name, strength) for kind in kinds for strength in STRENGTHS),
        ]:
            name = "|".join(map(str, key))
            versions[name] = (site, key)
            files[name] = _version(site, key, kinds)
    found: dict[Key, Judged] = {}

    def note(name: str, look: Look) -> None:
        site, key = versions[name]
        found[key] = judged(look, judge(site.task, look))
        if len(found) % 200 == 0:
            print(f"{len(found)} of {len(files)}", file=sys.stderr, flush=True)

    await see_all(files, looks, seen=note)
    # In the order of the corpus, whichever tab was first.
    return Table({key: found[key] for _, key in versions.values()})


def _version(site: Clean, key: Key, kinds: Sequence[Kind]) -> Files:
    _, name, strength = key
    kind = next((kind for kind in kinds if kind.name == name), None)
    return site.files if kind is None else spoil(site.files, kind, strength)


def table_lines(table: Table) -> Iterator[str]:
    """The table as Markdown."""
    yield "| spoiling | of | won against clean | against the weaker | mean drop | " + " | ".join(CRITERIA) + " |"
    yield "| --- | --- | --- | --- | --- |" + " --- |" * len(CRITERIA)
    for kind in KINDS:
        clean = " · ".join(_percent(table.against_clean(kind, strength)) for strength in STRENGTHS)
        weaker = " · ".join(_percent(table.against_weaker(kind, strength)) for strength in STRENGTHS[1:])
        drops = " · ".join(f"{table.drop(kind, strength):.2f}" for strength in STRENGTHS)
        criteria = " | ".join(_cell(table, kind, criterion) for criterion in CRITERIA)
        yield f"| {kind.name.replace('_', ' ')} | {kind.criterion} | {clean} | {weaker} | {drops} | {criteria} |"


def half_lines(table: Table, held_out: frozenset[str]) -> Iterator[str]:
    """Accuracy on the sites that were tuned on, on those held out, and on all."""
    yield "| sites | number | mean value, clean | spoilt against clean | neighbouring strengths |"
    yield "| --- | --- | --- | --- | --- |"
    parts = {
        "tuned on": table.of(lambda name: name not in held_out),
        "held out": table.of(lambda name: name in held_out),
        "all": table,
    }
    for name, part in parts.items():
        mean = statistics.fmean(part.value(site) for site in part.sites)
        shares = f"{100 * accuracy(part):.1f} % | {100 * monotony(part):.1f} %"
        yield f"| {name} | {len(part.sites)} | {mean:.2f} | {shares} |"


def explorer_lines(explored: Sequence[Explored]) -> Iterator[str]:
    """What was planted for the explorer, by kind, and its false alarms."""
    planted = Counter(fault.kind for one in explored for fault in one.planted)
    found = Counter(fault.kind for one in explored for fault in one.planted if fault.found)
    yield "| planted | found |"
    yield "| --- | --- |"
    yield from (f"| {kind.replace('_', ' ')} | {found[kind]} of {count} |" for kind, count in planted.items())
    yield f"| all | {100 * recall(explored):.1f} % of {planted.total()} |"
    tried = sum(one.tried for one in explored)
    yield f"\nFalse alarms: {100 * alarm_rate(explored):.1f} % of {tried} controls."
    for one in explored:
        yield from (f"- {one.site}: {alarm.name}: {alarm.detail}" for alarm in one.alarms)
        yield from (f"- {one.site}: missed {it.kind} {it.name}: {it.seen}" for it in one.planted if not it.found)


def _told(one: Explored) -> None:
    print(f"{one.site}: {one.tried} tried, {len(one.alarms)} called dead", file=sys.stderr, flush=True)


def _cell(table: Table, kind: Kind, criterion: str) -> str:
    drop = f"{table.drops(kind, criterion):.2f}"
    return f"**{drop}**" if criterion == kind.criterion else drop


def _percent(pairs: Iterable[bool]) -> str:
    return f"{100 * won(pairs):.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--looks", type=Path, help="a folder to keep looks in")
    parser.add_argument("--plots", type=Path, default=Path("docs"), help="where the plots go")
    parser.add_argument("--part", choices=("measured", "explore", "both"), default="both", help="what to calibrate")
    options = parser.parse_args()
    sites = clean_sites()
    if options.part != "explore":
        table = asyncio.run(judge_all(sites, KINDS, Looks(options.looks)))
        plot_strength(table, options.plots / "measured-strength.svg")
        plot_criteria(table, options.plots / "measured-criteria.svg")
        print(*half_lines(table, frozenset(site.name for site in sites if site.held_out)), "", sep="\n")
        print(*table_lines(table), "", sep="\n")
    if options.part != "measured":
        # What an agent builds is not known to work, so that nothing on it is a false alarm for sure.
        working = [site for site in sites if not site.name.endswith("/template")]
        print(*explorer_lines(asyncio.run(explore_all(working, done=_told))), sep="\n")


if __name__ == "__main__":
    main()
