"""How each database is opened, and brought to the newest schema."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, event, func, select
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import QueuePool

MIGRATIONS = Path(__file__).with_name("migrations")
BUSY_MILLISECONDS = 10_000
ADVISORY_KEY = 0x746F6E67  # any fixed number: every process that migrates asks for the same lock

# Alembic keeps its context in module globals.
_one_thread = threading.Lock()


def make_engine(url: str) -> Engine:
    """An engine whose transactions with the execution option `writes` exclude other writers from the start.

    Its errors never repeat what was written: they end up in logs.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    return create_engine(address, future=True, pool_pre_ping=True, hide_parameters=True)


def _sqlite(address: URL) -> Engine:
    path = file_of(address)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
    # A database in memory lives in its one connection, so threads take turns with it.
    pool = {} if path is not None else {"pool_size": 1, "max_overflow": 0}
    threads = {"check_same_thread": False}
    engine = create_engine(
        address, future=True, poolclass=QueuePool, connect_args=threads, hide_parameters=True, **pool
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def file_of(address: URL) -> Path | None:
    """Where a database of SQLite lies; None for one in memory."""
    return None if address.database in (None, "", ":memory:") else Path(address.database)


def _prepare(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver would start its own transactions, too late for IMMEDIATE
    connection.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # an erased message is overwritten, not only unlinked


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest revision in one transaction; others who ask at the same time wait."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    with _one_thread, _one_process(engine), engine.connect() as connection:
        connection.execution_options(writes=True)
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_KEY)))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


@contextmanager
def _one_process(engine: Engine) -> Iterator[None]:
    """Switching to WAL fails at once when another process does the same, busy_timeout or not: hence a lock file."""
    path = file_of(engine.url) if engine.dialect.name == "sqlite" else None
    if path is None:
        yield
        return
    with path.with_name(path.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        raw = engine.raw_connection()
        try:
            raw.execute("PRAGMA journal_mode = WAL")
        finally:
            raw.close()
        yield
