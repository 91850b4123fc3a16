"""Families as the web chat sees them: HTTP clients that retry, repeat themselves and read slowly; and what people say.

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

from benchmarks.check import Evidence, Line, Sent

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


def _line(shown: dict[str, Any]) -> Line:
    at = datetime.fromisoformat(shown["at"])
    client_id, is_card = shown.get("client_id", ""), bool(shown.get("safety"))
    return Line(shown["seq"], shown["from"], shown["text"], at, client_id, is_card=is_card)
