"""The turns of one conversation: who holds it, what is off, the words of Rasa, the record."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from bot.dialogue import Dialogue, NoAnswer
from bot.hearing import hear
from bot.honesty import Honesty
from bot.logs import short_hash
from bot.metrics import Metrics
from bot.off import cut, say_off
from bot.receipt import say_heard, stand_in
from bot.record import record
from bot.timing import Timing
from casework.errors import NotFound
from casework.ledger import find, unanswered
from casework.store import Conversation, Message, Store
from casework.switch import WHOLE, switched_off
from knowledge.alarm import worse

log = structlog.get_logger()


class Answering:
    """Asks the dialogue for the bot's next words; `forget` erases what it knows of a conversation that is gone."""

    def __init__(
        self,
        store: Store,
        timing: Timing,
        metrics: Metrics,
        dialogue: Dialogue,
        honesty: Honesty,
        notice: Callable[[str], None],
        forget: Callable[[str], Awaitable[None]],
    ) -> None:
        self._store, self._timing, self._metrics, self._dialogue = store, timing, metrics, dialogue
        self._honesty, self._notice, self._forget = honesty, notice, forget

    async def answer(self, conversation_id: str) -> None:
        """Ask until everything said so far is answered, or the bot no longer holds the conversation."""
        waiting = await asyncio.to_thread(unanswered, self._store, conversation_id)
        if not waiting:
            return
        patience = asyncio.create_task(self._honesty.wait(conversation_id, waiting[0].seq))
        pause, understood = self._timing.first_pause, set[int]()
        try:
            while not await self._try(conversation_id):
                await self._honesty.understand_request(conversation_id, understood)
                await asyncio.sleep(pause)
                pause = min(pause * 2, self._timing.longest_pause)
        except NotFound:
            # Erased between two looks, and Rasa may have written down since what it knows.
            await self._forget(conversation_id)
        finally:
            patience.cancel()
            await asyncio.gather(patience, return_exceptions=True)

    async def _try(self, conversation_id: str) -> bool:
        """One turn; False when there is still something to answer."""
        held = await asyncio.to_thread(find, self._store, conversation_id)
        waiting = await asyncio.to_thread(unanswered, self._store, conversation_id)
        if held is None or held.erased_at:
            await self._forget(conversation_id)
            return True
        if not waiting:
            return True
        heard = await asyncio.to_thread(say_heard, self._store, held, waiting)
        if heard is not None:
            self._notice(conversation_id)
            return heard
        if WHOLE in await asyncio.to_thread(switched_off, self._store):
            return await self._say_off(held, waiting)
        level = "none"
        for message in waiting:
            level = worse(level, (await asyncio.to_thread(hear, message.text)).level)
        try:
            with self._metrics.turn_seconds.time():
                answer = await self._dialogue.ask(conversation_id, waiting, level)
        except NoAnswer as none:
            self._metrics.turns.labels("none").inc()
            log.warning("turn.none", conversation=short_hash(conversation_id), why=none.why)
            return False
        # Looked at again: the turn may have taken long, and off means off.
        off = await asyncio.to_thread(switched_off, self._store)
        if WHOLE in off:
            return await self._say_off(held, waiting)
        answer = await asyncio.to_thread(stand_in, self._store, waiting, cut(answer, off))
        said = await asyncio.to_thread(record, self._store, self._metrics, held, waiting, answer)
        self._metrics.turns.labels("said" if said else "late").inc()
        self._notice(conversation_id)
        # Too late may mean erased, and Rasa has just written down what it knows: look once more.
        return said

    async def _say_off(self, held: Conversation, waiting: Sequence[Message]) -> bool:
        said = await asyncio.to_thread(say_off, self._store, self._metrics, held, waiting)
        self._metrics.turns.labels("off" if said else "late").inc()
        self._notice(held.id)
        return said
