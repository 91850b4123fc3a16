"""Many families at once against the real product: how fast each kind of turn is, what grows, where the time goes.

    uv run python benchmarks/load.py [--families 20] [--seconds 180] [--faster 20] [--quiet 100] [--url-of-database URL]

Think times are those of people divided by `--faster`: three minutes are an hour. Figures of one run on one machine
compare with each other and with nothing else; the load average says how busy the machine was with other things.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from random import Random

import httpx

from benchmarks.product import Product, processor_seconds
from benchmarks.telephone import TURNS, Telephone
from benchmarks.timed import Timed, in_all, print_kinds, print_parts, ratio
from casework.staff import add_worker, issue_token
from casework.store import open_store

THINKS = 40.0  # seconds a family needs between two messages, on average
FULL_SPEED = 20.0  # seconds without any think time
LONG_TALK = 200  # turns


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--families", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--faster", type=float, default=20.0)
    parser.add_argument("--quiet", type=int, default=100, help="milliseconds of the quiet window; 600 as delivered")
    parser.add_argument("--url-of-database", default="", help="an empty PostgreSQL; SQLite without")
    arguments = parser.parse_args()
    var = Path(tempfile.mkdtemp(prefix="tongxing-load-"))
    product = Product(var, arguments.url_of_database, {"TONGXING_QUIET_MS": str(arguments.quiet)})
    try:
        product.wait_until_whole()
        asyncio.run(measure(product, arguments))
    finally:
        product.stop()
        shutil.rmtree(var)
    return 0


async def measure(product: Product, arguments: argparse.Namespace) -> None:
    print(f"load average {os.getloadavg()[0]:.1f}; the quiet window of {arguments.quiet} ms is in every turn")
    alone = Timed()
    await _live(product.address, alone, Random(0), 0.0, time.monotonic() + FULL_SPEED)
    crowd, memory = Timed(), product.memory()
    before, turns_before = _spent(product), await _turns(product)
    await _crowd(product.address, crowd, arguments.families, THINKS / arguments.faster, arguments.seconds)
    after, turns_after, grown = _spent(product), await _turns(product), product.memory()
    full = Timed()
    await _crowd(product.address, full, arguments.families, 0.0, FULL_SPEED)
    held = await _held(product)
    print_kinds(crowd, held)
    print_parts(memory, grown, before, after, max(1, crowd.replies))
    asked, in_rasa = turns_after[0] - turns_before[0], turns_after[1] - turns_before[1]
    said = [seconds for kind in TURNS if kind != "chat read" for seconds in crowd.of(kind)]
    print(
        f"\none reply: {statistics.mean(said) * 1000:.0f} ms on average: {arguments.quiet} ms quiet, "
        f"{in_rasa / max(1, asked) * 1000:.0f} ms Rasa and actions, the rest front door, database and stream"
    )
    print(
        f"full speed: {full.replies / FULL_SPEED:.1f} replies a second with {arguments.families} families, "
        f"{alone.replies / FULL_SPEED:.1f} with one; one turn {ratio(in_all(full), in_all(alone))} of one alone"
    )
    await _long_talk(product.address)
    print(f"load average {os.getloadavg()[0]:.1f}")


async def _crowd(address: str, timed: Timed, families: int, thinks: float, seconds: float) -> None:
    until = time.monotonic() + seconds
    await asyncio.gather(*(_live(address, timed, Random(number), thinks, until) for number in range(families)))


async def _live(address: str, timed: Timed, chance: Random, thinks: float, until: float) -> None:
    telephone = Telephone(address)
    await telephone.open()
    while time.monotonic() < until:
        if thinks:
            await asyncio.sleep(chance.expovariate(1 / thinks))
        kind = chance.choices(list(TURNS), [often for often, _ in TURNS.values()])[0]
        with suppress(asyncio.TimeoutError):
            text = chance.choice(TURNS[kind][1])
            timed.note(kind, await telephone.ask(text) if text else await telephone.read_all())
    await telephone.close()


async def _held(product: Product) -> Timed:
    """A worker and a family in turn: from the desk's POST to the family's stream, and back to the acknowledgement."""
    store = open_store(product.database_url)
    token = issue_token(store, add_worker(store, "演示员", "caseworker")[0].id)
    store.close()
    timed, telephone = Timed(), Telephone(product.address)
    await telephone.open()
    await telephone.ask("找人")
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=product.address, headers=headers, trust_env=False) as desk:
        cases = (await desk.get("/desk/api/cases?state=waiting")).json()["cases"]
        ref = next(case["ref"] for case in cases if case["conversation"] == telephone.conversation)
        await desk.post(f"/desk/api/cases/{ref}/claim")
        for number in range(40):
            started = time.monotonic()
            await telephone.write("好的")
            timed.note("to a worker", time.monotonic() - started)
            started, body = time.monotonic(), {"client_id": str(number), "text": f"第{number}句"}
            posted = asyncio.create_task(desk.post(f"/desk/api/cases/{ref}/messages", json=body))
            await telephone.wait_for(lambda line, text=body["text"]: line["text"] == text)
            timed.note("from a worker", time.monotonic() - started)
            await posted
    await telephone.close()
    return timed


async def _long_talk(address: str) -> None:
    """One conversation alone: the turns around the 200th against those around the 5th, of the same sentences."""
    telephone, took = Telephone(address), []
    await telephone.open()
    words = TURNS["policy question"][1]
    for number in range(LONG_TALK + 10):
        took.append(await telephone.ask(words[number % len(words)]))
    reading = [await telephone.read_all() for _ in range(5)]
    await telephone.close()
    early, late = took[1:13], took[-12:]
    print(
        f"long talk: turns {LONG_TALK - 2} to {LONG_TALK + 9} take {statistics.median(late) * 1000:.0f} ms, "
        f"turns 2 to 13 {statistics.median(early) * 1000:.0f} ms: {ratio(late, early)}; "
        f"reading it whole {statistics.median(reading) * 1000:.0f} ms"
    )


async def _turns(product: Product) -> tuple[float, float]:
    """How many turns Rasa was asked for and the seconds it took, as the front door counts them."""
    async with httpx.AsyncClient(trust_env=False) as client:
        lines = (await client.get(f"{product.address}/metrics")).text.splitlines()
    told = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return float(told["tongxing_turn_seconds_count"]), float(told["tongxing_turn_seconds_sum"])


def _spent(product: Product) -> dict[str, float]:
    return {part: processor_seconds(pid) for part, pid in product.pids().items()}


if __name__ == "__main__":
    sys.exit(main())
