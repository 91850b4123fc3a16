"""Many families at once against the real product: how fast each kind of turn is, what grows, where the time goes.

    uv run python benchmarks/load.py [--families 20] [--seconds 180] [--faster 20] [--quiet 100] [--url-of-database URL]

Think times are those of people divided by `--faster`: three minutes are an hour. Figures of one run on one machine
compare with each other and with nothing else; the load average says how busy the machine was with other things.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import httpx

from benchmarks.product import Product, processor_seconds
from casework.staff import add_worker, issue_token
from casework.store import open_store

THINKS = 40.0  # seconds a family needs between two messages, on average
PATIENCE = 60.0
FULL_SPEED = 20.0  # seconds without any think time
LONG_TALK = 200  # turns
# What people send, by kind of turn, and how often.
TURNS: dict[str, tuple[int, tuple[str, ...]]] = {
    "story": (40, ("儿子判了三年，媳妇走了大半年没音信，俩孙子跟我过", "孩子他爸去年没了", "孩子七岁，我是孩子奶奶")),
    "answer": (20, ("半年以上", "没有", "七岁", "不知道")),
    "policy question": (20, ("事实无人抚养儿童一个月多少钱", "孤儿补贴要带什么材料", "低保在哪里办")),
    "correction": (10, ("不对，不是三年，是五年", "说错了，孩子是八岁")),
    "danger": (5, ("我不想活了",)),
    "chat read": (15, ("",)),
}


@dataclass
class Timed:
    """Seconds by kind, each with the moment at which it was measured."""

    took: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def note(self, kind: str, seconds: float) -> None:
        self.took[kind].append((time.monotonic(), seconds))

    def of(self, kind: str) -> list[float]:
        return [seconds for _, seconds in self.took[kind]]

    @property
    def replies(self) -> int:
        return sum(len(took) for kind, took in self.took.items() if kind in TURNS and kind != "chat read")


class Telephone:
    """One family that writes, and sees the answer in its stream."""

    def __init__(self, address: str) -> None:
        self._client = httpx.AsyncClient(base_url=address, timeout=PATIENCE, trust_env=False)
        self._seen: list[dict[str, Any]] = []
        self._news = asyncio.Condition()
        self._written = 0
        self.conversation = ""

    async def open(self) -> None:
        opened = (await self._client.post("/api/conversations")).raise_for_status().json()
        self._client.cookies.clear()
        self._client.headers["Authorization"] = f"Bearer {opened['token']}"
        self.conversation = opened["conversation"]
        self._path = f"/api/conversations/{self.conversation}"
        self._reading = asyncio.create_task(self._read())

    async def close(self) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self._client.aclose()

    async def ask(self, text: str) -> float:
        """Seconds from the first byte sent to the whole reply in the stream."""
        started = time.monotonic()
        seq = await self.write(text)
        await self.wait_for(lambda line: line["from"] == "bot" and bool(line["turn"]) and line["seq"] > seq)
        return time.monotonic() - started

    async def write(self, text: str) -> int:
        """The seq, once it is recorded; a 429 is waited out."""
        self._written += 1
        while True:
            body = {"client_id": str(self._written), "text": text}
            answer = await self._client.post(f"{self._path}/messages", json=body)
            if answer.status_code != 429:
                return int(answer.raise_for_status().json()["seq"])
            await asyncio.sleep(int(answer.headers["Retry-After"]))

    async def read_all(self) -> float:
        started = time.monotonic()
        (await self._client.get(f"{self._path}/messages", params={"after": 0})).raise_for_status()
        return time.monotonic() - started

    async def wait_for(self, is_it: Callable[[dict[str, Any]], bool]) -> None:
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(lambda: any(map(is_it, self._seen))), PATIENCE)
            self._seen.clear()

    async def _read(self) -> None:
        async with self._client.stream("GET", f"{self._path}/stream", timeout=None) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    async with self._news:
                        self._seen.append(json.loads(line[5:]))
                        self._news.notify_all()


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
    _print_kinds(crowd, held)
    _print_parts(memory, grown, before, after, max(1, crowd.replies))
    asked, in_rasa = turns_after[0] - turns_before[0], turns_after[1] - turns_before[1]
    said = [seconds for kind in TURNS if kind != "chat read" for seconds in crowd.of(kind)]
    print(
        f"\none reply: {statistics.mean(said) * 1000:.0f} ms on average: {arguments.quiet} ms quiet, "
        f"{in_rasa / max(1, asked) * 1000:.0f} ms Rasa and actions, the rest front door, database and stream"
    )
    print(
        f"full speed: {full.replies / FULL_SPEED:.1f} replies a second with {arguments.families} families, "
        f"{alone.replies / FULL_SPEED:.1f} with one; one turn {_ratio(_all(full), _all(alone))} of one alone"
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
        f"turns 2 to 13 {statistics.median(early) * 1000:.0f} ms: {_ratio(late, early)}; "
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


def _print_kinds(crowd: Timed, held: Timed) -> None:
    print(f"\n{'kind of turn':<18}{'n':>6}{'p50 ms':>9}{'p95 ms':>9}{'last ÷ first quarter':>22}")
    for timed, kinds in ((crowd, TURNS), (held, held.took)):
        for kind in kinds:
            seconds = timed.of(kind)
            if len(seconds) < 8:
                continue
            quarter = len(seconds) // 4
            ordered = sorted(seconds)
            print(
                f"{kind:<18}{len(seconds):>6}{statistics.median(ordered) * 1000:>9.0f}"
                f"{ordered[int(len(ordered) * 0.95)] * 1000:>9.0f}{_ratio(seconds[-quarter:], seconds[:quarter]):>22}"
            )


def _print_parts(
    memory: dict[str, float], grown: dict[str, float], before: dict[str, float], after: dict[str, float], turns: int
) -> None:
    print(f"\n{'part':<12}{'MB before':>10}{'after':>8}{'KB a turn':>11}{'processor ms a turn':>21}")
    for part, megabytes in memory.items():
        spent = (after[part] - before[part]) / turns * 1000 if part in before else 0.0
        growth = (grown[part] - megabytes) * 1024 / turns
        print(f"{part:<12}{megabytes:>10.0f}{grown[part]:>8.0f}{growth:>11.1f}{spent:>21.1f}")


def _all(timed: Timed) -> list[float]:
    return [seconds for kind in TURNS if kind != "chat read" for seconds in timed.of(kind)]


def _ratio(these: Sequence[float], those: Sequence[float]) -> str:
    return f"× {statistics.median(these) / statistics.median(those):.2f}"


if __name__ == "__main__":
    sys.exit(main())
