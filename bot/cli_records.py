"""`tongxing audit`, `key`, `retention`, `backup`, `restore`, `worker reset | remove`: looking after what is kept."""

from __future__ import annotations

import argparse
import json
import os
import secrets
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli_common import fault

if TYPE_CHECKING:
    from bot.settings import Settings
    from casework.audit import Head
    from casework.store import Store


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verbs that need no server; `key rotate` and `restore` need that none runs."""
    audit = verbs.add_parser("audit", help="the record of who looked at what").add_subparsers(
        required=True, metavar="VERB"
    )
    audit.add_parser("verify", help="read the chain; names the first row that was changed").set_defaults(
        verb=_told(_verify)
    )
    key = verbs.add_parser("key", help="the key that seals numbers, notes and packets").add_subparsers(
        required=True, metavar="VERB"
    )
    key.add_parser("rotate", help="seal everything with a new secret, while nothing runs").set_defaults(
        verb=_told(_rotate)
    )
    verbs.add_parser("retention", help="erase, empty and lock what is due; done daily by itself").set_defaults(
        verb=_told(_retention)
    )
    for name, verb, what in (
        ("backup", _backup, "copy the database into one new file, while everything runs"),
        ("restore", _restore, "put a backup in the place of the database, while nothing runs"),
    ):
        copying = verbs.add_parser(name, help=what)
        copying.add_argument("file", metavar="FILE", type=Path)
        copying.set_defaults(verb=_told(verb))


def add_worker_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    resetting = verbs.add_parser("reset", help="a new one-time password for somebody who forgot theirs")
    resetting.add_argument("name")
    resetting.add_argument("--second-factor", action="store_true", help="turn that off as well: the telephone is lost")
    resetting.set_defaults(verb=_told(_reset))
    removing = verbs.add_parser("remove", help="somebody has left: no more sign-in, their open cases wait again")
    removing.add_argument("name")
    removing.set_defaults(verb=_told(_remove))


def _told(verb: Callable[[argparse.Namespace, Settings], int]) -> Callable[[argparse.Namespace], int]:
    """The verb with its settings, and one line for whatever goes wrong."""

    def run(arguments: argparse.Namespace) -> int:
        from bot.settings import SettingsError, load_settings
        from casework.errors import CaseworkError

        try:
            return verb(arguments, load_settings())
        except (SettingsError, CaseworkError) as error:
            return fault(str(error), status=1)

    return run


def _open(settings: Settings) -> Store:
    from casework.store import open_store

    return open_store(settings.database_url, secret=settings.secret, journal=settings.journal)


def _verify(_: argparse.Namespace, settings: Settings) -> int:
    from casework.audit import verify

    found = verify(_open(settings), list(_heads(settings)))
    if found.broken is not None:
        return fault(f"audit row {found.broken} is not as it was written, or one before it is missing", status=1)
    if found.lost is not None:
        return fault(f"the audit had {found.lost.rows} rows once; some of the last are missing or changed", status=1)
    before = f", the first {found.unkeyed} from before there was a key" if found.unkeyed else ""
    print(f"{found.head.rows} rows, none changed{before}; head {found.head.hash or '-'}")
    return 0


def _heads(settings: Settings) -> list[Head]:
    from casework.audit import Head

    path = settings.var / "audit-heads"
    lines = path.read_text(encoding="ascii").splitlines() if path.exists() else []
    return [Head(**json.loads(line)) for line in lines]


def _retention(_: argparse.Namespace, settings: Settings) -> int:
    """Notes the head of the audit besides: rows cut off at its end show later."""
    from bot.state import forget, open_state
    from casework.audit import verify
    from casework.erasure import replay
    from casework.retention import keep_to_terms

    store = _open(settings)
    forgotten = partial(forget, open_state(settings.database_url))
    # Whoever erased yesterday may have died before the dialogue had forgotten.
    replay(store, forgotten)
    done = keep_to_terms(store, forgotten)
    head = verify(store).head
    with (settings.var / "audit-heads").open("a", encoding="ascii") as heads:
        heads.write(json.dumps(vars(head)) + "\n")
    print(", ".join(f"{what} {done[what]}" for what in ("erase", "empty", "lock")))
    return 0


def _backup(arguments: argparse.Namespace, settings: Settings) -> int:
    from casework.backup import backup

    backup(settings.database_url, arguments.file)
    print(
        f"{arguments.file}: {arguments.file.stat().st_size} bytes; it is of no use without the secret, kept elsewhere"
    )
    return 0


def _restore(arguments: argparse.Namespace, settings: Settings) -> int:
    from bot.state import forget_in
    from casework.backup import restore

    if line := _runs(settings):
        return fault(line, status=1)
    back = restore(settings.database_url, arguments.file, settings.secret, settings.journal, forget_in)
    heads = settings.var / "audit-heads"
    if heads.exists():
        # They speak of rows that this backup does not have.
        heads.replace(heads.with_name("audit-heads.before-restore"))
    print(f"{arguments.file} is in place; {back} conversations that were erased since were erased again")
    return 0


def _rotate(_: argparse.Namespace, settings: Settings) -> int:
    """The new secret lies on the disk before the database changes: interrupted, the same command ends it."""
    from casework.errors import WrongSecret
    from casework.rotate import rotate
    from casework.seal import Seal

    if line := _runs(settings):
        return fault(line, status=1)
    kept, coming = settings.var / "secret", settings.var / "secret.next"
    from_file = kept.exists() and kept.read_text(encoding="ascii").strip() == settings.secret
    fresh = _made(coming) if from_file else sys.stdin.readline().strip()
    if len(fresh) < 32 or fresh == settings.secret:
        return fault("TONGXING_SECRET is set: give the next one, 32 signs or more, on standard input")
    try:
        print(f"{rotate(_open(settings), Seal(fresh))} pieces sealed anew")
    except WrongSecret:
        # Interrupted last time, after the database and before the file.
        from casework.store import open_store

        open_store(settings.database_url, secret=fresh).close()
    if from_file:
        coming.replace(kept)
    print(f"{kept} is new: copy it to where you keep it" if from_file else "now set TONGXING_SECRET to the new one")
    return 0


def _made(path: Path) -> str:
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
    return path.read_text(encoding="ascii").strip()


def _runs(settings: Settings) -> str | None:
    """Why nothing may be moved now."""
    from bot.parts import busy

    return "stop it first: " + " ".join(busy(settings)) if busy(settings) else None


def _reset(arguments: argparse.Namespace, settings: Settings) -> int:
    from casework.errors import NotFound
    from casework.staff import reset_password

    try:
        password = reset_password(_open(settings), arguments.name, arguments.second_factor)
    except NotFound:
        return fault(f"nobody is called {arguments.name}", status=1)
    print(f"{arguments.name}, one-time password, changed at first sign-in: {password}")
    return 0


def _remove(arguments: argparse.Namespace, settings: Settings) -> int:
    from casework.errors import NotFound
    from casework.leaving import remove_worker

    try:
        back = remove_worker(_open(settings), arguments.name)
    except NotFound:
        return fault(f"nobody is called {arguments.name}", status=1)
    print(f"{arguments.name} can do nothing here any more; open cases that went back to the queue: {back}")
    return 0
