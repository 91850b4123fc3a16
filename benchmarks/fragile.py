"""What a front door stands on, made to break: a store that goes away or kills it where it is told to, and a Rasa."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from threading import Lock

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from benchmarks.people import PERSON
from bot.dialogue import Answer, NoAnswer
from bot.state import Reply, StaleState, load, save
from casework.store import Draft, Message, Store, utc_now

BLOWS = ("away", "unheard", "killed before", "killed after")


class Clock:
    """The real time and what was skipped; a killed sender's leases are over only when it says so."""

    def __init__(self) -> None:
        self.skipped = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.skipped


@dataclass
class Fate:
    """What befalls a front door at its n-th transaction that writes."""

    blows: dict[int, str]
    loop: asyncio.AbstractEventLoop
    killed: asyncio.Event = field(default_factory=asyncio.Event)
    is_dead: bool = False
    counted: Counter[str] = field(default_factory=Counter)
    _transactions: int = 0
    _one: Lock = field(default_factory=Lock)

    def before(self) -> str | None:
        with self._one:
            self._transactions += 1
            blow = self.blows.pop(self._transactions, None)
        self.is_still()
        if blow:
            self.counted[blow] += 1
        if blow in ("away", "killed before"):
            self._strike(blow)
        return blow

    def after(self, blow: str | None) -> None:
        if blow:
            self._strike(blow)

    def is_still(self) -> None:
        """Raises: OperationalError; the dead do nothing more."""
        if self.is_dead:
            raise OperationalError("dead", None, Exception("dead"))

    def _strike(self, blow: str) -> None:
        if blow.startswith("killed"):
            self.is_dead = True
            self.loop.call_soon_threadsafe(self.killed.set)
        raise OperationalError(blow, None, Exception(blow))


@dataclass(frozen=True)
class Fragile(Store):
    """The store as one front door sees it."""

    fate: Fate | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        assert self.fate is not None
        self.fate.is_still()
        with Store.reading(self) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        assert self.fate is not None
        blow = self.fate.before()
        with Store.writing(self) as connection:
            yield connection
        self.fate.after(blow)


class Rasa:
    """Answers late, not at all, or plainly; asks for a person when the family does.

    A process of its own: what it has begun it stores, whether or not the front door still waits (`thinking`).
    """

    # Seconds from reading what is known to storing what was made of it.
    thinks: Sequence[float] = (0, 0, 0.005, 0.03)

    def __init__(self, chance: Random, known: Engine, thinking: set[asyncio.Task[None]]) -> None:
        self._chance, self._known, self._thinking = chance, known, thinking

    async def ask(self, sender: str, waiting: Sequence[Message], level: str) -> Answer:
        thought = asyncio.create_task(self._think(sender, waiting))
        self._thinking.add(thought)
        await asyncio.sleep(self._chance.choice((0, 0, 0.005, 0.03)))
        if self._chance.random() < 0.15:
            raise NoAnswer("scripted")
        try:
            await asyncio.shield(thought)
        except (StaleState, SQLAlchemyError):
            raise NoAnswer("stale") from None
        wanted = any(message.text in PERSON for message in waiting)
        handoff = {"queue": "caseworker", "urgency": "routine", "reason": "asked"} if wanted else None
        turn = {"handoff": handoff, "safety": {"level": "none", "kinds": []}}
        lines = [Draft(f"answer {number}") for number in range(self._chance.randint(0, 1))]
        return Answer((*lines, Draft("answer", turn=turn)), turn)

    async def _think(self, sender: str, waiting: Sequence[Message]) -> None:
        """As `bot.tracker`: read before the turn, stored after it, refused when it changed meanwhile."""
        state = await asyncio.to_thread(load, self._known, sender)
        await asyncio.sleep(self._chance.choice(self.thinks))
        reply = Reply(tuple(message.seq for message in waiting), ({"text": "answer"},))
        slots = {"session": [message.text for message in waiting]}
        await asyncio.to_thread(save, self._known, sender, state.after(slots, reply))

    async def close(self) -> None:
        """Nothing is open."""
