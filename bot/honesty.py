"""While the answer does not come: a family is told so, and a person is found for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.metrics import Metrics
from bot.record import ask_for_human, say
from bot.timing import Timing
from bot.waiting import outlook_line
from bot.words import words
from casework.ledger import remark, unanswered
from casework.store import Case, Store


class Honesty:
    """What the front door says of itself; `notice` is called when it has spoken."""

    def __init__(self, store: Store, timing: Timing, metrics: Metrics, notice: Callable[[str], None]) -> None:
        self._store, self._timing, self._metrics, self._notice = store, timing, metrics, notice

    async def wait(self, conversation_id: str, first_seq: int) -> None:
        """While the first waiting message stays unanswered: one line, then a case."""
        await asyncio.sleep(self._timing.away)
        if await self._still_waits(conversation_id, first_seq):
            await self.say(conversation_id, "away", f"away-{first_seq}")
        await asyncio.sleep(self._timing.trouble - self._timing.away)
        if await self._still_waits(conversation_id, first_seq):
            await self._ask_for_human(conversation_id, "trouble")

    async def understand_request(self, conversation_id: str, understood: set[int]) -> None:
        """With nobody there to understand it, the bare request for a person is understood here."""
        for message in await asyncio.to_thread(unanswered, self._store, conversation_id):
            if message.seq not in understood and message.text.strip() in words()["person_asked"]:
                understood.add(message.seq)
                case = await self._ask_for_human(conversation_id, "asked")
                await self.say(conversation_id, "asked", f"asked-{message.seq}")
                if told := await asyncio.to_thread(outlook_line, self._store, case):
                    await asyncio.to_thread(remark, self._store, conversation_id, told, f"outlook-{message.seq}")
                    self._notice(conversation_id)

    async def say(self, conversation_id: str, word: str, client_id: str) -> None:
        await asyncio.to_thread(say, self._store, conversation_id, word, client_id)
        self._notice(conversation_id)

    async def _still_waits(self, conversation_id: str, seq: int) -> bool:
        waiting = await asyncio.to_thread(unanswered, self._store, conversation_id)
        return any(message.seq == seq for message in waiting)

    async def _ask_for_human(self, conversation_id: str, reason: str) -> Case:
        return await asyncio.to_thread(
            ask_for_human, self._store, self._metrics, conversation_id, "caseworker", "routine", reason
        )
