"""The front door's one way for a message: record, alarm, holder, Rasa, record."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable, Sequence
from weakref import WeakValueDictionary

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.answering import Answering
from bot.bells import Bells
from bot.dialogue import READ, Dialogue
from bot.errors import Refused
from bot.hearing import hear
from bot.heeding import Heeding
from bot.honesty import Honesty
from bot.logs import short_hash
from bot.metrics import Metrics
from bot.rooms import Rooms
from bot.timing import Timing
from casework.alarms import owed_alarms
from casework.erasure import scrub
from casework.errors import Unheeded
from casework.ledger import append, erase, find, unanswered, waiting_for_bot
from casework.store import Erased, Message, Store
from casework.writing import Writing
from knowledge.alarm import HIGH

KEPT = 20_000
FAMILY_ID = 128

log = structlog.get_logger()


class Gateway:
    """Holds no state that matters: whatever is lost with it is found again in the ledger."""

    def __init__(
        self,
        store: Store,
        dialogue: Dialogue,
        timing: Timing | None = None,
        forget: Callable[[Sequence[str]], None] = lambda conversations: None,
    ) -> None:
        """`forget` erases what the dialogue knows of conversations."""
        self.store, self.timing, self.metrics, self._forget = store, timing or Timing(), Metrics(), forget
        self._dialogue, self.writing = dialogue, Writing()
        self._bells = Bells(store, self.timing, self.writing)
        self.listeners = self._bells.listeners
        self._heeding = Heeding(store, self.metrics, self.notice)
        self._honesty = Honesty(store, self.timing, self.metrics, self.notice)
        answering = Answering(
            store, self.timing, self.metrics, dialogue, self._honesty, self.notice, self._forget_all_of
        )
        self._rooms = Rooms(self.timing, self.metrics, answering.answer)
        self._doors: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._sweeping: asyncio.Task[None] | None = None
        # The database broke off while these were erased: perhaps they are, and the dialogue has not forgotten.
        self._doubted: set[str] = set()
        # Whoever ran before us may have died between erasing and cleaning.
        self._erasings, self._cleaned = 1, 0

    async def start(self) -> None:
        """Take up again what a dead front door left, and from then on what a broken request left."""
        self._bells.hang()
        await self._take_up()
        self._sweeping = asyncio.create_task(self._sweep())

    async def _take_up(self) -> None:
        """Alarms not yet heeded, whoever holds the conversation since; messages not yet answered."""
        for message in await asyncio.to_thread(owed_alarms, self.store):
            await self._heed_alone(message, is_owed=True)
        for conversation_id in await asyncio.to_thread(waiting_for_bot, self.store):
            if conversation_id in self._rooms:
                continue
            for message in await asyncio.to_thread(unanswered, self.store, conversation_id):
                await self._heed_alone(message)
            self._rooms.wake(conversation_id)

    async def _heed_alone(self, message: Message, is_owed: bool = False) -> None:
        """Those behind it must not wait for a message that breaks us each time, or was erased just now."""
        try:
            await self._heeding.heed(message, is_owed)
        except SQLAlchemyError:
            raise
        except Exception as error:
            log.error("heed.failed", conversation=short_hash(message.conversation), problem=type(error).__name__)

    async def _sweep(self) -> None:
        """A database that broke off in the middle of `receive` may have kept words that nobody sends again."""
        while True:
            await asyncio.sleep(self.timing.sweep)
            try:
                await self._take_up()
                await self._make_sure()
                await self._clean()
            # Still away, most likely; the next look is soon.
            except Exception as error:
                log.error("sweep.failed", problem=type(error).__name__)

    async def _make_sure(self) -> None:
        for conversation_id in list(self._doubted):
            held = await asyncio.to_thread(find, self.store, conversation_id)
            if held is None or held.erased_at:
                await self._forget_all_of(conversation_id)
            self._doubted.discard(conversation_id)

    async def stop(self) -> None:
        tasks = self._rooms.tasks()
        tasks += [self._sweeping] if self._sweeping else []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._dialogue.close()

    async def receive(self, conversation_id: str, client_id: str, text: str) -> Message:
        """Record, heed danger, and let the answer come later. Raises: Refused, NotFound."""
        if not any(is_visible(sign) for sign in text):
            raise Refused(422, "empty")
        if len(text) > KEPT:
            raise Refused(413, "too_long")
        # One after the other, as they came: a long message is not overtaken by a short one while it is heard.
        async with self._doors.setdefault(conversation_id, asyncio.Lock()):
            is_alarm = (await asyncio.to_thread(hear, text)).level in HIGH
            message = await asyncio.to_thread(
                append, self.store, conversation_id, "family", text, client_id, is_alarm=is_alarm
            )
        self.metrics.received.inc()
        self.writing.ends(conversation_id, "family")
        await self._heeding.heed(message)
        if len(text) > READ:
            await self._honesty.say(message.conversation, "long", f"long-{message.seq}")
        self.notice(conversation_id)
        self._rooms.wake(conversation_id)
        return message

    async def erase(self, conversation_id: str) -> Erased:
        """Erase words and dialogue state, also of a turn that is being made. Raises: NotFound."""
        try:
            while (done := await self._erased(conversation_id)) is None:
                for message in await asyncio.to_thread(owed_alarms, self.store):
                    if message.conversation == conversation_id:
                        await self._heeding.heed(message, is_owed=True)
            await self._forget_all_of(conversation_id)
        except SQLAlchemyError:
            self._doubted.add(conversation_id)
            raise
        self.notice(conversation_id)
        return done

    async def _erased(self, conversation_id: str) -> Erased | None:
        """None while words of danger in it wait to be heeded."""
        try:
            return await asyncio.to_thread(erase, self.store, conversation_id)
        except Unheeded:
            return None

    async def _forget_all_of(self, conversation_id: str) -> None:
        await asyncio.to_thread(self._forget, [conversation_id])
        hear.cache_clear()
        self._erasings += 1
        await self._clean()

    async def _clean(self) -> None:
        """What was erased stands in the files until they are cleaned; somebody who reads just now holds that up."""
        erasings = self._erasings
        # Counted, for an earlier cleaning may end while a later one fails, and knows nothing of what was erased since.
        if self._cleaned < erasings and await asyncio.to_thread(scrub, self.store):
            self._cleaned = max(self._cleaned, erasings)

    def watch(self, conversation_id: str, after: int = 0) -> AsyncIterator[list[Message]]:
        """New messages as they come; an empty list is a sign of life. Ends with the conversation."""
        return self._bells.watch(conversation_id, after)

    def notice(self, conversation_id: str) -> None:
        """Wake whoever watches this conversation; may be called from any thread."""
        self._bells.notice(conversation_id)


def is_visible(sign: str) -> bool:
    """Whether a sign says anything: neither space nor control nor format character."""
    return not sign.isspace() and unicodedata.category(sign) not in ("Cc", "Cf")
