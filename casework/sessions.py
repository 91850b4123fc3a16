"""Sessions of the desk are signed cookies; what is kept here is which of them ended before their time."""

from datetime import timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from casework.secret import digest
from casework.store import Store
from casework.tables import ended_session

LONGEST = timedelta(hours=12)


def end(store: Store, key: str) -> None:
    """The cookie with this key opens nothing any more, whoever has a copy."""
    row = {"session_hash": digest(key), "at": store.clock()}
    try:
        with store.writing() as connection:
            connection.execute(delete(ended_session).where(ended_session.c.at < store.clock() - LONGEST))
            connection.execute(insert(ended_session), [row])
    except IntegrityError:
        return  # left twice


def has_ended(store: Store, key: str) -> bool:
    query = select(ended_session.c.at).where(ended_session.c.session_hash == digest(key))
    with store.reading() as connection:
        return connection.execute(query).first() is not None
