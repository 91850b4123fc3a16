"""What z3 is told of a family is what the engine says of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import z3

from knowledge.assess import outcomes
from knowledge.files import read_yaml
from knowledge.known import OneOf, Possible, Span, half_known
from knowledge.library import Library
from knowledge.proofs.pool import Pool, read_case
from knowledge.proofs.setting import Setting
from knowledge.proofs.value import DECIDED

GOLDEN = Path(__file__).parents[2] / "golden"
DAY = date(2026, 11, 22)
LIBRARY = Library.load()
SETTING = Setting(LIBRARY, DAY)
CASES = [
    case
    for path in sorted(GOLDEN.glob("*.yml"))
    for record in read_yaml(path)
    if (case := read_case(LIBRARY, path.stem, record)).as_of == DAY
][::7]


def test_bits_of_many_families_agree_with_the_engine() -> None:
    pool = Pool(LIBRARY, [(case.facts, DAY) for case in CASES])
    worth = pool.valuation(SETTING.dead[0])
    told = {name: worth.outcome(tree) for name, tree in SETTING.written.trees.items()}

    for case, bits in zip(CASES, pool.bits, strict=True):
        assert outcomes(LIBRARY, case.facts, DAY) == {name: pool.told(each, bits) for name, each in told.items()}


def test_formulas_agree_with_the_engine_on_settled_families() -> None:
    encoding, checked = SETTING.encoding, 0
    for case in CASES[::5]:
        completed = LIBRARY.completed(case.facts, DAY)
        if any(half_known(value) or _is_elsewhere(value) for value in completed.values()):
            continue
        model = SETTING.solution(*encoding.is_exactly(completed))
        if model is None:  # it says two things of which one leaves the other out
            continue
        expected = outcomes(LIBRARY, case.facts, DAY)
        for policy_id in SETTING.policies:
            values = [z3.is_true(model.eval(each, True)) for each in SETTING.outcome(policy_id)]
            found = next((name for name, value in zip(DECIDED, values, strict=True) if value), "needs_facts")
            assert expected[policy_id] == found, (case.name, policy_id)
        checked += 1

    assert checked > 10


def _is_elsewhere(value: Possible) -> bool:
    """Whether it is a place that no formula stands for, or a span with an open end."""
    if isinstance(value, Span):
        return value.low is None or value.high is None
    return isinstance(value, OneOf) and any(str(each).isdigit() and len(str(each)) > 1 for each in value.values)


def test_a_family_of_a_solution_gets_from_the_engine_what_the_solution_says() -> None:
    encoding = SETTING.encoding
    for policy_id in SETTING.policies:
        for outcome, formula in zip(DECIDED, SETTING.outcome(policy_id), strict=True):
            model = SETTING.solution(formula, *encoding.answered())
            if model is not None:
                facts = encoding.facts_of(model)

                assert outcome == LIBRARY.situation(facts, DAY).outcome(policy_id), (policy_id, facts)
