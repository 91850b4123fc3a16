"""What can honestly be said to somebody who waits for a person, and when waiting in danger has lasted too long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from casework.cases import cases
from casework.events import append, case_id
from casework.rota import Rota, rota
from casework.routing import next_turn, on_duty, wants
from casework.store import Case, Store
from casework.tables import case as cases_table


@dataclass(frozen=True)
class Outlook:
    """`is_open` None: no hours are written down. `opens` is the next beginning; `ahead` counts who comes first."""

    is_open: bool | None
    ahead: int
    opens: datetime | None
    is_confirmed: bool


def outlook(rota: Rota, case: Case, waiting: Iterable[Case], now: datetime) -> Outlook:
    """Pure; `waiting` in the desk's order."""
    wanted = wants(case)
    before = [each.ref for each in waiting if each.queue == case.queue]
    ahead = before.index(case.ref) if case.ref in before else 0
    if not any(shift.queue == case.queue for shift in rota.shifts):
        return Outlook(None, ahead, None, True)
    if on_duty(rota, wanted, now):
        return Outlook(True, ahead, None, True)
    later = next_turn(rota, wanted, now)
    if later is None:
        return Outlook(False, ahead, None, True)
    return Outlook(False, ahead, later.begin, later.is_confirmed)


def outlook_of(store: Store, case: Case) -> Outlook:
    return outlook(rota(), case, cases(store, "waiting"), store.clock())


def overdue(waiting: Iterable[Case], minutes: Mapping[str, int], now: datetime) -> list[Case]:
    """Whom nobody claimed in time and supervisors were not called for yet. Pure."""
    return [
        case
        for case in waiting
        if case.called_at is None
        and case.urgency in minutes
        and now - case.waiting_since >= timedelta(minutes=minutes[case.urgency])
    ]


def call_supervisors(store: Store) -> list[Case]:
    """Mark what is overdue, each once until it is claimed and given back; those that were marked now."""
    now = store.clock()
    return [case for case in overdue(cases(store, "waiting"), rota().acknowledge, now) if _called(store, case.ref, now)]


def _called(store: Store, ref: str, now: datetime) -> bool:
    """False when somebody claimed it meanwhile."""
    with store.writing() as connection:
        of_case = case_id(connection, ref, hold=True)
        own = cases_table.c.id == of_case, cases_table.c.state == "waiting", cases_table.c.called_at.is_(None)
        if not connection.execute(update(cases_table).where(*own).values(called_at=now)).rowcount:
            return False
        append(store, connection, of_case, "called")
    return True
