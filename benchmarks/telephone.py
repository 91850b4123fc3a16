"""One family of the load: what it sends, and how long its answers take to stand in its stream."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx

PATIENCE = 60.0
# What people send, by kind of turn, and how often.
TURNS: dict[str, tuple[int, tuple[str, ...]]] = {
    "story": (40, ("儿子判了三年，媳妇走了大半年没音信，俩孙子跟我过", "孩子他爸去年没了", "孩子七岁，我是孩子奶奶")),
    "answer": (20, ("半年以上", "没有", "七岁", "不知道")),
    "policy question": (20, ("事实无人抚养儿童一个月多少钱", "孤儿补贴要带什么材料", "低保在哪里办")),
    "correction": (10, ("不对，不是三年，是五年", "说错了，孩子是八岁")),
    "danger": (5, ("我不想活了",)),
    "chat read": (15, ("",)),
}


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
