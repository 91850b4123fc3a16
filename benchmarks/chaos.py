"""Break the real product at random while families and workers write, then look into every ledger.

    uv run python benchmarks/chaos.py [--runs 1] [--seconds 240] [--kills 10] [--families 8] [--chats 4]
                                      [--claimants 50] [--seed 1] [--database sqlite|postgresql|both]

In each run front door, Rasa, actions, supervisor and (PostgreSQL) database are killed `--kills` times each; phones post
twice, lose answers and sleep; Telegram's webhooks come twice and again after later ones; twice all claim one case at
once. Exit status 1 when a promise was broken. A seed plans the same again, as far as real time allows.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path
from random import Random

from benchmarks.chats import Chat, settings
from benchmarks.check import Evidence, check_outside
from benchmarks.people import DANGER, Family, World
from benchmarks.postgresql import NotInstalled, Server
from benchmarks.product import PARTS, Product, lives
from benchmarks.workers import Worker, rush
from casework.staff import add_worker, issue_token
from casework.store import Store, open_store
from casework.trace import Fault, faults, read
from knowledge.alarm import alarm, safety_words
from tests.bot.fake_bot_api import FakeBotApi

ROLES = ("caseworker", "counselor", "caseworker", "supervisor")
QUIET_WITHIN = 180.0  # seconds for the last answers after the last kill
ORPHANS_GONE_WITHIN = 5.0
SHOWN = 30


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=240)
    parser.add_argument("--kills", type=int, default=10, help="of each part in each run")
    parser.add_argument("--families", type=int, default=8)
    parser.add_argument("--chats", type=int, default=4)
    parser.add_argument("--workers", type=int, default=4)
    parser.add_argument("--claimants", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    arguments = parser.parse_args()
    wanted = ("sqlite", "postgresql") if arguments.database == "both" else (arguments.database,)
    broken = 0
    for database in wanted:
        for number in range(arguments.runs):
            try:
                server = Server() if database == "postgresql" else None
            except NotInstalled as missing:
                print(f"Not run on PostgreSQL: {missing}")
                break
            broken += Run(arguments, arguments.seed + number, database, server).run()
    print(f"{broken} faults in all")
    return 1 if broken else 0


class Run:
    """One product, one database, one plan of kills."""

    def __init__(self, arguments: argparse.Namespace, seed: int, database: str, server: Server | None) -> None:
        self._arguments, self._seed, self._database, self._server = arguments, seed, database, server
        self._var = Path(tempfile.mkdtemp(prefix="tongxing-chaos-"))
        self._api = FakeBotApi().start()
        self._product = Product(self._var, server.url if server else "", settings(self._api))
        self._world = World(self._product.address, Random(seed))
        self._seen: dict[str, Evidence] = {}
        self._killed: Counter[str] = Counter()
        self._faults: list[Fault] = []
        self._restarts: list[asyncio.Task[None]] = []
        self._one_crash = asyncio.Lock()

    def run(self) -> int:
        """The number of faults."""
        started = time.monotonic()
        try:
            self._product.wait_until_whole()
            store = open_store(self._product.database_url)
            asyncio.run(self._play(store))
            self._faults += _inside(store, self._seen)
            store.close()
        finally:
            self._product.stop()
            self._api.stop()
            if self._server:
                self._server.remove()
        self._report(time.monotonic() - started)
        if not self._faults:
            shutil.rmtree(self._var)
        return len(self._faults)

    async def _play(self, store: Store) -> None:
        families = [Family(self._world, _card()) for _ in range(self._arguments.families)]
        chats = [Chat(self._world, self._api, 1001 + place, _card()) for place in range(self._arguments.chats)]
        staff = _staff(store, self._world, self._arguments.claimants, self._seen)
        working = staff[: self._arguments.workers]
        for worker in working:
            worker.colleagues = [other for other in working if other is not worker]
        people = [*families, *chats, *working]
        living = [asyncio.create_task(person.live()) for person in people]
        while not all(family.seen.conversation for family in families) or not all(chat.found(store) for chat in chats):
            await asyncio.sleep(0.1)
        self._seen.update({person.seen.conversation: person.seen for person in (*families, *chats)})
        living += [asyncio.create_task(self._rush(share, staff)) for share in (0.25, 0.6)]
        await self._kill_as_planned()
        await asyncio.gather(*self._restarts, *living)
        await self._wait_until_whole()
        await asyncio.gather(*(person.end() for person in (*families, *chats)))
        self._faults += await self._outside(store, families, chats)
        for person in (*families, *chats, *staff):
            await person.close()

    async def _rush(self, share: float, staff: Sequence[Worker]) -> None:
        await asyncio.sleep(self._arguments.seconds * share)
        await rush(self._world, staff)

    async def _kill_as_planned(self) -> None:
        begun = time.monotonic()
        watch = asyncio.create_task(self._keep_running())
        for at, part in plan(self._arguments.seconds, self._arguments.kills, self._seed, self._server):
            await asyncio.sleep(max(0.0, begun + at - time.monotonic()))
            if part == "database":
                self._restarts.append(asyncio.create_task(self._crash_database()))
            elif part == "supervisor":
                self._restarts.append(asyncio.create_task(self._kill_supervisor()))
            else:
                self._restarts.append(asyncio.create_task(self._kill(part)))
        await asyncio.sleep(max(0.0, begun + self._arguments.seconds - time.monotonic()))
        self._world.over.set()
        await self._wait_until_whole()
        watch.cancel()

    async def _kill(self, part: str) -> None:
        """As soon as it lives: its supervisor may have been killed just before."""
        while not self._product.kill(part):
            await asyncio.sleep(0.1)
        self._killed[part] += 1

    async def _crash_database(self) -> None:
        assert self._server is not None
        async with self._one_crash:
            self._killed["database"] += 1
            await asyncio.to_thread(self._server.crash)
            await asyncio.sleep(self._world.chance.uniform(0, 4))
            await asyncio.to_thread(self._server.start)

    async def _kill_supervisor(self) -> None:
        children = self._product.pids()
        self._killed["supervisor"] += self._product.kill("supervisor")
        self._product.start()
        await asyncio.sleep(ORPHANS_GONE_WITHIN)
        left = [part for part, pid in children.items() if lives(pid)]
        self._faults += [Fault("orphan", "-", f"{part} outlived its supervisor") for part in left]

    async def _keep_running(self) -> None:
        """What systemd would do: a supervisor that gave up by itself is started again."""
        while True:
            await asyncio.sleep(0.5)
            if self._product.process.poll() is not None:
                self._world.counted["starts refused"] += 1
                self._product.start()

    async def _outside(self, store: Store, families: Sequence[Family], chats: Sequence[Chat]) -> list[Fault]:
        """Looked at again while words are still being answered or carried."""
        until = time.monotonic() + QUIET_WITHIN
        deaths = sum(self._killed[part] for part in ("front door", "supervisor", "database"))
        while True:
            found = [fault for family in families for fault in check_outside(family.seen, *(await family.ledger()))]
            for chat in chats:
                trace = await asyncio.to_thread(read, store, chat.seen.conversation)
                found += check_outside(chat.seen, trace.said, trace.holder)
                # Each death may come between a message's arrival and our writing it down, once in each chat.
                found += chat.on_the_phone(store, deaths)
            if time.monotonic() > until or not any(fault.kind in ("unanswered", "lost") for fault in found):
                return found
            await asyncio.sleep(1.0)

    async def _wait_until_whole(self) -> None:
        await asyncio.to_thread(self._product.wait_until_whole)

    def _report(self, seconds: float) -> None:
        counted = self._world.counted
        said = sum(each.seq is not None for seen in self._seen.values() for each in seen.sent)
        rows = [
            ("run", f"{self._database}, seed {self._seed}, {seconds:.0f} s, load {os.getloadavg()[0]:.1f}"),
            ("families", f"{len(self._seen)}, {said} messages acknowledged"),
            ("how they wrote", _counted({name[9:]: n for name, n in counted.items() if name.startswith("messages ")})),
            ("workers", _counted({name: n for name, n in counted.items() if not name.startswith("messages ")})),
            ("kills", _counted(self._killed)),
            ("faults", _counted(Counter(fault.kind for fault in self._faults)) or "none"),
        ]
        print("\n".join(f"{name:<15} {what}" for name, what in rows))
        for fault in self._faults[:SHOWN]:
            print(f"  {fault.kind:<15} {fault.conversation[:6]}  {fault.what}")
        if self._faults:
            print(f"  kept: {self._var}")
        sys.stdout.flush()


def plan(seconds: int, kills: int, seed: int, with_database: object) -> list[tuple[float, str]]:
    """Moments and parts, each part that often; the last tenth of the time is left in peace."""
    chance = Random(seed)
    parts = [*PARTS, "supervisor", *(["database"] if with_database else [])]
    turns = parts * kills
    chance.shuffle(turns)
    return list(zip(sorted(chance.uniform(2, seconds * 0.9) for _ in turns), turns, strict=True))


def _staff(store: Store, world: World, count: int, seen: dict[str, Evidence]) -> list[Worker]:
    workers = []
    for number in range(count):
        added, _ = add_worker(store, f"演示{number + 1}", ROLES[number % len(ROLES)])
        workers.append(Worker(world, added.name, issue_token(store, added.id), seen))
    return workers


def _card() -> set[str]:
    """The lines of the card that children and adults get alike."""
    danger, now = alarm(DANGER), datetime.now(timezone.utc)
    child, adult = (set(safety_words(danger.kinds, danger.level, each, now)) for each in (True, False))
    return child & adult


def _inside(store: Store, seen: dict[str, Evidence]) -> list[Fault]:
    return [fault for each in seen for fault in faults(read(store, each), at_rest=True)]


def _counted(counted: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in sorted(counted.items()))


if __name__ == "__main__":
    sys.exit(main())
