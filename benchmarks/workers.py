"""Workers as the desk's API sees them: they race for a case, write, and end it one way or another.

Each writes down what it did and was told, for benchmarks/check.py.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import httpx

from benchmarks.check import Evidence, Held, Sent
from benchmarks.people import World


class Worker:
    """One member of staff with a token; `colleagues` are whom they race with and transfer to."""

    def __init__(self, world: World, name: str, token: str, seen: dict[str, Evidence]) -> None:
        self._world, self.name, self._seen = world, name, seen
        self._client = world.client(token)
        self.colleagues: list[Worker] = []
        self._busy: set[str] = set()
        self._replies = 0

    async def live(self) -> None:
        at_work = []
        while not self._world.over.is_set():
            await self._world.rest(3.0)
            waiting = await self.waiting()
            if not waiting or len(self._busy) > 3:
                continue
            ref = self._world.chance.choice(waiting)
            takers = self._world.chance.sample([self, *self.colleagues], self._world.chance.choice((1, 2, 2)))
            at_work.append(asyncio.gather(*(taker.attend(ref) for taker in takers)))
        await asyncio.gather(*at_work)

    async def waiting(self) -> list[str]:
        body = (await self._world.ask(self._client, "GET", "/desk/api/cases", params={"state": "waiting"})).json()
        return [case["ref"] for case in body["cases"] if case["conversation"] in self._seen]

    async def attend(self, ref: str) -> None:
        """Claim; if it was ours, write, and end it one way or another."""
        if ref in self._busy:
            return
        self._busy.add(ref)
        try:
            answer = await self._do(ref, "claim")
            if answer.status_code != 200:
                self._world.counted["claims refused"] += 1
                return
            self._world.counted["claims"] += 1
            claim = answer.json()
            await self._hold(ref, self._seen[claim["conversation"]], claim["seq"])
        finally:
            self._busy.discard(ref)

    async def close(self) -> None:
        await self._client.aclose()

    async def _hold(self, ref: str, seen: Evidence, since: int) -> None:
        held = Held(self.name, since)
        seen.held.append(held)
        for _ in range(self._world.chance.randint(0, 3)):
            await self._world.rest(4.0)
            await self._reply(ref, seen)
        await self._world.rest(5.0)
        end = self._world.chance.choices(("release", "transfer", "close", "keep"), (40, 25, 30, 5))[0]
        until = await self._last_seq(ref)
        if end == "keep":
            return
        taker = self._free_colleague(ref) if end == "transfer" else None
        held.until = until
        if taker is not None:
            taker._busy.add(ref)
            try:
                await self._do(ref, "transfer", {"to": taker.name})
                self._world.counted["transfers"] += 1
                await taker._hold(ref, seen, until + 1)
            finally:
                taker._busy.discard(ref)
            return
        await self._do(ref, "close" if end == "close" else "release", {"outcome": "已经说清楚，约好下周再联系。"})
        self._world.counted["closes" if end == "close" else "releases"] += 1

    def _free_colleague(self, ref: str) -> Worker | None:
        free = [colleague for colleague in self.colleagues if ref not in colleague._busy]
        return self._world.chance.choice(free) if free else None

    async def _reply(self, ref: str, seen: Evidence) -> None:
        self._replies += 1
        sent = Sent(f"w{self._replies}", f"{self.name}第{self._replies}次回复：我来帮您看看。")
        seen.replies.append(sent)
        body = {"client_id": sent.client_id, "text": sent.text}
        times = self._world.chance.choice((1, 1, 2))
        answers = await asyncio.gather(*(self._do(ref, "messages", body) for _ in range(times)))
        sent.seq = next((answer.json()["seq"] for answer in answers if answer.status_code == 200), None)
        if sent.seq is None:
            seen.refused.append(f"{self.name}: {answers[0].status_code}")
        self._world.counted["replies"] += 1

    async def _last_seq(self, ref: str) -> int:
        body = (await self._world.ask(self._client, "GET", f"/desk/api/cases/{ref}")).json()
        return max((each["seq"] for each in body.get("messages", [])), default=0)

    async def _do(self, ref: str, verb: str, body: dict[str, str] | None = None) -> httpx.Response:
        return await self._world.ask(self._client, "POST", f"/desk/api/cases/{ref}/{verb}", json=body or {})


async def rush(world: World, workers: Sequence[Worker]) -> None:
    """All claim the same waiting case in the same moment, as soon as there is one."""
    while not world.over.is_set():
        if waiting := await workers[0].waiting():
            world.counted["rushes"] += 1
            await asyncio.gather(*(worker.attend(waiting[0]) for worker in workers))
            return
        await world.rest(1.0)
