"""Whether the assistant may speak: whole, or one of the things it does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from casework.audit import write
from casework.errors import Missing, NotSenior
from casework.pii import mask
from casework.staff import SENIOR
from casework.store import Store
from casework.tables import switched_off as off_table
from casework.tables import worker

WHOLE = "all"
CAPABILITIES = (WHOLE, "interview", "answers")


@dataclass(frozen=True)
class Off:
    """Who turned it off, when and why."""

    worker: str
    why: str
    at: datetime


def switched_off(store: Store) -> dict[str, Off]:
    """What is off now, by capability."""
    query = select(off_table, worker.c.name).join(worker, worker.c.id == off_table.c.worker_id)
    with store.reading() as connection:
        return {row.capability: Off(row.name, row.why, row.at) for row in connection.execute(query)}


def turn_off(store: Store, worker_id: int, capability: str, why: str) -> None:
    """By a supervisor; again is a new reason. Raises: NotSenior, Missing without a reason."""
    with store.writing() as connection:
        row = _turned(store, connection, worker_id, capability, why, "assistant.off")
        connection.execute(insert(off_table), [row])


def turn_on(store: Store, worker_id: int, capability: str, why: str) -> None:
    """By a supervisor. Raises: NotSenior, Missing without a reason."""
    with store.writing() as connection:
        _turned(store, connection, worker_id, capability, why, "assistant.on")


def _turned(
    store: Store, connection: Connection, worker_id: int, capability: str, why: str, verb: str
) -> dict[str, object]:
    """The old state gone and the step in the audit; the row of the new state, should it be off."""
    if capability not in CAPABILITIES:
        raise ValueError(f"no such capability: {capability}")
    if not why.strip():
        raise Missing("why")
    if connection.execute(select(worker.c.role).where(worker.c.id == worker_id)).scalar() not in SENIOR:
        raise NotSenior
    said, now = mask(why.strip()), store.clock()
    write(store, connection, worker_id, verb, capability, said)
    connection.execute(delete(off_table).where(off_table.c.capability == capability))
    return {"capability": capability, "worker_id": worker_id, "why": said, "at": now}
