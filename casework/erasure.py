"""Erasing, so that it holds: the rows, their traces in the files, and whatever an older backup brings back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from casework.alarms import is_unheeded
from casework.errors import NotFound, Unheeded
from casework.journal import Entry
from casework.protocol import Erased, No, step
from casework.rows import change, standing, take
from casework.store import Conversation, Store
from casework.store import Erased as Done
from casework.tables import case, case_event, conversation, erasure, message, metadata, outbox

AT_ONCE = 500
# Where a reader is at work the files are cleaned at the next look; nobody waits for it.
PATIENCE_MILLISECONDS = 500
STEPS = ("opened", "raised", "claimed", "released", "transferred", "closed")


def erase(store: Store, conversation_id: str) -> Done:
    """Delete the conversation; one with harm or a case is only closed to the family. Both are journalled.

    Raises: NotFound, Unheeded.
    """
    with store.writing() as connection:
        held = take(connection, conversation_id)
        if not may_erase(connection, held):
            raise Unheeded
        has_case = connection.execute(select(case.c.id).where(case.c.conversation_id == held.id)).first()
        kept = "harm" if held.harm else "case" if has_case else None
        if held.erased_at is None:
            _note(store, connection, held, "closed" if kept else "erased", kept)
        _closed(store, connection, held) if kept else _delete(connection, held.id)
    scrub(store)
    return Done(erased=kept is None, kept=kept)


def may_erase(connection: Connection, held: Conversation) -> bool:
    """In the transaction that holds it: not while words of danger in it wait to be seen to."""
    return not isinstance(step(standing(held), Erased(is_unheeded(connection, held.id))), No)


def empty(store: Store, connection: Connection, held: Conversation) -> None:
    """Take all words from a conversation and its cases, in the transaction that holds it; what figures count stays."""
    _note(store, connection, held, "emptied", None)
    _empty(store, connection, held)


def discard(store: Store, connection: Connection, held: Conversation) -> None:
    """Delete a conversation that nothing keeps, in the transaction that holds it."""
    _note(store, connection, held, "erased", None)
    _delete(connection, held.id)


def replay(store: Store, forget: Callable[[Iterable[str]], None] = lambda ids: None) -> int:
    """Do again what the journal lists, before anybody is served; how many conversations had come back.

    `forget` erases what the dialogue knows of these conversations: we may also have died between the two.
    """
    if store.journal is None:
        return 0
    if not store.journal.path.exists():
        _begin_journal(store)
    entries, back = iter(store.journal.entries()), 0
    while chunk := list(islice(entries, AT_ONCE)):
        done, returned = _again(store, chunk)
        back += returned
        forget(done)
    compact(store) if back else scrub(store)
    return back


def scrub(store: Store) -> bool:
    """Empty SQLite's log of old pages, in which erased words would stand until it is written over.

    False while somebody reads; then again later.
    """
    if store.engine.dialect.name != "sqlite":
        return True
    raw = store.engine.raw_connection()
    try:
        [(usual,)] = raw.execute("PRAGMA busy_timeout").fetchall()
        raw.execute(f"PRAGMA busy_timeout = {PATIENCE_MILLISECONDS}")
        [(is_busy, _, _)] = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        raw.execute(f"PRAGMA busy_timeout = {usual}")
    finally:
        raw.close()
    return not is_busy


def compact(store: Store) -> None:
    """Write the database anew without what was deleted; on PostgreSQL give the room of deleted rows free."""
    with store.turn:
        raw = store.engine.raw_connection()
        try:
            if store.engine.dialect.name == "postgresql":
                raw.connection.autocommit = True
            raw.cursor().execute("VACUUM")
        finally:
            if store.engine.dialect.name == "postgresql":
                raw.connection.autocommit = False
            raw.close()
    scrub(store)


def _again(store: Store, chunk: list[Entry]) -> tuple[list[str], int]:
    """Which of them are erased now, and how many had come back.

    Where the family wrote on, the erasing was written down and failed: nobody may write after one that was done.
    """
    entries = {entry.conversation: entry for entry in chunk}
    there = select(conversation.c.id).where(conversation.c.id.in_(list(entries)))
    back = 0
    with store.writing() as connection:
        for each in connection.execute(there).scalars().all():
            try:
                held = take(connection, each)
            except NotFound:
                continue  # the front door was just erasing it
            if held.family_seq > entries[each].family_seq:
                del entries[each]
            else:
                back += _once_more(store, connection, held, entries[each].what)
    return list(entries), back


def _once_more(store: Store, connection: Connection, held: Conversation, what: str) -> bool:
    """Whether anything had come back."""
    has_case = connection.execute(select(case.c.id).where(case.c.conversation_id == held.id)).first()
    if what == "erased" and not has_case:
        _delete(connection, held.id)
        return True
    is_back = held.erased_at is None if what == "closed" else has_words(connection, held.id)
    if is_back:
        (_closed if what == "closed" else _empty)(store, connection, held)
    return is_back


def has_words(connection: Connection, conversation_id: str) -> bool:
    said = select(message.c.seq).where(message.c.conversation_id == conversation_id)
    written = select(case.c.id).where(case.c.conversation_id == conversation_id, case.c.packet.is_not(None))
    return any(connection.execute(query.limit(1)).first() for query in (said, written))


def _note(store: Store, connection: Connection, held: Conversation, what: str, kept: str | None) -> None:
    at = store.clock()
    kept = kept or (what if what != "erased" else None)
    connection.execute(insert(erasure), [{"conversation_id": held.id, "kept": kept, "at": at}])
    if store.journal:
        store.journal.add(held.id, what, at, held.family_seq)


def _closed(store: Store, connection: Connection, held: Conversation) -> None:
    """The family's key and address go, and nobody writes to it any more; closed cases kept for harm are locked."""
    now = store.clock()
    connection.execute(delete(outbox).where(outbox.c.conversation_id == held.id))
    gone = {"token_hash": None, "address": None, "sealed_address": None}
    change(connection, held.id, erased_at=held.erased_at or now, **gone)
    if held.harm:
        lock(connection, held.id, now)


def lock(connection: Connection, conversation_id: str, now: datetime) -> int:
    """From now on its closed cases are shown only for a supervisor's reason; how many that were."""
    own = [case.c.conversation_id == conversation_id, case.c.state == "closed", case.c.locked_at.is_(None)]
    return int(connection.execute(update(case).where(*own).values(locked_at=now)).rowcount)


def _delete(connection: Connection, conversation_id: str) -> None:
    connection.execute(delete(outbox).where(outbox.c.conversation_id == conversation_id))
    connection.execute(delete(message).where(message.c.conversation_id == conversation_id))
    connection.execute(delete(conversation).where(conversation.c.id == conversation_id))


def _empty(store: Store, connection: Connection, held: Conversation) -> None:
    _closed(store, connection, held)
    connection.execute(delete(message).where(message.c.conversation_id == held.id))
    cases = select(case.c.id).where(case.c.conversation_id == held.id)
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column is case.c.id and table is not case_event:
                connection.execute(delete(table).where(key.parent.in_(cases)))
    # The steps of the state machine stay: they are what figures count.
    own = case_event.c.case_id.in_(cases)
    connection.execute(delete(case_event).where(own, case_event.c.kind.not_in(STEPS)))
    connection.execute(update(case_event).where(own).values(detail=None, sealed=None))
    bare = {"packet": None, "outcome": None, "child_ref": None, "region": None, "labels": []}
    connection.execute(update(case).where(case.c.conversation_id == held.id).values(**bare))


def _begin_journal(store: Store) -> None:
    """An installation from before there was one: what its database remembers."""
    assert store.journal is not None
    with store.reading() as connection:
        for row in connection.execute(select(erasure).order_by(erasure.c.id)).all():
            what = "closed" if row.kept in ("harm", "case") else row.kept or "erased"
            store.journal.add(row.conversation_id, what, row.at)
