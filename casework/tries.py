"""Wrong tries to sign in, counted by name and by address; each lock of a day is twice as long as the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, text
from sqlalchemy.engine import Connection

from casework.errors import TooManyTries
from casework.secret import digest
from casework.tables import sign_in_try

WINDOW = timedelta(minutes=15)  # within which tries count together
LOCK = timedelta(minutes=15)
LONGEST_LOCK = timedelta(hours=4)
REMEMBERED = timedelta(days=1)
# A whole office may come from one address.
BY_NAME, BY_ADDRESS = 5, 30


def of_name(name: str) -> tuple[str, int]:
    return digest(name), BY_NAME


def of_address(address: str) -> tuple[str, int]:
    return digest(f"address {address}"), BY_ADDRESS


def of_code(worker_id: int) -> tuple[str, int]:
    """The second factor has its own count: a right password must not begin it anew."""
    return digest(f"code {worker_id}"), BY_NAME


def locked_until(tries: Sequence[datetime], allowed: int) -> datetime | None:
    """When the last lock ends that these failures, oldest first, have brought."""
    until, lock, recent = None, LOCK, list[datetime]()
    for at in tries:
        recent = [*(each for each in recent if at - each <= WINDOW), at]
        if len(recent) >= allowed:
            until, lock, recent = at + lock, min(lock * 2, LONGEST_LOCK), []
    return until


def count(connection: Connection, keys: Iterable[tuple[str, int]], now: datetime) -> list[int]:
    """Count a try before it is looked at, so that guesses side by side count as well; the ids of what was counted.

    Raises: TooManyTries, and then nothing is counted.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE sign_in_try IN EXCLUSIVE MODE"))  # SQLite writers are alone anyway
    connection.execute(delete(sign_in_try).where(sign_in_try.c.at < now - REMEMBERED))
    keys = list(keys)
    for key, allowed in keys:
        query = select(sign_in_try.c.at).where(sign_in_try.c.name_hash == key).order_by(sign_in_try.c.at)
        until = locked_until(list(connection.execute(query).scalars()), allowed)
        if until is not None and now < until:
            raise TooManyTries(until)
    rows = [insert(sign_in_try).values(name_hash=key, at=now) for key, _ in keys]
    return [connection.execute(row).inserted_primary_key[0] for row in rows]


def forgive(connection: Connection, counted: Sequence[int], key: str) -> None:
    """It was no failure: what was counted goes, and all earlier ones of this name."""
    connection.execute(delete(sign_in_try).where(sign_in_try.c.id.in_(counted) | (sign_in_try.c.name_hash == key)))
