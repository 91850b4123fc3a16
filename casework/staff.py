"""Who works here, how they prove it, and what they looked at."""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, Row

from casework import tries
from casework.audit import write
from casework.errors import NameTaken, NotFound, WeakPassword
from casework.second_factor import turn_off
from casework.secret import digest, one_time_words
from casework.store import Store, Worker
from casework.tables import staff_token
from casework.tables import worker as worker_table

ROLES = ("caseworker", "counselor", "supervisor", "admin")
SENIOR = ("supervisor", "admin")
SHORTEST_PASSWORD = 10

# The name of somebody who left stays taken: old messages and the audit bear it.
WORKS_HERE = worker_table.c.removed_at.is_(None)

_hasher = PasswordHasher()


def add_worker(store: Store, name: str, role: str) -> tuple[Worker, str]:
    """A new member of staff and the password for the first sign-in, which must be changed there. Raises: NameTaken."""
    if role not in ROLES:
        raise ValueError(f"role must be one of {', '.join(ROLES)}, not {role!r}")
    password = one_time_words()
    values = {
        "name": name,
        "role": role,
        "password_hash": _hasher.hash(password),
        "must_change": True,
        "created_at": store.clock(),
    }
    with store.writing() as connection:
        if _named(connection, name) is not None:
            raise NameTaken(name)
        connection.execute(insert(worker_table), [values])
        return _to_worker(_named(connection, name)), password


def worker(store: Store, worker_id: int) -> Worker | None:
    """None also for somebody who was removed."""
    with store.reading() as connection:
        row = connection.execute(select(worker_table).where(worker_table.c.id == worker_id, WORKS_HERE)).first()
    return row and _to_worker(row)


def workers(store: Store) -> list[Worker]:
    """Who works here now."""
    query = select(worker_table).where(WORKS_HERE).order_by(worker_table.c.name)
    with store.reading() as connection:
        return [_to_worker(row) for row in connection.execute(query)]


def issue_token(store: Store, worker_id: int) -> str:
    """A token for the desk's JSON, shown once; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    values = {"token_hash": digest(token), "worker_id": worker_id, "created_at": store.clock()}
    with store.writing() as connection:
        connection.execute(insert(staff_token), [values])
    return token


def by_staff_token(store: Store, token: str) -> Worker | None:
    query = select(worker_table).join(staff_token).where(staff_token.c.token_hash == digest(token), WORKS_HERE)
    with store.reading() as connection:
        row = connection.execute(query).first()
    return row and _to_worker(row)


def reset_password(store: Store, name: str, second_factor: bool = False) -> str:
    """A new one-time password for somebody who forgot theirs; sessions are over, locks open, tokens stay.

    `second_factor` takes that away as well, for a lost telephone. Raises: NotFound.
    """
    password = one_time_words()
    with store.writing() as connection:
        row = _named(connection, name)
        if row is None or row.removed_at:
            raise NotFound("worker")
        write(store, connection, row.id, "password_reset", "second factor" if second_factor else "password")
        for key, _ in (tries.of_name(name), tries.of_code(row.id)):
            tries.forgive(connection, (), key)
    _change(store, row.id, password_hash=_hasher.hash(password), must_change=True)
    if second_factor:
        turn_off(store, row.id)
    return password


def check_password(store: Store, name: str, password: str, address: str | None = None) -> Worker | None:
    """None when name or password is wrong, and both take the same time.

    Raises: TooManyTries for a while after too many failures of this name or from this address.
    """
    keys = [tries.of_name(name), *([tries.of_address(address)] if address else [])]
    with store.writing() as connection:
        counted = tries.count(connection, keys, store.clock())
        row = _named(connection, name)
    if not _matches(None if row is None or row.removed_at else row, password):
        return None
    with store.writing() as connection:
        tries.forgive(connection, counted, tries.of_name(name)[0])
    return _to_worker(row)


def change_password(store: Store, worker_id: int, old: str, new: str) -> Worker | None:
    """The worker with the new password in force and older sessions over; None when the old one is wrong.

    Raises: WeakPassword, TooManyTries.
    """
    if len(new) < SHORTEST_PASSWORD or new == old:
        raise WeakPassword(SHORTEST_PASSWORD)
    known = worker(store, worker_id)
    if known is None:
        raise NotFound("worker")
    if check_password(store, known.name, old) is None:
        return None
    _change(store, worker_id, password_hash=_hasher.hash(new), must_change=False)
    return worker(store, worker_id)


def end_sessions(store: Store, worker_id: int) -> None:
    """Sign this worker out everywhere; tokens for programs stay."""
    _change(store, worker_id)


def _change(store: Store, worker_id: int, **values: object) -> None:
    values["session_epoch"] = worker_table.c.session_epoch + 1
    with store.writing() as connection:
        connection.execute(update(worker_table).where(worker_table.c.id == worker_id).values(**values))


def audit(store: Store, worker_id: int, verb: str, subject: str, purpose: str | None = None) -> None:
    """Who did what to which case or conversation; the database refuses to change or delete such a row."""
    with store.writing() as connection:
        write(store, connection, worker_id, verb, subject, purpose)


def _matches(row: Row | None, password: str) -> bool:
    nobody = _nobody()
    try:
        _hasher.verify(nobody if row is None else row.password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
    return row is not None


@cache
def _nobody() -> str:
    """What a wrong name is checked against, so that it cannot be told from a wrong password by the clock."""
    return _hasher.hash(secrets.token_urlsafe(16))


def _named(connection: Connection, name: str) -> Row | None:
    return connection.execute(select(worker_table).where(worker_table.c.name == name)).first()


def _to_worker(row: Row) -> Worker:
    return Worker(row.id, row.name, row.role, row.must_change, row.session_epoch, row.totp is not None)
