"""What the front door does itself with words that were just recorded: answers to our buttons, and danger."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakValueDictionary

import structlog

from bot.hearing import hear
from bot.logs import short_hash
from bot.metrics import Metrics
from bot.protect import heed
from bot.receipt import take
from casework.agree import answer_of
from casework.alarms import alarm_heeded
from casework.store import Message, Store
from knowledge.alarm import HIGH

log = structlog.get_logger()


class Heeding:
    """One message of a conversation at a time, so that a burst shows one card."""

    def __init__(self, store: Store, metrics: Metrics, notice: Callable[[str], None]) -> None:
        self._store, self._metrics, self._notice = store, metrics, notice
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def heed(self, message: Message, is_owed: bool = False) -> None:
        """Safe to repeat, whoever holds the conversation by now. `is_owed`: danger was heard in it before."""
        # Recorded here because a worker may hold the conversation, and then no turn looks at it.
        if answer_of(message.text):
            await asyncio.to_thread(take, self._store, message)
        if not is_owed and (await asyncio.to_thread(hear, message.text)).level not in HIGH:
            return
        async with self._locks.setdefault(message.conversation, asyncio.Lock()):
            level = await asyncio.to_thread(heed, self._store, message, is_owed)
            # Whoever finds it owed no more has heeded it a second time, and counts nothing.
            is_first = await asyncio.to_thread(alarm_heeded, self._store, message)
        if is_first:
            self._metrics.alarms.labels(level, hear(message.text).source).inc()
            log.warning("alarm", conversation=short_hash(message.conversation), seq=message.seq, level=level)
        self._notice(message.conversation)
