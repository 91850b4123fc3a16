"""One conversation and all that happens to it: posts that come twice, workers who race, front doors that are killed."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from benchmarks.check import Evidence, Held, Sent, check_outside, on_the_phone
from benchmarks.fragile import BLOWS, Clock, Fate, Fragile, Rasa
from benchmarks.people import ASKED, DANGER, PERSON, STORY, TOLD
from bot.channels.telegram.sender import Sender
from bot.channels.telegram.speech import telegram_words
from bot.gateway import Gateway
from bot.state import forget
from bot.timing import Timing
from casework.alarms import owed_alarms
from casework.cases import claim, close, open_case, release, reply, transfer
from casework.delivery import LEASE
from casework.erasure import replay
from casework.errors import CaseworkError, HeldByAnother, NotYours
from casework.ledger import find, start
from casework.store import Store, Worker
from casework.trace import Fault, Line, faults, read

TIMING = Timing(0.002, 0.01, away=0.05, trouble=0.1, first_pause=0.005, longest_pause=0.02, poll=0.02, sweep=0.03)
# Seconds of processor time, so that a busy machine is not taken for words that are never carried.
PATIENCE = 10.0


class Schedule:
    """One conversation and all that happens to it."""

    def __init__(self, store: Store, known: Engine, clock: Clock, workers: Sequence[Worker], seed: int) -> None:
        """`known`: where the dialogue keeps what it knows."""
        self._store, self._clock, self._chance = store, clock, Random(seed)
        self._known, self._thinking = known, set[asyncio.Task[None]]()
        self._workers = self._chance.sample(list(workers), 3)
        channel, address = self._chance.choice((("telegram", str(seed)), ("web", None)))
        self._held, _ = start(store, channel, address)
        self._address = address
        self.seen, self.counted = Evidence(self._held.id), Counter[str]()
        self._phone: list[str] = []
        self._unheard = 0
        self._gateway: Gateway | None = None
        self._replies = 0

    async def run(self) -> list[Fault]:
        living = asyncio.create_task(self._keep_running())
        case = open_case(self._store, self._held.id, "caseworker", "routine", "asked")
        await asyncio.gather(self._family(), self._staff(case.ref))
        await self._say("f-last", ASKED[0])
        await self._until_settled()
        living.cancel()
        await asyncio.gather(living, *self._thinking, return_exceptions=True)
        trace = read(self._store, self._held.id)
        return [
            *faults(trace, at_rest=True),
            *check_outside(self.seen, trace.said, trace.holder),
            *self._on_the_phone(trace.said),
        ]

    async def _keep_running(self) -> None:
        """One front door after the other; the last one is not harmed."""
        for number in range(self._chance.randint(1, 3), -1, -1):
            places = self._chance.sample(range(1, 30), 3) if number else []
            fate = Fate({place: self._chance.choice(BLOWS) for place in places}, asyncio.get_running_loop())
            # As `bot.app.build`: nothing is served before what was erased is erased again.
            await asyncio.to_thread(replay, self._store, self.forget)
            fields = (self._store.engine, self._clock, self._store.turn, self._store.key, self._store.journal)
            rasa: Any = Rasa(self._chance, self._known, self._thinking)
            gateway = Gateway(Fragile(*fields, fate=fate), rasa, TIMING, self.forget)
            sender = Sender(SimpleNamespace(send_message=self._carry), gateway)  # type: ignore[arg-type]
            gateway.listeners.append(sender.wake)
            with suppress(SQLAlchemyError):
                await gateway.start()
            self._gateway, carrying = gateway, asyncio.create_task(sender.run())
            try:
                await fate.killed.wait()
            finally:
                self.counted.update(fate.counted)
                self._gateway, fate.is_dead = None, True
                carrying.cancel()
                await asyncio.gather(gateway.stop(), sender.stop(0), carrying, return_exceptions=True)
                self._clock.skipped += LEASE

    def forget(self, conversations: Iterable[str]) -> None:
        forget(self._known, conversations)

    async def _carry(self, address: str, text: str, **more: Any) -> None:
        """The chat; sometimes nothing reaches it, and sometimes its thanks do not reach us."""
        if address != self._address:
            return  # the fault of an earlier schedule in this database is told there, not here again
        chance = self._chance.random()
        if chance < 0.1:
            raise ConnectionError("not sent")
        self._phone.append(text)
        await asyncio.sleep(0)
        if chance > 0.95:
            self._unheard += 1
            raise ConnectionError("not heard")

    def _on_the_phone(self, said: Sequence[Line]) -> list[Fault]:
        if self._held.address is None:
            return []
        form = {"worker": telegram_words()["worker"]}
        owed = [form.get(line.sender, "{text}").format(text=line.text) for line in said if line.sender != "family"]
        allowed = self._unheard + sum(self.counted[blow] for blow in BLOWS)
        return on_the_phone(self._held.id, owed, self._phone, allowed)

    async def _family(self) -> None:
        """Each message is posted until it is acknowledged, and some posts come twice, or again after later ones."""
        words = self.words()
        self._chance.shuffle(words)
        for number, text in enumerate(words):
            await asyncio.sleep(self._chance.choice((0, 0, 0.01, 0.05)))
            await self._say(f"f{number}", text, self._chance.choice(("once", "once", "twice", "cut")))
            if self._chance.random() < 0.3:
                earlier = self._chance.choice(self.seen.sent)
                await self._post(earlier)
                self.counted["reordered"] += 1

    def words(self) -> list[str]:
        return [
            *self._chance.sample(TOLD, 2),
            self._chance.choice(PERSON),
            DANGER,
            self._chance.choice((ASKED[0], STORY)),
        ]

    async def _say(self, client_id: str, text: str, how: str = "once") -> None:
        sent = Sent(client_id, text)
        self.seen.sent.append(sent)
        self.counted[f"posted {how}"] += 1
        posts = [asyncio.create_task(self._post(sent)) for _ in range(2 if how != "once" else 1)]
        if how == "cut":
            await asyncio.sleep(self._chance.uniform(0, 0.01))
            posts[0].cancel()
        await asyncio.gather(*posts, return_exceptions=True)

    async def _post(self, sent: Sent) -> None:
        while True:
            with suppress(SQLAlchemyError, AttributeError):
                message = await self._gateway.receive(self._held.id, sent.client_id, sent.text)  # type: ignore[union-attr]
                if sent.seq not in (None, message.seq):
                    self.seen.refused.append(f"{sent.client_id} is {sent.seq} and {message.seq}")
                sent.seq = message.seq
                return
            await asyncio.sleep(0.005)

    async def _staff(self, ref: str) -> None:
        """All claim at once; who has it replies and ends it; then again, while there is somebody to help."""
        for _ in range(self._chance.randint(1, 3)):
            await asyncio.sleep(self._chance.uniform(0, 0.1))
            ref = (await self._call(open_case, self._held.id, "caseworker", "routine", "asked")).ref
            won = await asyncio.gather(*(self._claim(ref, worker) for worker in self._workers))
            holders = [held for held in won if held is not None]
            self.seen.held += [held for _, held in holders]
            if holders:
                await self._hold(ref, *holders[0])

    async def _claim(self, ref: str, worker: Worker) -> tuple[Worker, Held] | None:
        try:
            return worker, Held(worker.name, (await self._call(claim, ref, worker.id)).seq)
        except HeldByAnother:
            self.counted["claims refused"] += 1
            return None

    async def _hold(self, ref: str, worker: Worker, held: Held) -> None:
        self.counted["claims"] += 1
        for _ in range(self._chance.randint(0, 2)):
            await asyncio.sleep(self._chance.choice((0, 0.01, 0.03)))
            self._replies += 1
            sent = Sent(f"w{self._replies}", f"reply {self._replies}")
            self.seen.replies.append(sent)
            try:
                sent.seq = (await self._call(reply, ref, worker.id, sent.text, sent.client_id)).seq
            except CaseworkError as refused:
                self.seen.refused.append(f"{worker.name}: {type(refused).__name__}")
            await self._interrupt(ref, worker)
        held.until = (await self._call(find, self._held.id)).last_seq
        end = self._chance.choice(("release", "close", "transfer"))
        self.counted[end] += 1
        if end == "transfer":
            other = next(each for each in self._workers if each is not worker)
            await self._end(transfer, ref, worker.id, other.name)
            taken = Held(other.name, held.until + 1)
            self.seen.held.append(taken)
            await self._hold(ref, other, taken)
        else:
            await self._end(*((release, ref, worker.id) if end == "release" else (close, ref, worker.id, "done")))

    async def _interrupt(self, ref: str, holder: Worker) -> None:
        """Somebody else writes, and must not get through."""
        other = next(each for each in self._workers if each is not holder)
        with suppress(NotYours):
            await self._call(reply, ref, other.id, "beside the holder", f"beside {self._replies}")

    async def _end(self, deed: Callable[..., Any], *words: Any) -> None:
        """Asked again after its answer got lost, it is refused because it was done."""
        with suppress(CaseworkError):
            await self._call(deed, *words)

    async def _call(self, deed: Callable[..., Any], *words: Any) -> Any:
        """As the desk: in the front door's process, asked again until something definite is said."""
        while True:
            with suppress(SQLAlchemyError, AttributeError):
                return await asyncio.to_thread(deed, self._gateway.store, *words)  # type: ignore[union-attr]
            await asyncio.sleep(0.005)

    async def _until_settled(self) -> None:
        until = time.process_time() + PATIENCE
        while time.process_time() < until:
            trace = await asyncio.to_thread(read, self._store, self._held.id)
            alarms = await asyncio.to_thread(owed_alarms, self._store)
            is_owed = any(each.is_open for each in trace.carried or ())
            if not (trace.waits or is_owed or any(said.conversation == self._held.id for said in alarms)):
                return
            # Pauses after a failure are minutes long.
            self._clock.skipped += timedelta(seconds=5)
            await asyncio.sleep(0.02)
