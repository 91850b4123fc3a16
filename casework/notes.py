"""What a worker writes that no family ever sees: notes on a case, and the reply that is not sent yet. All sealed."""

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from casework.errors import Missing, NotFound
from casework.rows import storable, take
from casework.store import Note, Store
from casework.tables import case as cases_table
from casework.tables import draft, worker
from casework.tables import note as note_table


def add_note(store: Store, ref: str, worker_id: int, text: str, client_id: str) -> None:
    """The same client id again is the same note. Raises: Missing, NotFound."""
    if not text.strip():
        raise Missing("note")
    with store.writing() as connection:
        case_id = _case_id(connection, ref)
        key = {"case_id": case_id, "worker_id": worker_id, "client_id": storable(client_id)}
        same = [note_table.c[name] == value for name, value in key.items()]
        if connection.execute(select(note_table.c.id).where(*same)).first() is None:
            sealed = store.seal.close(storable(text), about_note(case_id))
            connection.execute(insert(note_table), [{**key, "sealed": sealed, "at": store.clock()}])


def notes(store: Store, ref: str) -> list[Note]:
    """Oldest first. Raises: NotFound."""
    with store.reading() as connection:
        case_id = _case_id(connection, ref)
        query = (
            select(note_table.c.sealed, note_table.c.at, worker.c.name)
            .join(worker, worker.c.id == note_table.c.worker_id)
            .where(note_table.c.case_id == case_id)
            .order_by(note_table.c.id)
        )
        found = connection.execute(query).all()
    return [Note(row.name, store.seal.open(row.sealed, about_note(case_id)), row.at) for row in found]


def keep_draft(store: Store, ref: str, worker_id: int, text: str) -> None:
    """In the place of the one before; a blank one is thrown away. Raises: NotFound."""
    with store.writing() as connection:
        case_id = _case_id(connection, ref, hold=True)
        connection.execute(delete(draft).where(draft.c.case_id == case_id, draft.c.worker_id == worker_id))
        if text.strip():
            sealed = store.seal.close(storable(text), about_draft(case_id, worker_id))
            row = {"case_id": case_id, "worker_id": worker_id, "sealed": sealed, "at": store.clock()}
            connection.execute(insert(draft), [row])


def draft_of(store: Store, ref: str, worker_id: int) -> str:
    """What this worker had typed and not sent, or nothing. Raises: NotFound."""
    with store.reading() as connection:
        case_id = _case_id(connection, ref)
        query = select(draft.c.sealed).where(draft.c.case_id == case_id, draft.c.worker_id == worker_id)
        sealed = connection.execute(query).scalar()
    return "" if sealed is None else store.seal.open(sealed, about_draft(case_id, worker_id))


def about_note(case_id: int) -> str:
    """How a note is named in its seal; a draft likewise."""
    return f"note {case_id}"


def about_draft(case_id: int, worker_id: int) -> str:
    return f"draft {case_id} {worker_id}"


def _case_id(connection: Connection, ref: str, hold: bool = False) -> int:
    query = select(cases_table.c.id, cases_table.c.conversation_id).where(cases_table.c.ref == ref.strip().upper())
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("case")
    if hold:
        take(connection, row.conversation_id)  # two tabs that save at once take turns
    return int(row.id)
