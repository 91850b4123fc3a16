"""Every golden case holds, and every number and listed value is pinned by one."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.assess import assess
from knowledge.check import run_case
from knowledge.files import read_yaml
from knowledge.interview import next_question
from knowledge.library import Library
from knowledge.rules import Group, Leaf, Node, compile_test, walk

GOLDEN = Path(__file__).parent.parent / "golden"
LIBRARY = Library.load()
CASES = [(path.stem, case) for path in sorted(GOLDEN.glob("**/*.yml")) for case in read_yaml(path)]


@pytest.mark.parametrize("file, case", CASES, ids=lambda each: each if isinstance(each, str) else each["case"])
def test_a_family_gets_the_outcome_the_documents_give_it(file: str, case: dict[str, Any]) -> None:
    assert [] == list(run_case(LIBRARY, case))


@pytest.mark.parametrize("policy_id", LIBRARY.policies)
def test_every_threshold_and_listed_value_is_pinned_by_a_case(policy_id: str) -> None:
    policy = LIBRARY.policies[policy_id]
    cases = [case for _, case in CASES if policy_id in case["expect"]]
    survivors = [told for told, mutant in _mutants(policy.conditions) if not _noticed(policy_id, mutant, cases)]

    assert [] == survivors


def _noticed(policy_id: str, mutant: Node, cases: list[dict[str, Any]]) -> bool:
    changed = dataclasses.replace(LIBRARY.policies[policy_id], conditions=mutant)
    alone = dataclasses.replace(LIBRARY, policies={policy_id: changed})
    library = dataclasses.replace(LIBRARY, policies={**LIBRARY.policies, policy_id: changed})
    for case in cases:
        facts = LIBRARY.parse(case.get("facts") or {}, case.get("partial") or {})
        if assess(alone, policy_id, facts, case["as_of"]).outcome != case["expect"][policy_id]:
            return True
        if "next" in case and next_question(library, facts, None, case["as_of"]) != case["next"]:
            return True
    return False


def _mutants(root: Node) -> Iterator[tuple[str, Node]]:
    seen: set[tuple[Any, ...]] = set()
    for leaf in (each for each in walk(root) if isinstance(each, Leaf)):
        for want in _nudges(leaf):
            key = (_notion(leaf), want)
            if key not in seen:
                seen.add(key)
                yield f"{leaf.fact} {leaf.operator} {leaf.want} -> {want}", _nudged(root, _notion(leaf), want)


def _nudges(leaf: Leaf) -> Iterator[Any]:
    if leaf.operator in ("below", "at_most", "above", "at_least"):
        step = 0.5 if leaf.want < 7 and leaf.fact == "child.age" else 1
        yield leaf.want + step
        yield leaf.want - step
    elif isinstance(leaf.want, tuple) and len(leaf.want) > 1:
        for value in leaf.want:
            yield tuple(each for each in leaf.want if each != value)


def _notion(leaf: Leaf) -> tuple[Any, ...]:
    """A concept is written once for father and mother, so it is nudged once."""
    return re.sub(r"^(father|mother)\.", "", leaf.fact), leaf.operator, leaf.want


def _nudged(node: Node, notion: tuple[Any, ...], want: Any) -> Node:
    if isinstance(node, Group):
        return dataclasses.replace(node, children=tuple(_nudged(child, notion, want) for child in node.children))
    if isinstance(node, Leaf) and _notion(node) == notion:
        return dataclasses.replace(node, want=want, test=compile_test(node.operator, want))
    return node
