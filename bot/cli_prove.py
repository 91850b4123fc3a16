"""`tongxing knowledge prove`: what is proved about the rules, with z3."""

from __future__ import annotations

import argparse
import time
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING

from bot.cli_common import ROOT, fault, today

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.proofs.prove import Proofs

GOLDEN, SOLVER = ROOT / "tests" / "golden", ROOT / "tests" / "golden_solver"


def add_arguments(proving: argparse.ArgumentParser) -> None:
    proving.add_argument("--on", default=None, type=date.fromisoformat, metavar="DATE", help="prove the law of a day")
    proving.add_argument("--write", action="store_true", help="make tests/golden_solver anew for what cases miss")


def prove(library: Library, arguments: argparse.Namespace) -> int:
    """0 when everything is proved, 1 with one line for each fault, 2 without z3."""
    if find_spec("z3") is None:
        return fault("z3 is missing: uv sync --group dev (or pip install z3-solver) and try again")
    from knowledge.proofs.prove import Proofs
    from knowledge.proofs.setting import latest_case

    # Made cases bear the day of those written by hand, so that making them anew on another day changes nothing.
    day = arguments.on or (latest_case(library, GOLDEN) if arguments.write else today())
    proofs = Proofs(library, day, GOLDEN, SOLVER)
    return _write(proofs) if arguments.write else _report(proofs)


def _report(proofs: Proofs) -> int:
    count, begun = 0, time.monotonic()
    for report in proofs.run():
        print(f"{'FAULT' if report.faults else 'proved'}  {report.title}: {report.figures}")
        for line in report.faults:
            print(f"        {line}")
        count += len(report.faults)
    print(f"{count or 'no'} fault{'' if count == 1 else 's'} found in {time.monotonic() - begun:.0f} s")
    return 1 if count else 0


def _write(proofs: Proofs) -> int:
    from knowledge.proofs.generated import make, write
    from knowledge.proofs.mutation import score

    missed = score(proofs.setting, proofs.benches[0]).missed
    print(f"{len(missed)} changes that no case written by hand notices; making families for them (minutes)…")
    made = write(SOLVER, make(proofs.setting, missed))
    print(f"{made} cases in {SOLVER.relative_to(ROOT)}: read them against the documents before they are kept")
    return 0
