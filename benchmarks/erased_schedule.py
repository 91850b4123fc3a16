"""A conversation that goes: erased by its family in the middle of everything, or by its term just as it comes back."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import NoResultFound, SQLAlchemyError

from benchmarks.check import Sent, check_outside
from benchmarks.one_schedule import Schedule
from benchmarks.people import ASKED, DANGER, TOLD
from bot.state import State, load
from casework.cases import cases, claim, close, open_case
from casework.errors import CaseworkError, NotFound
from casework.ledger import find
from casework.remains import remains
from casework.retention import keep_to_terms
from casework.trace import Fault, faults, read

IDLE, LONG = timedelta(days=31), timedelta(days=366)


class Going(Schedule):
    """What both share: words that come after are refused, and nothing may know of it any more."""

    async def _post(self, sent: Sent) -> None:
        """Whoever wrote too late is told so."""
        try:
            await super()._post(sent)
        except NotFound:
            sent.is_retried = sent.seq is not None
            self.counted["refused, for it was erased"] += 1

    async def _until_settled(self) -> None:
        with suppress(NoResultFound):
            await super()._until_settled()
        while not all(thought.done() for thought in self._thinking):
            await asyncio.sleep(0.01)
        await asyncio.gather(*self._thinking, return_exceptions=True)
        # A turn that was under way finds the conversation gone, and has the dialogue forget once more.
        await asyncio.sleep(0.05)

    def _left(self) -> list[Fault]:
        found = remains(self._store, self._held.id)
        held = find(self._store, self._held.id)
        if (held is None or held.erased_at) and State() != load(self._known, self._held.id):
            found.append(Fault("not erased", self._held.id, "the dialogue knows of it"))
        return found

    def _kept(self, *aside: str) -> list[Fault]:
        """What every ledger must be, but for these kinds."""
        trace = read(self._store, self._held.id)
        outside = check_outside(self.seen, trace.said, trace.holder)
        return [*faults(trace, at_rest=True), *(fault for fault in outside if fault.kind not in aside)]


class Erased(Going):
    """The family erases, alone or beside workers; where a case keeps the words, the term ends later."""

    async def run(self) -> list[Fault]:
        self._arrived = 0
        living = asyncio.create_task(self._keep_running())
        is_alone = self._chance.random() < 0.6
        await asyncio.gather(self._family(), self._erases(), *([] if is_alone else [self._helped()]))
        await self._until_settled()
        found = await asyncio.to_thread(self._left)
        # One may have been on its way.
        if len(self._phone) > self._arrived + 1:
            found.append(Fault("not erased", self._held.id, "its telephone rang again"))
        if await asyncio.to_thread(find, self._store, self._held.id):
            # Workers are refused then, and nobody answers the last words.
            found += await asyncio.to_thread(self._kept, "refused", "unanswered")
            found += await self._over()
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        return found

    def words(self) -> list[str]:
        """Of danger not always: those are kept."""
        return [*self._chance.sample(TOLD, 2), self._chance.choice((DANGER, ASKED[0])), ASKED[1]]

    async def _erases(self) -> None:
        """Asked again until something definite is said; not there any more is definite."""
        await asyncio.sleep(self._chance.uniform(0, 0.25))
        while True:
            with suppress(SQLAlchemyError, AttributeError):
                try:
                    done = await self._gateway.erase(self._held.id)  # type: ignore[union-attr]
                    self.counted["erased" if done.erased else f"kept for {done.kept}"] += 1
                except NotFound:
                    self.counted["erased unheard"] += 1
                self._arrived = len(self._phone)
                return
            await asyncio.sleep(0.005)

    async def _helped(self) -> None:
        with suppress(CaseworkError):
            await self._staff(open_case(self._store, self._held.id, "caseworker", "routine", "asked").ref)

    async def _over(self) -> list[Fault]:
        """Its cases are closed, and a year later every word of them goes, but for those that danger keeps."""
        worker = self._workers[0].id
        for ref in await asyncio.to_thread(self._open):
            await self._end(claim, ref, worker)
            await self._end(close, ref, worker, "done")
        self._clock.skipped += LONG
        self.counted.update(await asyncio.to_thread(keep_to_terms, self._store, self.forget))
        return await asyncio.to_thread(self._left)

    def _open(self) -> list[str]:
        waiting = [case for state in ("waiting", "active") for case in cases(self._store, state)]
        return [case.ref for case in waiting if case.conversation == self._held.id]


class Returning(Going):
    """After a month of silence the daily job comes in the very moment in which the family does."""

    async def run(self) -> list[Fault]:
        living = asyncio.create_task(self._keep_running())
        await self._family()
        await self._until_settled()
        self._clock.skipped += IDLE
        await asyncio.gather(asyncio.to_thread(keep_to_terms, self._store, self.forget), self._comes_back())
        await self._until_settled()
        living.cancel()
        await asyncio.gather(living, return_exceptions=True)
        if await asyncio.to_thread(find, self._store, self._held.id):
            self.counted["came back in time"] += 1
            return await asyncio.to_thread(self._kept)
        self.counted["came back too late"] += 1
        found = await asyncio.to_thread(self._left)
        if self.seen.sent[-1].seq is not None:
            found.append(Fault("lost", self._held.id, "what was acknowledged went with what was over"))
        return found

    def words(self) -> list[str]:
        return [*self._chance.sample(TOLD, 2), ASKED[0]]

    async def _comes_back(self) -> None:
        await asyncio.sleep(self._chance.uniform(0, 0.02))
        await self._say("f-late", ASKED[1])
