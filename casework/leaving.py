"""Somebody no longer works here: nothing opens to them, what they held waits again, and their name stays."""

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import delete, select, update
from sqlalchemy.sql.elements import ColumnElement

from casework.audit import write
from casework.cases import release
from casework.daily import decline
from casework.errors import BadTransition, LastSupervisor, NotFound, NotYours
from casework.staff import SENIOR
from casework.store import Case, Store
from casework.tables import case as cases_table
from casework.tables import recovery_code, staff_token, worker


def remove_worker(store: Store, name: str) -> int:
    """How many open cases went back to the queue; interrupted, the same call ends it.

    Raises: NotFound, LastSupervisor.
    """
    worker_id = _close_doors(store, name)
    # No claim comes after this: it looks whether the worker is still here (casework.cases).
    held = _each(store, (cases_table.c.state == "active") & (cases_table.c.worker_id == worker_id), worker_id, release)
    _each(store, cases_table.c.offered_to == worker_id, worker_id, decline)
    return held


def _close_doors(store: Store, name: str) -> int:
    with store.writing() as connection:
        # All of them are held, so that two who leave at once do not each count on the other; yet not against whoever
        # writes of them into the audit, whose end we wait for.
        staff = connection.execute(select(worker).order_by(worker.c.id).with_for_update(key_share=True)).all()
        leaving = next((one for one in staff if one.name == name), None)
        if leaving is None:
            raise NotFound("worker")
        if leaving.removed_at is not None:
            return int(leaving.id)
        seniors = [one for one in staff if one.role in SENIOR and one.removed_at is None]
        if seniors == [leaving]:
            raise LastSupervisor(name)
        write(store, connection, leaving.id, "worker_removed", "desk")
        for table in (staff_token, recovery_code):
            connection.execute(delete(table).where(table.c.worker_id == leaving.id))
        values = {"removed_at": store.clock(), "password_hash": "", "totp": None}
        values["session_epoch"] = leaving.session_epoch + 1
        connection.execute(update(worker).where(worker.c.id == leaving.id).values(**values))
        return int(leaving.id)


def _each(store: Store, which: ColumnElement[bool], worker_id: int, step: Callable[[Store, str, int], Case]) -> int:
    """Do it in their name with every such case; how many there were. One that has just moved needs it no more."""
    with store.reading() as connection:
        refs = list(connection.execute(select(cases_table.c.ref).where(which)).scalars())
    done = 0
    for ref in refs:
        with suppress(NotYours, BadTransition):
            step(store, ref, worker_id)
            done += 1
    return done
