"""Whether each part answers; asked with short patience and remembered for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic
from typing import Any

import httpx
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import Settings
from casework.store import Store

PATIENCE = 1.0
REMEMBERED = 1.0


class Health:
    """One look at all parts side by side; many askers share it."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        # Channels that are on, by name.
        self.channels: dict[str, Callable[[], bool]] = {}
        self._client = httpx.AsyncClient(timeout=PATIENCE, trust_env=False)
        self._seen: dict[str, Any] | None = None
        self._until = 0.0
        self._looking = asyncio.Lock()

    async def look(self) -> dict[str, Any]:
        """`{"status": "ok" | "degraded", "parts": {part: "ok" | "down"}}`."""
        async with self._looking:
            if self._seen is None or monotonic() > self._until:
                self._seen = await self._ask()
                self._until = monotonic() + REMEMBERED
            return self._seen

    async def _ask(self) -> dict[str, Any]:
        database, rasa, actions = await asyncio.gather(
            self._database(),
            self._answers(f"{self._settings.rasa_url}/webhooks/tongxing/"),
            self._answers(f"{self._settings.actions_url}/health"),
        )
        parts = {"front_door": True, "database": database, "rasa": rasa, "actions": actions}
        parts |= {name: is_fine() for name, is_fine in self.channels.items()}
        said = {part: "ok" if fine else "down" for part, fine in parts.items()}
        return {"status": "ok" if all(parts.values()) else "degraded", "parts": said}

    async def _answers(self, url: str) -> bool:
        try:
            return (await self._client.get(url)).is_success
        except httpx.HTTPError:
            return False

    async def _database(self) -> bool:
        try:
            return await asyncio.wait_for(asyncio.to_thread(self._select), PATIENCE)
        except (SQLAlchemyError, asyncio.TimeoutError):
            return False

    def _select(self) -> bool:
        with self._store.reading() as connection:
            return bool(connection.execute(text("SELECT 1")).scalar() == 1)

    async def close(self) -> None:
        await self._client.aclose()
