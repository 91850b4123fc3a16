"""The `tongxing` command: every verb of the product, each importing only what it needs."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

from bot import cli_knowledge, cli_records
from bot.cli_common import fault, today

ROLES = ("caseworker", "counselor", "supervisor", "admin")


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 well, 1 faults found or a part that cannot start, 2 malformed input."""
    for stream in (sys.stdout, sys.stderr):
        # Half a surrogate in somebody's input must not cost the others their answer.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    arguments = _parser().parse_args(argv)
    verb: Callable[[argparse.Namespace], int] = arguments.verb
    return verb(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tongxing", description="童行 Tongxing")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    verbs.add_parser("run", help="start everything and stay").set_defaults(verb=_run)
    screening = verbs.add_parser("screen", help="eligibility from a JSON file of facts, without any server")
    screening.add_argument("facts", help="a JSON file, - for standard input")
    screening.add_argument("--on", default=None, metavar="DATE", help="screen as of a day, YYYY-MM-DD")
    screening.add_argument("--ruleset", default=None, help="replay: refuse when the rules are others than these")
    screening.set_defaults(verb=_screen)
    verbs.add_parser("understand", help="one message a line in, one JSON line out").set_defaults(verb=_understand)
    knowledge = verbs.add_parser("knowledge", help="look after the knowledge base")
    cli_knowledge.add_verbs(knowledge.add_subparsers(required=True, metavar="VERB"))
    worker = verbs.add_parser("worker", help="look after the staff")
    worker_verbs = worker.add_subparsers(required=True, metavar="VERB")
    adding = worker_verbs.add_parser("add", help="add a member of staff; prints a one-time password")
    adding.add_argument("name")
    adding.add_argument("--role", choices=ROLES, required=True)
    adding.add_argument("--token", action="store_true", help="print an API token as well, on the last line")
    adding.set_defaults(verb=_add_worker)
    cli_records.add_worker_verbs(worker_verbs)
    cli_records.add_verbs(verbs)
    verbs.add_parser("demo", help="add a few fictional conversations and cases").set_defaults(verb=_demo)
    verbs.add_parser("train", help="train the model if its inputs have changed").set_defaults(verb=_train)
    return parser


def _screen(arguments: argparse.Namespace) -> int:
    try:
        with _opened(arguments.facts) as source:
            return _screened(arguments, source)
    except (OSError, UnicodeDecodeError) as error:
        return fault(f"{arguments.facts}: cannot be read: {getattr(error, 'strerror', None) or 'is not UTF-8'}")


def _opened(name: str) -> TextIO:
    """The text, which can be gone through twice: standard input is kept in a file of its own."""
    if name != "-":
        return Path(name).open(encoding="utf-8-sig")
    kept = tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogatepass")  # noqa: SIM115  the caller closes it
    shutil.copyfileobj(sys.stdin, kept)
    kept.seek(0)
    return kept


def _screened(arguments: argparse.Namespace, source: TextIO) -> int:
    from knowledge.errors import FactError, KnowledgeError
    from knowledge.library import Library
    from knowledge.many import is_list, items, screened
    from knowledge.screen import screen

    try:
        many = is_list(source)
        # A list is gone through once before anything is answered, so that what is no JSON prints nothing.
        given = deque(items(source), maxlen=0) if many else json.load(source)
        library = Library.load()
        if arguments.ruleset not in (None, library.ruleset):
            return fault(f"--ruleset: these rules are {library.ruleset}; check out those of {arguments.ruleset} first")
        as_of = _day(arguments.on)
        answer = None if many else screen(library, given, as_of)
    except RecursionError:
        return fault(f"{arguments.facts}: is nested too deeply")
    except json.JSONDecodeError as error:
        return fault(f"{arguments.facts}: line {error.lineno}: is not JSON: {error.msg}")
    except FactError as error:
        return fault(str(error))
    except KnowledgeError as error:
        return fault(str(error), status=1)
    if many:
        source.seek(0)
        _print_list(screened(library, items(source), as_of))
    else:
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


def _print_list(lines: Iterable[str]) -> None:
    """A JSON list of which each item is a line, written as the items come."""
    print("[", end="")
    for index, line in enumerate(lines):
        print(",\n" if index else "\n", line, sep="", end="")
    print("\n]")


def _day(text: str | None) -> date:
    from knowledge.errors import FactError

    try:
        return date.fromisoformat(text) if text else today()
    except ValueError as error:
        raise FactError("--on", f"{text!r} is not a day YYYY-MM-DD") from error


def _understand(_: argparse.Namespace) -> int:
    from bot.understand import understand

    sys.stdin.reconfigure(errors="replace")  # type: ignore[union-attr]
    return understand(sys.stdin, sys.stdout)


def _train(_: argparse.Namespace) -> int:
    from bot.train import ensure_model

    print(ensure_model())
    return 0


def _run(_: argparse.Namespace) -> int:
    from bot.settings import SettingsError, load_settings
    from bot.supervise import run
    from casework.errors import WrongSecret

    try:
        return run(load_settings())
    except (SettingsError, WrongSecret) as error:
        return fault(str(error), status=1)


def _add_worker(arguments: argparse.Namespace) -> int:
    from bot.settings import SettingsError, load_settings
    from casework.errors import CaseworkError
    from casework.staff import add_worker, issue_token
    from casework.store import open_store

    if not arguments.name.strip() or not arguments.name.isprintable():
        return fault("NAME: must be one printable line")
    try:
        store = open_store(load_settings().database_url)
        worker, password = add_worker(store, arguments.name, arguments.role)
    except (SettingsError, CaseworkError) as error:
        return fault(str(error))
    print(f"{worker.name} ({worker.role}), one-time password, changed at first sign-in: {password}")
    if arguments.token:
        print(issue_token(store, worker.id))
    return 0


def _demo(_: argparse.Namespace) -> int:
    from bot.demo import add_demo
    from bot.settings import SettingsError, load_settings
    from casework.errors import CaseworkError
    from casework.store import open_store
    from knowledge.errors import KnowledgeError
    from knowledge.library import Library

    try:
        settings = load_settings()
        store = open_store(settings.database_url, secret=settings.secret)
        added = add_demo(store, Library.load(), today())
    except (SettingsError, KnowledgeError, CaseworkError) as error:
        return fault(str(error), status=1)
    for case in added:
        print(f"{case.ref}  {case.queue}  {case.urgency}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
