"""From rows to cases, and what every step of a case shares: take it, ask the protocol, write down the move."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import case as when
from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from casework.errors import BadTransition, HeldByAnother, NotFound, NotYours
from casework.protocol import No, Standing, step
from casework.rows import settle, standing, take
from casework.store import Case, Conversation, Store
from casework.tables import case as cases_table
from casework.tables import case_event, worker

URGENCIES = ("routine", "urgent", "emergency")

CASES = select(cases_table, worker.c.name.label("worker_name")).select_from(cases_table.outerjoin(worker))
MOST_URGENT_FIRST = when({name: -rank for rank, name in enumerate(URGENCIES)}, value=cases_table.c.urgency)


def to_case(store: Store, row: Row) -> Case:
    columns = {*cases_table.c.keys(), "worker_name"} - {"id", "conversation_id", "claim_seq", "packet"}
    fields = {name: row._mapping[name] for name in columns} | {"labels": tuple(row.labels)}
    packet = {} if row.packet is None else json.loads(store.seal.open(row.packet, f"packet {row.ref}"))
    return Case(conversation=row.conversation_id, packet=packet, **fields)


def sealed(store: Store, ref: str, packet: Mapping[str, Any] | None) -> str | None:
    if not packet:
        return None
    return store.seal.close(json.dumps(packet, ensure_ascii=False), f"packet {ref}")


def row_of(connection: Connection, ref: str) -> Row:
    row = connection.execute(CASES.where(cases_table.c.ref == ref.strip().upper())).first()
    if row is None:
        raise NotFound("case")
    return row


def take_case(connection: Connection, ref: str) -> tuple[Row, Conversation]:
    """The case and its conversation, held; read again after the lock, for the case may have moved while we waited."""
    held = take(connection, row_of(connection, ref).conversation_id)
    return row_of(connection, ref), held


def moved(row: Row, held: Conversation, event: Any, verb: str) -> Standing | No:
    """Where the case stands after the event, or No.REPEATED. Raises: what the protocol objects, as an error."""
    now = step(standing(held, row.state), event)
    if now is No.NO_STEP:
        raise BadTransition(row.state, verb)
    if now is No.HELD:
        raise HeldByAnother(row.worker_name)
    if now is No.NOT_YOURS:
        raise NotYours(row.ref)
    if now is No.GONE:
        raise BadTransition("erased", verb)
    return now


def move(
    store: Store,
    connection: Connection,
    row: Row,
    now: Standing,
    kind: str,
    by: int,
    detail: str | None = None,
    **values: object,
) -> Case:
    """Write down the step, its event and what else changes of the case."""
    settle(connection, row.conversation_id, now)
    # What was offered or called for before this step is answered by it.
    settled = {"offered_to": None, "offered_at": None, "called_at": None}
    change_case(connection, row, state=now.case, **settled, **values)
    note_event(store, connection, row, kind, by, detail)
    return to_case(store, row_of(connection, row.ref))


def change_case(connection: Connection, row: Row, **values: object) -> None:
    connection.execute(update(cases_table).where(cases_table.c.id == row.id).values(**values))


def note_event(
    store: Store, connection: Connection, row: Row, kind: str, worker_id: int | None, detail: str | None = None
) -> None:
    values = {"case_id": row.id, "kind": kind, "worker_id": worker_id, "detail": detail, "at": store.clock()}
    connection.execute(insert(case_event), [values])
