"""Families on Telegram: their updates come by webhook, sometimes twice at once, and again after later ones."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import httpx
from sqlalchemy import select

from benchmarks.check import Evidence, Sent, on_the_phone
from benchmarks.people import DANGER, World, words_of
from bot.channels.telegram.speech import shown
from bot.values import WEBHOOK_PATH
from casework.ledger import messages
from casework.store import Store
from casework.tables import message
from casework.trace import Fault
from tests.bot.fake_bot_api import TOKEN, FakeBotApi

SECRET = "webhook-secret-of-a-benchmark"
START = "/start"


def settings(api: FakeBotApi) -> dict[str, str]:
    """What the product must be told to talk with this Telegram."""
    return {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": api.url,
        "TELEGRAM_WEBHOOK_URL": f"https://chaos.example{WEBHOOK_PATH}",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
    }


class Chat:
    """One chat; Telegram gives each update until it is acknowledged."""

    def __init__(self, world: World, api: FakeBotApi, number: int, card: Sequence[str]) -> None:
        self._world, self._api, self._number, self._card = world, api, number, tuple(card)
        self._client = world.client()
        self._updates: list[dict[str, Any]] = []
        self.seen = Evidence("")

    async def live(self) -> None:
        await self.say(words_of(self._world)[0])
        while not self._world.over.is_set():
            await self._world.rest(6.0)
            await self.say(*words_of(self._world))
            if self._world.chance.random() < 0.2:
                self._world.counted["webhooks reordered"] += 1
                await self._post(self._world.chance.choice(self._updates))
            if self._world.chance.random() < 0.1:
                await self._post(self._api.write(self._number, START))

    async def end(self) -> None:
        await self.say("看结果")

    async def say(self, text: str, how: str = "retried") -> None:
        update = self._api.write(self._number, text)
        self._updates.append(update)
        key = f"{update['update_id']}-{update['message']['message_id']}"
        sent = Sent(key, text, card=self._card if text == DANGER else ())
        self.seen.sent.append(sent)
        times = 2 if how in ("doubled", "cut") else 1
        self._world.counted["webhooks doubled"] += times - 1
        await asyncio.gather(*(self._post(update) for _ in range(times)))

    def found(self, store: Store) -> bool:
        """Whether its conversation is known by now."""
        if not self.seen.conversation and self.seen.sent:
            query = select(message.c.conversation_id).where(message.c.client_id == self.seen.sent[0].client_id)
            with store.reading() as connection:
                self.seen.conversation = connection.execute(query).scalar() or ""
        return bool(self.seen.conversation)

    def on_the_phone(self, store: Store, allowed: int) -> list[Fault]:
        said = messages(store, self.seen.conversation, limit=100_000)
        owed = [text for line in said if line.sender != "family" for text in shown(line)]  # type: ignore[arg-type]
        return on_the_phone(self.seen.conversation, owed, self._api.texts(self._number), allowed)

    async def close(self) -> None:
        await self._client.aclose()

    async def _post(self, update: dict[str, Any]) -> httpx.Response:
        headers = {"x-telegram-bot-api-secret-token": SECRET}
        return await self._world.ask(self._client, "POST", WEBHOOK_PATH, json=update, headers=headers)
