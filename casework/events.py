"""What happened to a case, appended and never changed; everything else about it is read off this log."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Row

from casework.errors import NotFound
from casework.store import Store
from casework.tables import case as cases_table
from casework.tables import case_event, worker

# By whom a kind is written: the state machine (casework.cases), workers (casework.work), the family's answers and the
# job that follows up (casework.follow), the desk's daily work (casework.outlook, casework.daily). `again`, danger in a
# case that was as urgent already, is written where a case is raised and moves nothing.
MOVED = ("opened", "raised", "claimed", "released", "transferred", "closed")
WORKED = (
    *("child", "need", "need_met", "evidence", "category", "category_ended", "owner", "coordinator", "linked"),
    *("referral", "received", "answered", "application", "visited", "checked", "incident", "done"),
)
# `reached`: a worker opened this case to write to a family whose case, its subject, was closed.
DESK = ("called", "offered", "declined", "placed", "reached")
# What a slip of the finger may have put down, and the event that takes it back: its subject is the other's number.
REVERSIBLE = ("need_met", "evidence", "received", "answered", "application", "visited", "done")
TAKEN_BACK = "withdrawn"
# How a case was closed whose family's last words had no reply: nobody said that they need none, or somebody did.
LEFT = ("unanswered", "no_reply")
FOLLOWED = ("asked_to_agree", "agreed", "reported", "understood", "dates", "due", "dropped", "reminded", "escalated")


@dataclass(frozen=True)
class Event:
    """`subject` is what it is about, `detail` one plain word, `data` the particulars that were sealed."""

    id: int
    kind: str
    at: datetime
    subject: str | None = None
    worker: str | None = None
    detail: str | None = None
    due_at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


EVENTS = (
    select(case_event, worker.c.name.label("worker"), cases_table.c.ref)
    .select_from(case_event.join(cases_table).outerjoin(worker, worker.c.id == case_event.c.worker_id))
    .order_by(case_event.c.id)
)


def log_of(store: Store, ref: str) -> list[Event]:
    """Oldest first. Raises: NotFound."""
    with store.reading() as connection:
        return read_log(store, connection, case_id(connection, ref))


def read_log(store: Store, connection: Connection, of_case: int) -> list[Event]:
    rows = connection.execute(EVENTS.where(case_event.c.case_id == of_case))
    return standing([to_event(store, row) for row in rows])


def standing(events: Sequence[Event]) -> list[Event]:
    """Without what was taken back: to everything that is read off the log it never happened."""
    gone = {event.subject for event in events if event.kind == TAKEN_BACK}
    return [event for event in events if str(event.id) not in gone]


def case_id(connection: Connection, ref: str, hold: bool = False) -> int:
    """With `hold` others who write to this case wait. Raises: NotFound."""
    query = select(cases_table.c.id).where(cases_table.c.ref == ref.strip().upper())
    found = connection.execute(query.with_for_update() if hold else query).scalar()
    if found is None:
        raise NotFound("case")
    return int(found)


def append(
    store: Store,
    connection: Connection,
    of_case: int,
    kind: str,
    worker_id: int | None = None,
    subject: str | None = None,
    due_at: datetime | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    if kind not in (*WORKED, *FOLLOWED, *DESK, *LEFT, TAKEN_BACK):
        raise ValueError(f"no such kind of event: {kind}")
    sealed = store.seal.close(json.dumps(dict(data), ensure_ascii=False), about(of_case)) if data else None
    row = {"case_id": of_case, "kind": kind, "worker_id": worker_id, "subject": subject, "due_at": due_at}
    connection.execute(insert(case_event), [{**row, "sealed": sealed, "at": store.clock()}])


def to_event(store: Store, row: Row) -> Event:
    data = {} if row.sealed is None else json.loads(store.seal.open(row.sealed, about(row.case_id)))
    return Event(row.id, row.kind, row.at, row.subject, row.worker, row.detail, row.due_at, data)


def about(of_case: int) -> str:
    """How the particulars of a case are named in their seal."""
    return f"event {of_case}"


def of_kind(events: Sequence[Event], *kinds: str) -> list[Event]:
    return [event for event in events if event.kind in kinds]


def newest(events: Sequence[Event], *kinds: str) -> Event | None:
    found = of_kind(events, *kinds)
    return found[-1] if found else None
