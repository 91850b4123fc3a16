"""What is proved about the rules; each proof is one test, the families it finds are told in the failure."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from knowledge.files import read_yaml
from knowledge.library import Library
from knowledge.proofs.pool import read_case
from knowledge.proofs.prove import Proofs

TESTS = Path(__file__).parents[2]
SOLVER = TESTS / "golden_solver"


@pytest.fixture(scope="module")
def proofs() -> Proofs:
    return Proofs(Library.load(), date(2026, 11, 22), TESTS / "golden", SOLVER)


def test_every_entitlement_can_be_had_and_refused(proofs: Proofs) -> None:
    assert [] == proofs.reached().faults


def test_no_condition_is_dead_constant_or_said_twice(proofs: Proofs) -> None:
    assert [] == proofs.needed().faults


def test_what_excludes_each_other_is_not_told_together(proofs: Proofs) -> None:
    assert [] == proofs.excluded().faults


def test_no_place_takes_a_national_right_away(proofs: Proofs) -> None:
    assert [] == proofs.layered().faults


def test_nobody_falls_through(proofs: Proofs) -> None:
    assert [] == proofs.covered().faults


def test_learning_more_never_flips_a_decided_outcome(proofs: Proofs) -> None:
    assert [] == proofs.refined().faults


def test_every_small_change_of_the_rules_is_noticed_by_a_case(proofs: Proofs) -> None:
    assert [] == proofs.mutated().faults


@pytest.mark.parametrize("path", sorted(SOLVER.glob("*.yml")), ids=lambda path: path.stem)
def test_a_boundary_family_of_the_solver_gets_what_it_got(path: Path) -> None:
    library = Library.load()
    for record in read_yaml(path):
        case = read_case(library, path.stem, record)

        assert case.expect == {name: library.situation(case.facts, case.as_of).outcome(name) for name in case.expect}
