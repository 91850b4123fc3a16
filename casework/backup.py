"""A copy of the database in one file, and putting one back: what was erased since is erased again first."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from casework.engine import file_of
from casework.erasure import compact, replay
from casework.errors import BadBackup
from casework.store import open_store

# Erases what the dialogue knows of conversations in the database at that address.
Forget = Callable[[str, Iterable[str]], None]


def backup(url: str, path: Path) -> None:
    """Of one moment, while everything runs; without what was deleted, and without the key.

    Raises: BadBackup.
    """
    if path.exists():
        raise BadBackup(f"{path} exists")
    address = make_url(url)
    path.touch(mode=0o600)
    try:
        if address.get_backend_name() == "sqlite":
            _copy(_database(address), path)
        else:
            _program("pg_dump", "--format=custom", "--no-owner", f"--file={path}", address)
    except BadBackup:
        path.unlink()
        raise


def restore(url: str, path: Path, secret: str, journal: Path, forget: Forget) -> int:
    """Put a backup in the place of the database, which nobody may have open; how many erased conversations were in it.

    Raises: BadBackup, WrongSecret.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        _program("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(path), address)
        return _erase_again(url, secret, journal, forget)
    database = _database(address)
    fresh = database.with_name(f"{database.name}.restoring")
    try:
        _drop(fresh)
        fresh.touch(mode=0o600)
        _copy(path, fresh)
        # Never in its place before it is clean: whoever starts in between must not serve what was erased.
        back = _erase_again(f"sqlite:///{fresh}", secret, journal, forget)
        _drop(database, but_itself=True)
        os.replace(fresh, database)
    finally:
        _drop(fresh)
    return back


def _erase_again(url: str, secret: str, journal: Path, forget: Forget) -> int:
    store = open_store(url, secret=secret, journal=journal)
    try:
        back = replay(store, partial(forget, url))
        compact(store)
        return back
    finally:
        store.close()


def _copy(source: Path, target: Path) -> None:
    """SQLite's own copying, which knows the log beside the file."""
    try:
        with sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True) as old, sqlite3.connect(target) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode = DELETE")
            new.execute("VACUUM")
            [(verdict,)] = new.execute("PRAGMA quick_check(1)").fetchall()
            new.execute("SELECT 1 FROM conversation LIMIT 1")
    except sqlite3.DatabaseError as error:
        raise BadBackup(f"{source} is no database of ours: {error}") from None
    if verdict != "ok":
        raise BadBackup(f"{source} is damaged: {verdict}")
    new.close()
    old.close()


def _database(address: URL) -> Path:
    path = file_of(address)
    if path is None:
        raise BadBackup("a database in memory is gone with its process")
    return path


def _drop(database: Path, but_itself: bool = False) -> None:
    """The file and what SQLite keeps beside it."""
    for end in ("-wal", "-shm", ".lock", *(() if but_itself else ("",))):
        database.with_name(database.name + end).unlink(missing_ok=True)


def _program(name: str, *words: str | URL) -> None:
    """One of PostgreSQL's programs; the password goes by the environment, where no list of processes shows it."""
    program = shutil.which(name)
    if program is None:
        raise BadBackup(f"{name} is not on PATH: install PostgreSQL's client programs")
    address = words[-1]
    assert isinstance(address, URL)
    there = (address.host, address.port, address.database, address.query)
    plain = URL.create("postgresql", address.username, None, *there).render_as_string()
    environment = {**os.environ, **({"PGPASSWORD": address.password} if address.password else {})}
    given = [str(word) for word in words[:-1]]
    done = subprocess.run([program, *given, f"--dbname={plain}"], env=environment, capture_output=True, text=True)
    if done.returncode:
        raise BadBackup(f"{name}: {(done.stderr.strip().splitlines() or ['failed'])[-1]}")
