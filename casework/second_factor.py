"""The second proof of who signs in: codes of a telephone (RFC 6238), and codes on paper for when it is lost."""

from __future__ import annotations

import hmac
import secrets
from base64 import b32decode, b32encode
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection

from casework import tries
from casework.secret import digest, one_time_words
from casework.store import Store
from casework.tables import recovery_code, worker

STEP = 30  # seconds
DIGITS = 6
# A clock may be half a minute off, either way.
DRIFT = (0, -1, 1)
RECOVERY_CODES = 8


def new_secret() -> str:
    """160 bits, as authenticator apps take them."""
    return b32encode(secrets.token_bytes(20)).decode("ascii")


def address(secret: str, account: str, issuer: str) -> str:
    """What an authenticator app reads off the picture."""
    return f"otpauth://totp/{quote(issuer)}:{quote(account)}?secret={secret}&issuer={quote(issuer)}"


def code(secret: str, step: int) -> str:
    """RFC 4226 with SHA-1, which is what the apps compute."""
    mac = hmac.digest(b32decode(secret), step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(secret: str, given: str, now: datetime) -> int | None:
    """The half minute whose code this is, if it is about now."""
    here = int(now.timestamp()) // STEP
    plain = given.replace(" ", "").encode()
    return next((here + off for off in DRIFT if hmac.compare_digest(code(secret, here + off).encode(), plain)), None)


def turn_on(store: Store, worker_id: int, secret: str, given: str) -> list[str] | None:
    """The codes to write down; None when `given` is not a code of this secret, and nothing has changed.

    Older sessions, which had no second factor, are over.
    """
    step = step_of(secret, given, store.clock())
    if step is None:
        return None
    fresh = [one_time_words() for _ in range(RECOVERY_CODES)]
    values = {"totp": store.seal.close(secret, about_totp(worker_id)), "totp_step": step}
    with store.writing() as connection:
        _change(connection, worker_id, **values)
        rows = [{"worker_id": worker_id, "code_hash": digest(each)} for each in fresh]
        connection.execute(insert(recovery_code), rows)
    return fresh


def turn_off(store: Store, worker_id: int) -> None:
    with store.writing() as connection:
        _change(connection, worker_id, totp=None, totp_step=None)


def check_code(store: Store, worker_id: int, given: str) -> bool:
    """Whether this is a fresh code of the telephone or an unused one of the paper; either is good once.

    Raises: TooManyTries, as for passwords.
    """
    key, allowed = tries.of_code(worker_id)
    with store.writing() as connection:
        counted = tries.count(connection, [(key, allowed)], store.clock())
        good = _use(store, connection, worker_id, given)
        if good:
            tries.forgive(connection, counted, key)
    return good


def _use(store: Store, connection: Connection, worker_id: int, given: str) -> bool:
    query = select(worker.c.totp, worker.c.totp_step).where(worker.c.id == worker_id).with_for_update()
    row = connection.execute(query).first()
    if row is None or row.totp is None:
        return False
    step = step_of(store.seal.open(row.totp, about_totp(worker_id)), given, store.clock())
    if step is not None:
        if step <= row.totp_step:
            return False
        connection.execute(update(worker).where(worker.c.id == worker_id).values(totp_step=step))
        return True
    on_paper = [recovery_code.c.worker_id == worker_id, recovery_code.c.code_hash == digest(given.strip().lower())]
    return connection.execute(delete(recovery_code).where(*on_paper)).rowcount > 0


def _change(connection: Connection, worker_id: int, **values: object) -> None:
    connection.execute(delete(recovery_code).where(recovery_code.c.worker_id == worker_id))
    values["session_epoch"] = worker.c.session_epoch + 1
    connection.execute(update(worker).where(worker.c.id == worker_id).values(**values))


def about_totp(worker_id: int) -> str:
    """How the secret is named in its seal."""
    return f"totp {worker_id}"
