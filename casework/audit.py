"""Who did what: rows that the database refuses to change, each bound to the one before by a hash made with a key.

The key lies sealed in the database, so whoever has that alone can make no link. Rows from before there was a key have a
plain hash, and the first keyed link binds them. A new secret brings a new key (`casework.rotate`), the old ones stay.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select
from sqlalchemy.engine import Connection

from casework.errors import Unreadable
from casework.tables import audit, audit_key

if TYPE_CHECKING:
    from casework.seal import Seal
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
    """`broken` is the id of the first row that is not as it was written; `lost` the first known head not found.

    `unkeyed`: how many of the first rows are from before there was a key.
    """

    head: Head
    broken: int | None
    lost: Head | None
    unkeyed: int = 0


def write(
    store: Store, connection: Connection, worker_id: int, verb: str, subject: str, purpose: str | None = None
) -> None:
    """Add a row in the transaction of what it tells of. Raises: NoSecret.

    Call it before that touches anything else: whoever holds the end of the chain must not wait for rows.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_KEY)))
    newest = select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)
    before = connection.execute(newest).scalar() or FIRST
    at = store.clock()
    row = {"worker_id": worker_id, "verb": verb, "subject": subject, "purpose": purpose, "at": at}
    number = connection.execute(select(func.max(audit_key.c.id))).scalar() or add_key(connection, store.seal)
    sealed = connection.execute(select(audit_key.c.sealed).where(audit_key.c.id == number)).scalar_one()
    hash = linked(_opened(store.seal, number, sealed), number, chained(before, **row))
    connection.execute(insert(audit), [{**row, "hash": hash, "key": number}])


def add_key(connection: Connection, seal: Seal) -> int:
    """From now on links are made with a new one."""
    number = (connection.execute(select(func.max(audit_key.c.id))).scalar() or 0) + 1
    sealed = seal.close(secrets.token_hex(32), about_key(number))
    connection.execute(insert(audit_key), [{"id": number, "sealed": sealed}])
    return number


def about_key(number: int) -> str:
    """How a key is named in its seal."""
    return f"audit key {number}"


def _keys(connection: Connection, seal: Seal) -> dict[int, bytes]:
    """Without those that do not open: their links do not hold."""
    found = {}
    for row in connection.execute(select(audit_key)).all():
        with suppress(Unreadable, ValueError):
            found[int(row.id)] = _opened(seal, row.id, row.sealed)
    return found


def _opened(seal: Seal, number: int, sealed: str) -> bytes:
    return bytes.fromhex(seal.open(sealed, about_key(number)))


def chained(before: str, worker_id: int, verb: str, subject: str, purpose: str | None, at: datetime) -> str:
    """The hash of a row that follows the one with the hash `before`; must never change, or no old row holds."""
    moment = at.astimezone(timezone.utc).isoformat(timespec="microseconds")
    return sha256(json.dumps([before, worker_id, verb, subject, purpose, moment]).encode()).hexdigest()


def linked(key: bytes, number: int, plain: str) -> str:
    """The hash of a row with a key, from the one that it would have without."""
    return hmac.digest(key, f"{number} {plain}".encode(), "sha256").hex()


def verify(store: Store, known: Collection[Head] = ()) -> Verified:
    """Read the chain from its beginning; `known` heads, kept elsewhere, tell whether its end was cut off.

    Raises: NoSecret where links have a key.
    """
    columns = [audit.c[name] for name in ("worker_id", "verb", "subject", "purpose", "at")]
    rows, hash, broken, unkeyed, number = 0, FIRST, None, 0, 0
    seen = {0: FIRST}
    wanted = {head.rows for head in known}
    with store.reading() as connection:
        has_keys = connection.execute(select(audit_key.c.id).limit(1)).first() is not None
        keys = _keys(connection, store.seal) if has_keys else {}
        for row in connection.execute(select(audit.c.id, audit.c.hash, audit.c.key, *columns).order_by(audit.c.id)):
            content = {column.name: row._mapping[column.name] for column in columns}
            rows += 1
            plain, key = chained(hash, **content), keys.get(row.key)
            made = plain if row.key is None else key and linked(key, row.key, plain)
            # Never back to an older key, or to none: that one may be known to whoever wrote this.
            if broken is None and (row.hash != made or (row.key or 0) < number):
                broken = row.id
            hash, number = row.hash, max(number, row.key or 0)
            unkeyed += row.key is None
            if rows in wanted:
                seen[rows] = hash
    lost = next((head for head in known if seen.get(head.rows) != head.hash), None)
    return Verified(Head(rows, hash), broken, lost, unkeyed)
