"""One task for each conversation that waits for its answer, begun once the family is quiet for a moment."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic

import structlog

from bot.logs import short_hash
from bot.metrics import Metrics
from bot.timing import Timing

log = structlog.get_logger()


@dataclass
class Room:
    """One conversation being answered; `stirred` says that a message came which no turn has looked at."""

    first: float
    last: float
    stirred: bool = True
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Rooms:
    """Never two turns of one conversation at once; `answer` makes the turns of the one it is given."""

    def __init__(self, timing: Timing, metrics: Metrics, answer: Callable[[str], Awaitable[None]]) -> None:
        self._timing, self._metrics, self._answer = timing, metrics, answer
        self._rooms: dict[str, Room] = {}

    def __len__(self) -> int:
        return len(self._rooms)

    def __contains__(self, conversation_id: str) -> bool:
        return conversation_id in self._rooms

    def tasks(self) -> list[asyncio.Task[None]]:
        return [room.task for room in self._rooms.values() if room.task]

    def wake(self, conversation_id: str) -> None:
        now = monotonic()
        room = self._rooms.get(conversation_id)
        if room:
            room.last, room.stirred = now, True
            return
        room = self._rooms[conversation_id] = Room(first=now, last=now)
        room.task = asyncio.create_task(self._serve(conversation_id, room))

    async def _serve(self, conversation_id: str, room: Room) -> None:
        """One task per conversation, so never two turns at once; a message that comes meanwhile makes it go on."""
        self._metrics.answering.inc()
        try:
            while room.stirred:
                room.first = room.last
                await self._wait_for_quiet(room)
                room.stirred = False
                try:
                    await self._answer(conversation_id)
                # Whatever broke, the family's words are in the ledger and must not stay without an answer.
                except Exception as error:
                    log.error("answer.failed", conversation=short_hash(conversation_id), problem=type(error).__name__)
                    await asyncio.sleep(self._timing.longest_pause)
                    room.stirred = True
        finally:
            del self._rooms[conversation_id]
            self._metrics.answering.dec()

    async def _wait_for_quiet(self, room: Room) -> None:
        while True:
            until = min(room.last + self._timing.quiet, room.first + self._timing.longest_quiet)
            left = until - monotonic()
            if left <= 0:
                return
            await asyncio.sleep(left)
