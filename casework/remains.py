"""What an erased conversation must not leave behind: looks into every table, and names what still stands there."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.engine import Connection, Row

from casework.erasure import STEPS
from casework.store import Store
from casework.tables import alarm, case, case_event, conversation, erasure, message, metadata, outbox
from casework.trace import Fault


def remains(store: Store, conversation_id: str) -> list[Fault]:
    """Faults of one that the family or a term erased; of one that lives, none."""
    with store.reading() as connection:
        held = connection.execute(select(conversation).where(conversation.c.id == conversation_id)).first()
        found = list(_rows(connection, conversation_id) if held is None else _closed(connection, held))
    return [Fault("not erased", conversation_id, what) for what in found]


def _rows(connection: Connection, conversation_id: str) -> Iterator[str]:
    for table in metadata.sorted_tables:
        named = table.c.get("conversation_id")
        if named is None or table is erasure:
            continue
        if connection.execute(select(named).where(named == conversation_id).limit(1)).first():
            yield f"rows in {table.name}"


def _closed(connection: Connection, held: Row) -> Iterator[str]:
    if held.erased_at is None:
        return
    if held.token_hash or held.address or held.sealed_address:
        yield "the family's key or address"
    for table in (outbox, alarm):
        if connection.execute(select(table).where(table.c.conversation_id == held.id).limit(1)).first():
            yield f"rows in {table.name}"
    later = select(message.c.seq).where(message.c.conversation_id == held.id, message.c.at > held.erased_at)
    yield from (f"seq {seq} was said afterwards" for seq in connection.execute(later).scalars())
    emptied = select(erasure.c.id).where(erasure.c.conversation_id == held.id, erasure.c.kept == "emptied")
    if connection.execute(emptied.limit(1)).first():
        yield from _emptied(connection, held)


def _emptied(connection: Connection, held: Row) -> Iterator[str]:
    if connection.execute(select(message.c.seq).where(message.c.conversation_id == held.id).limit(1)).first():
        yield "words"
    own = select(case.c.id).where(case.c.conversation_id == held.id)
    told = case.c.packet.is_not(None) | case.c.outcome.is_not(None) | case.c.child_ref.is_not(None)
    if connection.execute(own.where(told).limit(1)).first():
        yield "the page of a case"
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is case.c.id:
                rows = select(table).where(key.parent.in_(own))
                if table is case_event:
                    rows = rows.where(table.c.kind.not_in(STEPS) | table.c.sealed.is_not(None))
                if connection.execute(rows.limit(1)).first():
                    yield f"rows in {table.name}"
