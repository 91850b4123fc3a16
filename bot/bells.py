"""Who watches a conversation is woken when something new stands in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from time import monotonic
from weakref import WeakValueDictionary

from bot.timing import Timing
from casework.ledger import find
from casework.reveal import for_family
from casework.store import Message, Store
from casework.writing import Writing


class Bells:
    """One bell for each conversation that is watched; a bell that nobody heard costs one poll."""

    def __init__(self, store: Store, timing: Timing, writing: Writing) -> None:
        self._store, self._timing, self._writing = store, timing, writing
        self._bells: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()
        # Channels that push want to know that there is something new, not where.
        self.listeners: list[Callable[[], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def hang(self) -> None:
        """From now on they ring, in the loop that runs."""
        self._loop = asyncio.get_running_loop()

    def notice(self, conversation_id: str) -> None:
        """Wake whoever watches this conversation; may be called from any thread."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._ring, conversation_id)

    def _ring(self, conversation_id: str) -> None:
        bell = self._bells.pop(conversation_id, None)
        if bell:
            bell.set()
        for told in self.listeners:
            told()

    async def watch(self, conversation_id: str, after: int) -> AsyncIterator[list[Message]]:
        """New messages as they come; an empty list is a sign of life, or that a worker began or ceased to write.

        Ends with the conversation.
        """
        quiet_since, wrote = monotonic(), False
        while True:
            bell = self._bells.setdefault(conversation_id, asyncio.Event())
            new = await asyncio.to_thread(for_family, self._store, conversation_id, after)
            if new:
                after = new[-1].seq
            writes = self._writing.writes(conversation_id, "worker")
            if new or writes != wrote or monotonic() - quiet_since >= self._timing.alive:
                wrote = writes
                yield new
                quiet_since = monotonic()
                continue
            held = await asyncio.to_thread(find, self._store, conversation_id)
            if held is None or held.erased_at:
                return
            try:
                await asyncio.wait_for(bell.wait(), self._timing.poll)
            except asyncio.TimeoutError:
                continue
