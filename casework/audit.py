"""Who did what: rows that the database refuses to change, each bound to the one before by its hash."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from casework.tables import audit

if TYPE_CHECKING:
    from casework.store import Store

# Any fixed number: on PostgreSQL two writers at once would else continue from the same row.
ADVISORY_KEY = 0x61756469
FIRST = ""


@dataclass(frozen=True)
class Head:
    """The newest row when somebody looked: how many there were, and its hash."""

    rows: int
    hash: str


@dataclass(frozen=True)
class Verified:
    """`broken` is the id of the first row that is not as it was written; `lost` the first known head not found."""

    head: Head
    broken: int | None
    lost: Head | None


def write(
    store: Store, connection: Connection, worker_id: int, verb: str, subject: str, purpose: str | None = None
) -> None:
    """Add a row in the transaction of what it tells of.

    Call it before that touches anything else: whoever holds the end of the chain must not wait for rows.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_KEY)))
    newest = select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)
    before = connection.execute(newest).scalar() or FIRST
    at = store.clock()
    row = {"worker_id": worker_id, "verb": verb, "subject": subject, "purpose": purpose, "at": at}
    connection.execute(insert(audit), [{**row, "hash": chained(before, **row)}])


def chained(before: str, worker_id: int, verb: str, subject: str, purpose: str | None, at: datetime) -> str:
    """The hash of a row that follows the one with the hash `before`; must never change, or no old row holds."""
    moment = at.astimezone(timezone.utc).isoformat(timespec="microseconds")
    return sha256(json.dumps([before, worker_id, verb, subject, purpose, moment]).encode()).hexdigest()


def verify(store: Store, known: Collection[Head] = ()) -> Verified:
    """Read the chain from its beginning; `known` heads, kept elsewhere, tell whether its end was cut off."""
    columns = [audit.c[name] for name in ("worker_id", "verb", "subject", "purpose", "at")]
    rows, hash, broken = 0, FIRST, None
    seen = {0: FIRST}
    wanted = {head.rows for head in known}
    with store.reading() as connection:
        for row in connection.execute(select(audit.c.id, audit.c.hash, *columns).order_by(audit.c.id)):
            content = {column.name: row._mapping[column.name] for column in columns}
            rows += 1
            if broken is None and row.hash != chained(hash, **content):
                broken = row.id
            hash = row.hash
            if rows in wanted:
                seen[rows] = hash
    lost = next((head for head in known if seen.get(head.rows) != head.hash), None)
    return Verified(Head(rows, hash), broken, lost)
