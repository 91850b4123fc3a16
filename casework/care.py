"""How heavy the work was: severity times minutes of conversation for each member of staff, and when a rest is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from casework.events import EVENTS, MOVED
from casework.routing import HERE
from casework.rules import rules
from casework.store import CaseEvent, Store
from casework.tables import BY_PEOPLE, case_event, message
from casework.tables import case as cases_table

LOOKED_BACK = timedelta(days=7)


@dataclass(frozen=True)
class Spell:
    """One worker with one conversation, from hand to hand; `until` None: still."""

    worker: str
    ref: str
    severity: str
    minutes: float
    until: datetime | None

    @property
    def strain(self) -> float:
        weight: Mapping[str, int] = rules("rota")["care"]["weight"]
        return weight[self.severity] * self.minutes


def spells(ref: str, events: Sequence[CaseEvent], said: Sequence[datetime], now: datetime) -> Iterator[Spell]:
    """Pure. `said` are the times of the words of people, in order; the nights between them are nobody's work."""
    severity, who, begun = "routine", None, now
    for event in events:
        if event.kind in ("opened", "raised"):
            severity = event.detail or severity
            continue
        if who:
            yield Spell(who, ref, severity, minutes(begun, event.at, said), event.at)
        begun = event.at
        who = {"claimed": event.worker, "transferred": event.detail}.get(event.kind)
    if who:
        yield Spell(who, ref, severity, minutes(begun, now, said), None)


def minutes(begun: datetime, ended: datetime, said: Sequence[datetime]) -> float:
    """Of conversation: a pause that is longer than `pause` counts as that long."""
    pause = timedelta(minutes=rules("rota")["care"]["pause"])
    times = [begun, *(at for at in said if begun < at < ended), ended]
    # Before the first word somebody reads, after the last one somebody writes down: a pause each, at most.
    spent = sum((min(later - at, pause) for at, later in pairwise(times)), timedelta())
    return spent / timedelta(minutes=1)


def rest_due(of_one: Iterable[Spell], now: datetime) -> str | None:
    """`hard` after a conversation that was, `day` when the whole day was; None otherwise. Pure."""
    care: Mapping[str, Any] = rules("rota")["care"]
    lately, today = now - timedelta(minutes=care["shown_minutes"]), now.astimezone(HERE).date()
    known = list(of_one)
    if any(spell.until and spell.until >= lately and spell.strain >= care["hard"] for spell in known):
        return "hard"
    of_today = [spell for spell in known if (spell.until or now).astimezone(HERE).date() == today]
    return "day" if sum(spell.strain for spell in of_today) >= care["day"] else None


def spells_of_week(store: Store, worker: str | None = None) -> list[Spell]:
    """Read off the log of events, of one worker or of all; what ended before the week is left out."""
    now = store.clock()
    since = now - LOOKED_BACK
    lately = select(case_event.c.case_id).where(case_event.c.at >= since, case_event.c.kind.in_(MOVED))
    wanted = cases_table.c.id.in_(lately) | (cases_table.c.state == "active")
    words = (
        select(message.c.conversation_id, message.c.at)
        .join(cases_table, cases_table.c.conversation_id == message.c.conversation_id)
        .where(wanted, message.c.sender.in_(BY_PEOPLE), message.c.at >= since)
        .order_by(message.c.at)
    )
    steps = EVENTS.add_columns(cases_table.c.conversation_id).where(wanted, case_event.c.kind.in_(MOVED))
    logs: dict[tuple[str, str], list[CaseEvent]] = defaultdict(list)
    said: dict[str, list[datetime]] = defaultdict(list)
    with store.reading() as connection:
        for row in connection.execute(steps):
            logs[row.ref, row.conversation_id].append(CaseEvent(row.kind, row.worker, row.detail, row.at))
        for row in connection.execute(words):
            said[row.conversation_id].append(row.at)
    return [
        spell
        for (ref, conversation_id), events in logs.items()
        for spell in spells(ref, events, said[conversation_id], now)
        if (spell.until is None or spell.until >= since) and worker in (None, spell.worker)
    ]
