"""`tongxing knowledge …`: check, show and begin entitlements."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from bot import cli_change, cli_prove
from bot.cli_common import ROOT, fault, today

if TYPE_CHECKING:
    from knowledge.library import Library

GOLDEN = ROOT / "tests" / "golden"


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verbs under `knowledge`."""
    checking = verbs.add_parser("check", help="validate every file and run the golden cases")
    checking.set_defaults(verb=_check)
    showing = verbs.add_parser("show", help="one entitlement as people read it, with its clauses")
    showing.add_argument("id")
    showing.add_argument("--on", type=date.fromisoformat, default=None, metavar="DATE", help="as it was on a day")
    showing.set_defaults(verb=_show)
    beginning = verbs.add_parser("new", help="begin an entitlement: its file and its golden cases, to be filled in")
    beginning.add_argument("id")
    beginning.set_defaults(verb=_new)
    questions = verbs.add_parser("matrix", help="every entitlement against every kind of question: what is answered")
    questions.set_defaults(verb=_matrix)
    open_ones = verbs.add_parser("questions", help="write knowledge/OPEN_QUESTIONS.md: what is still to be verified")
    open_ones.set_defaults(verb=_questions)
    proving = verbs.add_parser("prove", help="prove what holds of every family, and that the cases notice every change")
    cli_prove.add_arguments(proving)
    proving.set_defaults(verb=_prove)
    cli_change.add_verbs(verbs)


def _library() -> Library | None:
    """The library, or None after its faults were printed."""
    from knowledge.errors import KnowledgeError
    from knowledge.library import Library

    try:
        return Library.load()
    except KnowledgeError as error:
        for each in (error, *error.others):
            print(" ".join(str(each).split()))
        return None


def _check(_: argparse.Namespace) -> int:
    from knowledge.check import check, notices

    library = _library()
    if library is None:
        return 1
    faults = check(library, GOLDEN if GOLDEN.exists() else None, today())
    for each in (*notices(library, today()), *_calendar(), *faults):
        print(each)
    if not faults:
        print(f"{len(library.policies)} entitlements, {len(library.facts)} facts: no fault found")
    return 1 if faults else 0


def _calendar() -> Iterator[str]:
    """Of the desk's hours, which need the holidays of this year and the next."""
    from casework.hours import unconfirmed_years

    for year in unconfirmed_years(today()):
        yield (
            f"casework/rota.yml: the holidays of {year} are not in the calendar: hours of that year go unconfirmed; "
            "update chinesecalendar once the State Council has published them (November)"
        )


def _show(arguments: argparse.Namespace) -> int:
    library = _library()
    if library is None:
        return 1
    if arguments.id not in library.policies:
        return fault(f"{arguments.id}: is not an entitlement; there are {', '.join(library.policies)}")
    print("\n".join(_lines(library, arguments.id, arguments.on)))
    return 0


def _lines(library: Library, policy_id: str, day: date | None) -> Iterator[str]:
    from knowledge.on_day import on_day
    from knowledge.show import sections

    policy = library.policies[policy_id]
    if day:
        library, policy = on_day(library, policy, day)
    yield policy.name
    for section in sections(library, policy):
        yield f"\n{section.title}"
        for line in section.lines:
            cites = f"  [{'；'.join(line.cites)}]" if line.cites else ""
            yield f"  {'  ' * line.depth}- {line.text}{cites}"


def _new(arguments: argparse.Namespace) -> int:
    from knowledge.new import begin

    try:
        made = begin(ROOT / "knowledge", GOLDEN, arguments.id, today())
    except ValueError as error:
        return fault(str(error))
    for path in made:
        print(path.relative_to(ROOT))
    print("Fill them in (docs/adding-an-entitlement.md), then: tongxing knowledge check")
    return 0


def _questions(_: argparse.Namespace) -> int:
    from knowledge.questions import open_questions

    library = _library()
    if library is None:
        return 1
    path = ROOT / "knowledge" / "OPEN_QUESTIONS.md"
    path.write_text(open_questions(library), encoding="utf-8")
    print(path.relative_to(ROOT))
    return 0


def _matrix(_: argparse.Namespace) -> int:
    from knowledge.matrix import KINDS, matrix, reasons

    library = _library()
    if library is None:
        return 1
    print("\t".join(("", *KINDS)))
    for policy_id, row in matrix(library).items():
        print("\t".join((policy_id, *(str(said or "-") for said in row.values()))))
    for policy_id, silent in reasons(library).items():
        for kind, why in silent.items():
            print(f"{policy_id} {kind}: {why}")
    return 0


def _prove(arguments: argparse.Namespace) -> int:
    library = _library()
    return 1 if library is None else cli_prove.prove(library, arguments)
