"""`tongxing knowledge diff` and `release`: what a change of the rules does, and what was released."""

from __future__ import annotations

import argparse
import json
import tempfile
from datetime import date
from pathlib import Path

from bot.cli_common import ROOT, fault, today

GOLDEN = ROOT / "tests" / "golden"
FAMILIES = 20_000


def add_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The verbs under `knowledge` that speak of changes."""
    differing = verbs.add_parser(
        "diff", help="which families gain, lose or change since a revision, and by which clause"
    )
    differing.add_argument("revision", metavar="REV", help="a commit, tag or branch")
    differing.add_argument("--families", type=int, default=FAMILIES, help=f"on the invented roll (default {FAMILIES})")
    differing.add_argument("--on", type=date.fromisoformat, default=None, help="the day of the law, YYYY-MM-DD")
    differing.add_argument("--json", action="store_true")
    differing.set_defaults(verb=_diff)
    releasing = verbs.add_parser("release", help="record the rules of a version that is released")
    releasing.set_defaults(verb=_release)


def _diff(arguments: argparse.Namespace) -> int:
    from bot.revision import NoRevision, library_of
    from knowledge.diff import compare, golden_families, proved
    from knowledge.diff_told import Compared, as_json, lines
    from knowledge.errors import FactError, KnowledgeError
    from knowledge.library import Library
    from knowledge.roll import invented

    if arguments.families < 1:
        return fault("--families: must be 1 or more")
    day = arguments.on or today()
    with tempfile.TemporaryDirectory() as folder:
        try:
            new, old = Library.load(), library_of(ROOT, arguments.revision, Path(folder))
            cases = golden_families(new, GOLDEN) if GOLDEN.exists() else []
            roll = invented(new, arguments.families)
        except (NoRevision, KnowledgeError, FactError) as error:
            return fault(str(error))
        found = proved(compare(old, new, roll, cases, day), old, new, day)
    compared = Compared(arguments.revision, day, roll.size, len(cases), len({*old.policies, *new.policies}))
    if arguments.json:
        print(json.dumps(as_json(compared, found), ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines(new, compared, found)))
    return 0


def _release(_: argparse.Namespace) -> int:
    from knowledge.errors import KnowledgeError
    from knowledge.library import Library
    from knowledge.released import changed, record

    path = ROOT / "knowledge" / "released.yml"
    try:
        library = Library.load()
        ids = changed(library, path)
    except KnowledgeError as error:
        return fault(str(error))
    record(library, path)
    print(f"{path.relative_to(ROOT)}: {len(ids)} of {len(library.policies)} differ from the last release")
    return 0
