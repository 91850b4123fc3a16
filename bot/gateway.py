"""The front door's one way for a message: record, alarm, holder, Rasa, record."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from weakref import WeakValueDictionary

import structlog

from bot.dialogue import READ, Dialogue, NoAnswer
from bot.errors import Refused
from bot.follow_up import say_heard
from bot.logs import short_hash
from bot.metrics import Metrics
from bot.off import cut, say_off
from bot.packet import HIGH
from bot.protect import heed
from bot.record import ask_for_human, record, say
from bot.waiting import outlook_line
from bot.words import words
from casework.agree import answer_of, take_answer
from casework.alarms import alarm_heeded, owed_alarms
from casework.erasure import scrub
from casework.ledger import append, erase, find, remark, unanswered, waiting_for_bot
from casework.reveal import for_family
from casework.store import Case, Conversation, Erased, Message, Store
from casework.switch import WHOLE, switched_off
from casework.writing import Writing
from knowledge.alarm import alarm, worse

KEPT = 20_000
FAMILY_ID = 128

log = structlog.get_logger()


@dataclass(frozen=True)
class Timing:
    """All in seconds. `away` after the first word unanswered comes the honest line, `trouble` after it a case."""

    quiet: float = 0.6
    longest_quiet: float = 2.0
    away: float = 8.0
    trouble: float = 40.0
    first_pause: float = 0.5
    longest_pause: float = 15.0
    poll: float = 2.0
    alive: float = 15.0
    sweep: float = 20.0


@dataclass
class Room:
    """One conversation being answered; `stirred` says that a message came which no turn has looked at."""

    first: float
    last: float
    stirred: bool = True
    task: asyncio.Task[None] | None = field(default=None, repr=False)


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
        self._rooms: dict[str, Room] = {}
        self._heeding: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._bells: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()
        # Channels that push want to know that there is something new, not where.
        self.listeners: list[Callable[[], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._sweeping: asyncio.Task[None] | None = None
        # Whoever ran before us may have died between erasing and cleaning.
        self._is_clean = False

    async def start(self) -> None:
        """Take up again what a dead front door left, and from then on what a broken request left."""
        self._loop = asyncio.get_running_loop()
        await self._take_up()
        self._sweeping = asyncio.create_task(self._sweep())

    async def _take_up(self) -> None:
        """Alarms not yet heeded, whoever holds the conversation since; messages not yet answered."""
        for message in await asyncio.to_thread(owed_alarms, self.store):
            await self._heed(message)
        for conversation_id in await asyncio.to_thread(waiting_for_bot, self.store):
            if conversation_id in self._rooms:
                continue
            for message in await asyncio.to_thread(unanswered, self.store, conversation_id):
                await self._heed(message)
            self._wake(conversation_id)

    async def _sweep(self) -> None:
        """A database that broke off in the middle of `receive` may have kept words that nobody sends again."""
        while True:
            await asyncio.sleep(self.timing.sweep)
            try:
                await self._take_up()
                await self._clean()
            # Still away, most likely; the next look is soon.
            except Exception as error:
                log.error("sweep.failed", problem=type(error).__name__)

    async def stop(self) -> None:
        tasks = [room.task for room in self._rooms.values() if room.task]
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
        is_alarm = alarm(text).level in HIGH
        message = await asyncio.to_thread(
            append, self.store, conversation_id, "family", text, client_id, is_alarm=is_alarm
        )
        self.metrics.received.inc()
        self.writing.ends(conversation_id, "family")
        await self._heed(message)
        if len(text) > READ:
            await self._say(message.conversation, "long", f"long-{message.seq}")
        self.notice(conversation_id)
        self._wake(conversation_id)
        return message

    async def erase(self, conversation_id: str) -> Erased:
        """Erase words and dialogue state, also of a turn that is being made. Raises: NotFound."""
        done = await asyncio.to_thread(erase, self.store, conversation_id)
        await self._forget_all_of(conversation_id)
        self.notice(conversation_id)
        return done

    async def _forget_all_of(self, conversation_id: str) -> None:
        await asyncio.to_thread(self._forget, [conversation_id])
        self._is_clean = False
        await self._clean()

    async def _clean(self) -> None:
        """What was erased stands in the files until they are cleaned; somebody who reads just now holds that up."""
        if not self._is_clean:
            self._is_clean = await asyncio.to_thread(scrub, self.store)

    async def watch(self, conversation_id: str, after: int = 0) -> AsyncIterator[list[Message]]:
        """New messages as they come; an empty list is a sign of life, or that a worker began or ceased to write.

        Ends with the conversation.
        """
        quiet_since, wrote = monotonic(), False
        while True:
            bell = self._bells.setdefault(conversation_id, asyncio.Event())
            new = await asyncio.to_thread(for_family, self.store, conversation_id, after)
            if new:
                after = new[-1].seq
            writes = self.writing.writes(conversation_id, "worker")
            if new or writes != wrote or monotonic() - quiet_since >= self.timing.alive:
                wrote = writes
                yield new
                quiet_since = monotonic()
                continue
            held = await asyncio.to_thread(find, self.store, conversation_id)
            if held is None or held.erased_at:
                return
            try:
                await asyncio.wait_for(bell.wait(), self.timing.poll)
            except asyncio.TimeoutError:
                continue

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

    def _wake(self, conversation_id: str) -> None:
        now = monotonic()
        room = self._rooms.get(conversation_id)
        if room:
            room.last, room.stirred = now, True
            return
        room = self._rooms[conversation_id] = Room(first=now, last=now)
        room.task = asyncio.create_task(self._serve(conversation_id, room))

    async def _serve(self, conversation_id: str, room: Room) -> None:
        """One task per conversation, so never two turns at once; a message that comes meanwhile makes it go on."""
        self.metrics.answering.inc()
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
                    await asyncio.sleep(self.timing.longest_pause)
                    room.stirred = True
        finally:
            del self._rooms[conversation_id]
            self.metrics.answering.dec()

    async def _wait_for_quiet(self, room: Room) -> None:
        while True:
            until = min(room.last + self.timing.quiet, room.first + self.timing.longest_quiet)
            left = until - monotonic()
            if left <= 0:
                return
            await asyncio.sleep(left)

    async def _answer(self, conversation_id: str) -> None:
        """Ask until everything said so far is answered, or the bot no longer holds the conversation."""
        waiting = await asyncio.to_thread(unanswered, self.store, conversation_id)
        if not waiting:
            return
        patience = asyncio.create_task(self._be_honest(conversation_id, waiting[0].seq))
        pause, understood = self.timing.first_pause, set[int]()
        try:
            while not await self._try(conversation_id):
                await self._understand_request(conversation_id, understood)
                await asyncio.sleep(pause)
                pause = min(pause * 2, self.timing.longest_pause)
        finally:
            patience.cancel()
            await asyncio.gather(patience, return_exceptions=True)

    async def _try(self, conversation_id: str) -> bool:
        """One turn; False when there is still something to answer."""
        held = await asyncio.to_thread(find, self.store, conversation_id)
        waiting = await asyncio.to_thread(unanswered, self.store, conversation_id)
        if held is None or held.erased_at:
            await self._forget_all_of(conversation_id)
            return True
        if not waiting:
            return True
        heard = await asyncio.to_thread(say_heard, self.store, held, waiting)
        if heard is not None:
            self.notice(conversation_id)
            return heard
        if WHOLE in await asyncio.to_thread(switched_off, self.store):
            return await self._say_off(held, waiting)
        level = "none"
        for message in waiting:
            level = worse(level, alarm(message.text).level)
        try:
            with self.metrics.turn_seconds.time():
                answer = await self._dialogue.ask(conversation_id, waiting, level)
        except NoAnswer as none:
            self.metrics.turns.labels("none").inc()
            log.warning("turn.none", conversation=short_hash(conversation_id), why=none.why)
            return False
        # Looked at again: the turn may have taken long, and off means off.
        off = await asyncio.to_thread(switched_off, self.store)
        if WHOLE in off:
            return await self._say_off(held, waiting)
        said = await asyncio.to_thread(record, self.store, self.metrics, held, waiting, cut(answer, off))
        self.metrics.turns.labels("said" if said else "late").inc()
        self.notice(conversation_id)
        # Too late may mean erased, and Rasa has just written down what it knows: look once more.
        return said

    async def _say_off(self, held: Conversation, waiting: Sequence[Message]) -> bool:
        said = await asyncio.to_thread(say_off, self.store, self.metrics, held, waiting)
        self.metrics.turns.labels("off" if said else "late").inc()
        self.notice(held.id)
        return said

    async def _heed(self, message: Message) -> None:
        """One message of a conversation at a time, so that a burst shows one card."""
        # Recorded here because a worker may hold the conversation, and then no turn looks at it.
        if answer_of(message.text):
            await asyncio.to_thread(take_answer, self.store, message)
        if alarm(message.text).level not in HIGH:
            return
        async with self._heeding.setdefault(message.conversation, asyncio.Lock()):
            level = await asyncio.to_thread(heed, self.store, message)
            # Whoever finds it owed no more has heeded it a second time, and counts nothing.
            is_first = await asyncio.to_thread(alarm_heeded, self.store, message)
        if is_first:
            self.metrics.alarms.labels(level, "words").inc()
            log.warning("alarm", conversation=short_hash(message.conversation), seq=message.seq, level=level)
        self.notice(message.conversation)

    async def _be_honest(self, conversation_id: str, first_seq: int) -> None:
        """While the first waiting message stays unanswered: one line, then a case."""
        await asyncio.sleep(self.timing.away)
        if await self._still_waits(conversation_id, first_seq):
            await self._say(conversation_id, "away", f"away-{first_seq}")
        await asyncio.sleep(self.timing.trouble - self.timing.away)
        if await self._still_waits(conversation_id, first_seq):
            await self._ask_for_human(conversation_id, "trouble")

    async def _understand_request(self, conversation_id: str, understood: set[int]) -> None:
        """With nobody there to understand it, the bare request for a person is understood here."""
        for message in await asyncio.to_thread(unanswered, self.store, conversation_id):
            if message.seq not in understood and message.text.strip() in words()["person_asked"]:
                understood.add(message.seq)
                case = await self._ask_for_human(conversation_id, "asked")
                await self._say(conversation_id, "asked", f"asked-{message.seq}")
                if told := await asyncio.to_thread(outlook_line, self.store, case):
                    await asyncio.to_thread(remark, self.store, conversation_id, told, f"outlook-{message.seq}")
                    self.notice(conversation_id)

    async def _still_waits(self, conversation_id: str, seq: int) -> bool:
        waiting = await asyncio.to_thread(unanswered, self.store, conversation_id)
        return any(message.seq == seq for message in waiting)

    async def _say(self, conversation_id: str, word: str, client_id: str) -> None:
        await asyncio.to_thread(say, self.store, conversation_id, word, client_id)
        self.notice(conversation_id)

    async def _ask_for_human(self, conversation_id: str, reason: str) -> Case:
        return await asyncio.to_thread(
            ask_for_human, self.store, self.metrics, conversation_id, "caseworker", "routine", reason
        )


def is_visible(sign: str) -> bool:
    """Whether a sign says anything: neither space nor control nor format character."""
    return not sign.isspace() and unicodedata.category(sign) not in ("Cc", "Cf")
