"""From one secret to the next: everything sealed is opened with the old key and closed with the new one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Table, select, update
from sqlalchemy.engine import Connection, Row

from casework.audit import about_key, add_key
from casework.events import about as about_event
from casework.notes import about_draft, about_note
from casework.seal import Seal, address_of, found_by, place
from casework.second_factor import about_totp
from casework.store import Store
from casework.tables import audit_key, case, case_event, conversation, draft, message, note, sealed_with, worker

# Every sealed column of the database, and how each row of it is named in its seal.
SEALED: tuple[tuple[Table, Column, Callable[[Row], str]], ...] = (
    (message, message.c.sealed, lambda row: place(row.conversation_id, row.seq)),
    (case, case.c.packet, lambda row: f"packet {row.ref}"),
    (note, note.c.sealed, lambda row: about_note(row.case_id)),
    (draft, draft.c.sealed, lambda row: about_draft(row.case_id, row.worker_id)),
    (case_event, case_event.c.sealed, lambda row: about_event(row.case_id)),
    (worker, worker.c.totp, lambda row: about_totp(row.id)),
    (conversation, conversation.c.sealed_address, lambda row: address_of(row.id)),
    (audit_key, audit_key.c.sealed, lambda row: about_key(row.id)),
)


def rotate(store: Store, fresh: Seal) -> int:
    """How many pieces were sealed anew, all in one transaction; nobody else may have the database open.

    The store's own seal is of no use afterwards. Raises: Unreadable, and then nothing has changed.
    """
    count = 0
    with store.writing() as connection:
        for table, column, about in SEALED:
            for row in _rows(connection, table, column):
                text = store.seal.open(row._mapping[column], about(row))
                values: dict[str, Any] = {column.name: fresh.close(text, about(row))}
                if table is conversation:
                    values["address"] = found_by(fresh, row.channel, text)
                here = [key == row._mapping[key] for key in table.primary_key.columns]
                connection.execute(update(table).where(*here).values(**values))
                count += 1
        # What was linked with the key of before still holds; whoever knows that one can link no more.
        add_key(connection, fresh)
        connection.execute(update(sealed_with).values(key_id=fresh.key_id))
    return count


def _rows(connection: Connection, table: Table, column: Column) -> Iterator[Row]:
    """One at a time, by their keys: the words of years do not fit into memory."""
    keys = list(table.primary_key.columns)
    found = connection.execute(select(*keys).where(column.is_not(None)).order_by(*keys)).all()
    for key in found:
        here = [each == value for each, value in zip(keys, key, strict=True)]
        yield connection.execute(select(table).where(*here)).one()
