"""Why a worker opened a case: said once for each, and read back from the audit, which is where it is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from casework.audit import write
from casework.errors import Missing
from casework.pii import mask
from casework.store import Store
from casework.tables import audit

OPENED, UNLOCKED = "case.opened", "lock.opened"
# Whoever takes a case over has said why they read it.
STATED = (OPENED, UNLOCKED, "case.claimed")


def state(store: Store, worker_id: int, ref: str, purpose: str, verb: str = OPENED) -> None:
    """Raises: Missing without a purpose."""
    if not purpose.strip():
        raise Missing("purpose")
    with store.writing() as connection:
        write(store, connection, worker_id, verb, ref, mask(purpose.strip()))


def stated(store: Store, worker_id: int, ref: str) -> bool:
    return _found(store, worker_id, ref, STATED, None)


def unlocked_since(store: Store, worker_id: int, ref: str, since: datetime) -> bool:
    """Whether this worker has given a reason for opening the lock since then."""
    return _found(store, worker_id, ref, (UNLOCKED,), since)


def _found(store: Store, worker_id: int, ref: str, verbs: tuple[str, ...], since: datetime | None) -> bool:
    own = [audit.c.worker_id == worker_id, audit.c.subject == ref, audit.c.verb.in_(verbs)]
    own += [] if since is None else [audit.c.at >= since]
    with store.reading() as connection:
        return connection.execute(select(audit.c.id).where(*own).limit(1)).first() is not None
