"""Families and workers as the outside sees them: HTTP clients that retry, repeat themselves, read slowly and race.

Each writes down what it did and was told, for benchmarks/check.py.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import httpx

from benchmarks.check import Evidence, Held, Line, Sent

TOLD = (
    "我是孩子奶奶",
    "孩子他爸判了三年",
    "他妈妈走了大半年没音信",
    "孩子七岁，跟我过",
    "家里没有低保",
    "户口在三元区",
)
ASKED = ("能领什么", "要带什么材料", "在哪里办", "一个月多少钱", "能和低保一起领吗", "看结果", "你是机器人吗")
DANGER = "我不想活了"
# Longer than the assistant reads in one go, which it then says.
STORY = "孩子他爸的事说来话长。" * 400
PERSON = ("找人", "转人工")
PATIENCE = 10.0


@dataclass
class World:
    """What all share: where the product is, chance, and what was counted."""

    address: str
    chance: Random
    counted: Counter[str] = field(default_factory=Counter)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    def client(self, token: str = "") -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.AsyncClient(base_url=self.address, headers=headers, timeout=PATIENCE, trust_env=False)

    async def rest(self, seconds: float) -> None:
        """At most that long, and no longer than the run."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.over.wait(), self.chance.uniform(0, seconds))

    async def ask(self, client: httpx.AsyncClient, method: str, path: str, **more: Any) -> httpx.Response:
        """Retried, with the same body, until the product says something definite."""
        while True:
            with suppress(httpx.HTTPError):
                answer = await client.request(method, path, **more)
                if answer.status_code < 500 and answer.status_code != 429:
                    return answer
            self.counted["retries"] += 1
            await asyncio.sleep(self.chance.uniform(0.1, 1.0))


class Family:
    """One telephone in one conversation."""

    def __init__(self, world: World, card: Sequence[str]) -> None:
        self._world, self._card = world, tuple(card)
        self._client = world.client()
        self.seen = Evidence("")
        self._path = ""

    async def live(self) -> None:
        """Write now and then and read the stream, until the run is over; then say one last thing."""
        await self._open()
        reading = asyncio.create_task(self._read())
        while not self._world.over.is_set():
            await self._world.rest(6.0)
            await self._say(*words_of(self._world))
        await reading

    async def end(self) -> None:
        """The last words, which must be answered unless a worker has the conversation."""
        await self._say("看结果", "retried")

    async def ledger(self) -> tuple[list[Line], str]:
        body = (await self._world.ask(self._client, "GET", self._path, params={"after": 0})).json()
        return [_line(each) for each in body["messages"]], body["holder"]

    async def close(self) -> None:
        await self._client.aclose()

    async def _open(self) -> None:
        opened = (await self._world.ask(self._client, "POST", "/api/conversations")).json()
        self.seen.conversation = opened["conversation"]
        self._path = f"/api/conversations/{opened['conversation']}/messages"
        self._client.cookies.clear()
        self._client.headers["Authorization"] = f"Bearer {opened['token']}"

    async def _say(self, text: str, how: str) -> None:
        sent = Sent(f"f{len(self.seen.sent) + 1}", text, how != "given up", card=self._card if text == DANGER else ())
        self.seen.sent.append(sent)
        self._world.counted[f"messages {how}"] += 1
        body = {"client_id": sent.client_id, "text": text}
        if how == "given up":
            with suppress(httpx.HTTPError):
                answer = await self._client.post(self._path, json=body)
                sent.seq = answer.json()["seq"] if answer.status_code == 202 else None
            return
        if how == "cut":
            # The answer gets lost on the way, whether or not the message arrived.
            with suppress(httpx.HTTPError):
                await self._client.post(self._path, json=body, timeout=self._world.chance.uniform(0.001, 0.03))
        times = 2 if how == "doubled" else 1
        posts = [self._world.ask(self._client, "POST", self._path, json=body) for _ in range(times)]
        answers = await asyncio.gather(*posts)
        if how == "repeated":
            answers.append(await self._world.ask(self._client, "POST", self._path, json=body))
        seqs = {answer.json().get("seq") for answer in answers}
        # Two different numbers for one message would be a fault that the checker sees by the second.
        sent.seq = max(seqs, key=lambda seq: seq or 0)

    async def _read(self) -> None:
        """The stream, sometimes slowly, dropped now and then and taken up where it was."""
        last, chance = 0, self._world.chance
        while not self._world.over.is_set():
            seqs: list[int] = []
            self.seen.streams.append((last, seqs))
            with suppress(httpx.HTTPError, asyncio.TimeoutError):
                await asyncio.wait_for(self._follow(last, seqs, chance.random() < 0.3), chance.uniform(3, 25))
            last = seqs[-1] if seqs else last
            self._world.counted["streams"] += 1
            sleeps = chance.random() < 0.2
            self._world.counted["sleeps"] += sleeps
            await self._world.rest(20.0 if sleeps else 1.0)

    async def _follow(self, after: int, seqs: list[int], slowly: bool) -> None:
        path = self._path.replace("/messages", "/stream")
        async with self._client.stream("GET", path, headers={"Last-Event-ID": str(after)}) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    seqs.append(json.loads(line[5:])["seq"])
                    await asyncio.sleep(0.3 if slowly else 0)


def words_of(world: World) -> tuple[str, str]:
    """What a family says next, and how it reaches us."""
    kinds = (TOLD, ASKED, PERSON, (DANGER,), (STORY,))
    words = world.chance.choice(world.chance.choices(kinds, (54, 22, 12, 8, 4))[0])
    how = ("retried", "doubled", "repeated", "cut", "given up")
    return words, world.chance.choices(how, (50, 15, 15, 12, 8))[0]


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


def _line(shown: dict[str, Any]) -> Line:
    at = datetime.fromisoformat(shown["at"])
    client_id, is_card = shown.get("client_id", ""), bool(shown.get("safety"))
    return Line(shown["seq"], shown["from"], shown["text"], at, client_id, is_card=is_card)
