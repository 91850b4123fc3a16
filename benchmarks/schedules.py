"""Random schedules of the real front door, ledger, desk calls and Telegram sender over a real database, in one process.

    uv run python benchmarks/schedules.py [--schedules 2000] [--seed 1] [--lanes 3] [--database sqlite|postgresql|both]

Rasa is scripted. A schedule is one conversation whose family repeats and reorders its posts, whose workers race, and
whose front door is killed, or its database breaks off, right before or right after a transaction that chance chooses;
three of eight are erased in the middle of it, by the family or because their term is over.
Prints what happened and every fault; exit status 1 when there is one.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import structlog

from benchmarks.erased_schedule import Erased, Returning
from benchmarks.fragile import Clock
from benchmarks.one_schedule import Schedule
from benchmarks.postgresql import NotInstalled, Server
from bot.state import open_state
from casework.staff import add_worker
from casework.store import open_store
from casework.trace import Fault

# Of eight, two are erased by their family and one goes as its term ends.
KINDS = (Erased, Schedule, Schedule, Returning, Schedule, Erased, Schedule, Schedule)
SECRET = "a secret of at least thirty-two signs"


async def play(url: str, seeds: Sequence[int], stop_at: str = "") -> tuple[list[Fault], Counter[str]]:
    """One lane: the schedules one after the other in one database, until a fault of that kind is found."""
    clock = Clock()
    journal = Path(tempfile.mkdtemp()) / "erasures"
    store, known = open_store(url, clock, SECRET, journal), open_state(url)
    workers = [add_worker(store, f"worker {number}", "caseworker")[0] for number in range(4)]
    found, counted = list[Fault](), Counter[str]()
    for seed in seeds:
        schedule = KINDS[seed % len(KINDS)](store, known, clock, workers, seed)
        found += await schedule.run()
        counted.update(schedule.counted)
        if stop_at in {fault.kind for fault in found}:
            break
    store.close()
    known.dispose()
    shutil.rmtree(journal.parent)
    return found, counted


async def lanes(urls: Sequence[str], seeds: Sequence[int]) -> tuple[list[Fault], Counter[str]]:
    """Side by side, for a schedule mostly waits."""
    each = await asyncio.gather(*(play(url, seeds[place :: len(urls)]) for place, url in enumerate(urls)))
    return [fault for found, _ in each for fault in found], sum((counted for _, counted in each), Counter[str]())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schedules", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lanes", type=int, default=3)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    arguments = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    wanted = ("sqlite", "postgresql") if arguments.database == "both" else (arguments.database,)
    broken = 0
    for database in wanted:
        try:
            server = Server() if database == "postgresql" else None
        except NotInstalled as missing:
            print(f"Not run on PostgreSQL: {missing}")
            continue
        with tempfile.TemporaryDirectory() as folder:
            files = [f"sqlite:///{Path(folder) / str(lane)}.db" for lane in range(arguments.lanes)]
            broken += _run(arguments, database, [server.url] if server else files)
        if server:
            server.remove()
    return 1 if broken else 0


def _run(arguments: argparse.Namespace, database: str, urls: Sequence[str]) -> int:
    began, seeds = time.monotonic(), range(arguments.seed, arguments.seed + arguments.schedules)
    found, counted = asyncio.run(lanes(urls, seeds))
    told = ", ".join(f"{name} {number}" for name, number in sorted(counted.items()))
    kinds = ", ".join(f"{kind} {number}" for kind, number in Counter(fault.kind for fault in found).items()) or "none"
    print(f"{database}: {len(seeds)} schedules, {time.monotonic() - began:.0f} s\n  {told}\n  faults: {kinds}")
    for fault in found[:20]:
        print(f"  {fault.kind}: {fault.conversation[:6]} {fault.what}")
    return len(found)


if __name__ == "__main__":
    sys.exit(main())
