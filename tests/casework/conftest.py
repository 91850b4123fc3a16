"""Stores to test on: SQLite in a temporary file and, where it is installed, a throw-away PostgreSQL."""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from casework.ledger import append, start
from casework.staff import worker
from casework.store import open_store
from casework.tables import metadata
from casework.tables import worker as worker_table
from tests.clock import Clock

SECRET = "a secret of at least thirty-two signs"


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Where an empty database is; both kinds, one after the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'casework.db'}"
    return request.getfixturevalue("postgresql_database")


@pytest.fixture
def store(ready_url, clock):
    store = open_store(ready_url, clock, SECRET)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def ready_url(request, tmp_path):
    """Where a migrated database without rows is; migrating anew for each test would take a while."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "casework.db")
        return f"sqlite:///{tmp_path / 'casework.db'}"
    return request.getfixturevalue("emptied_postgresql_database")


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("migrated") / "casework.db"
    open_store(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def secret():
    return SECRET


@pytest.fixture
def conversation(store):
    """A conversation in which the family has said one thing."""
    conversation, _ = start(store)
    append(store, conversation.id, "family", "孩子爸爸判了三年", "f1")
    return conversation


@pytest.fixture
def wang(store):
    return hire(store, "演示王", "caseworker")


@pytest.fixture
def li(store):
    return hire(store, "演示李", "counselor")


@pytest.fixture
def hiring(store):
    """Makes a worker of any name and role."""
    return partial(hire, store)


def hire(store, name, role):
    """A worker without a password, which takes long to hash; `add_worker` is for the tests of signing in."""
    values = {"name": name, "role": role, "password_hash": "", "must_change": False, "created_at": store.clock()}
    with store.writing() as connection:
        worker_id = connection.execute(worker_table.insert().values(**values)).inserted_primary_key[0]
    return worker(store, worker_id)


@pytest.fixture
def postgresql_database(postgresql):
    yield from postgresql.database()


@pytest.fixture(scope="session")
def migrated_postgresql_database(postgresql):
    for url in postgresql.database():
        open_store(url).close()
        yield url


@pytest.fixture
def emptied_postgresql_database(migrated_postgresql_database):
    yield migrated_postgresql_database
    engine = create_engine(migrated_postgresql_database)
    with engine.begin() as connection:
        connection.exec_driver_sql("SET session_replication_role = replica")  # audit refuses to be emptied otherwise
        for table in metadata.tables.values():
            connection.execute(table.delete())
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql():
    initdb = shutil.which("initdb")
    if initdb is None:
        pytest.skip("initdb is not on PATH: not tested on PostgreSQL")
    folder = Path(tempfile.mkdtemp(prefix="tongxing-pg-"))
    server = Server(Path(initdb).resolve().parent, folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """A PostgreSQL that listens only on a socket in its own folder."""

    def __init__(self, programs, folder):
        self.programs = programs
        self.folder = folder
        self.numbers = itertools.count(1)
        self.process = None
        self.engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")

    def url(self, database):
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def database(self):
        """Make one, hand out its address, drop it."""
        name = f"test_{next(self.numbers)}"
        with self.engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield self.url(name)
        with self.engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")

    def start(self):
        data = self.folder / "data"
        user = self._user()
        options = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run(
            [*user, self.programs / "initdb", "-D", data, *options], cwd=self.folder, capture_output=True, text=True
        )
        if made.returncode:
            pytest.skip(f"initdb failed: not tested on PostgreSQL: {made.stderr.strip()[-200:]}")
        settings = [f"unix_socket_directories={self.folder}", "listen_addresses=", "fsync=off"]
        command = [*user, self.programs / "postgres", "-D", data]
        with (self.folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [*command, *(word for setting in settings for word in ("-c", setting))],
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        self._wait()

    def _user(self):
        """PostgreSQL refuses to run as root."""
        if os.getuid() != 0:
            return []
        known = [name for name in ("postgres", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()}]
        if not known or shutil.which("setpriv") is None:
            pytest.skip("root cannot become another user: not tested on PostgreSQL")
        entry = pwd.getpwnam(known[0])
        os.chown(self.folder, entry.pw_uid, entry.pw_gid)
        return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]

    def _wait(self):
        deadline = time.monotonic() + 60
        while True:
            try:
                self.engine.connect().close()
                return
            except Exception:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    pytest.skip(f"PostgreSQL did not start: {(self.folder / 'log').read_text()[-200:]}")
                time.sleep(0.1)

    def stop(self):
        self.engine.dispose()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(timeout=60)
