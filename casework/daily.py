"""The desk's daily steps beside the state machine: ask a colleague to take a case over, and say where it belongs."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.engine import Connection, Row

from casework.case_rows import CASES, to_case
from casework.cases import hand_over, works_here
from casework.errors import BadTransition, BadValue, NotFound, NotYours
from casework.events import append
from casework.rows import take
from casework.staff import SENIOR
from casework.store import Case, Store
from casework.tables import case as cases_table
from casework.tables import worker

MOST_LABELS = 6


def offer(store: Store, ref: str, worker_id: int, to_name: str) -> Case:
    """Ask a colleague to take over; until they accept everything stays. A new offer takes the place of the old.

    Raises: NotYours, BadTransition; NotFound when no other worker has that name.
    """
    with store.writing() as connection:
        row = _held(connection, ref)
        other = works_here(connection, worker.c.name == to_name)
        if row.state != "active":
            raise BadTransition(row.state, "offer")
        if worker_id != row.worker_id and not _is_senior(connection, worker_id):
            raise NotYours(row.ref)
        if other is None or other == row.worker_id:
            raise NotFound("worker")
        append(store, connection, row.id, "offered", worker_id, subject=to_name)
        return _change(store, connection, row, offered_to=other, offered_at=store.clock())


def accept(store: Store, ref: str, worker_id: int) -> Case:
    """Take over what was offered. Raises: NotYours when it is not, or no longer, offered to this worker."""
    with store.writing() as connection:
        row = _held(connection, ref)
        if row.offered_to != worker_id:
            raise NotYours(row.ref)
        name = connection.execute(select(worker.c.name).where(worker.c.id == worker_id)).scalar_one()
        return hand_over(store, connection, ref, row.worker_id, name)


def decline(store: Store, ref: str, worker_id: int) -> Case:
    """Not now; whoever holds the case may take the offer back likewise. Raises: NotYours."""
    with store.writing() as connection:
        row = _held(connection, ref)
        if row.offered_to is None or worker_id not in (row.offered_to, row.worker_id):
            raise NotYours(row.ref)
        append(store, connection, row.id, "declined", worker_id)
        return _change(store, connection, row, offered_to=None, offered_at=None)


def place(
    store: Store, ref: str, worker_id: int, region: str | None, language: str | None, labels: Sequence[str]
) -> Case:
    """Where a case belongs; None leaves it to what the family said. Raises: BadValue, BadTransition when closed."""
    if region is not None and not region.isdigit():
        raise BadValue("region")
    if len(labels) > MOST_LABELS:
        raise BadValue("labels")
    with store.writing() as connection:
        row = _held(connection, ref)
        if row.state == "closed":
            raise BadTransition(row.state, "place")
        told = {"region": region, "language": language, "labels": list(dict.fromkeys(labels))}
        append(store, connection, row.id, "placed", worker_id, data=told)
        return _change(store, connection, row, **told)


def _held(connection: Connection, ref: str) -> Row:
    """Read again after the lock, for the case may have moved while we waited. Raises: NotFound."""
    query = CASES.where(cases_table.c.ref == ref.strip().upper())
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("case")
    take(connection, row.conversation_id)
    return connection.execute(query).one()


def _is_senior(connection: Connection, worker_id: int) -> bool:
    return connection.execute(select(worker.c.role).where(worker.c.id == worker_id)).scalar() in SENIOR


def _change(store: Store, connection: Connection, row: Row, **values: object) -> Case:
    connection.execute(update(cases_table).where(cases_table.c.id == row.id).values(**values))
    return to_case(store, connection.execute(CASES.where(cases_table.c.id == row.id)).one())
