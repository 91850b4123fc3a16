"""What excludes each other is told as such on both sides, and nobody who receives the one is told to have the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import z3

from knowledge.known import Facts
from knowledge.proofs.allowed import PATH, Allowed
from knowledge.proofs.sense import condition
from knowledge.proofs.setting import Setting
from knowledge.proofs.terms import Formula
from knowledge.rules import Leaf, compile_test

_SHUT = ("choose_one", "excluded")


class Clash(NamedTuple):
    """A family that is told to have both."""

    one: str
    other: str
    how: str
    facts: Facts


def one_sided(setting: Setting) -> Iterator[str]:
    policies = setting.library.policies
    how = {(policy.id, each.with_id): each.how for policy in policies.values() for each in policy.combines}
    for (one, other), said in how.items():
        if said in _SHUT and other in policies and how.get((other, one)) not in _SHUT:
            yield f"{one} excludes {other}, which does not say so"


def clashes(setting: Setting, known: list[Formula], allowed: Allowed) -> Iterator[Clash]:
    """Families that our rules give both, and families that receive the one and are given the other."""
    for policy in setting.library.policies.values():
        for each in policy.combines:
            if each.how != "excluded" or each.with_id not in setting.policies:
                continue
            yield from _receives(setting, known, policy.id, each.with_id, allowed)
            if policy.id < each.with_id:
                chosen = _chosen(setting, allowed, frozenset((policy.id, each.with_id)))
                formulas = [*known, z3.Not(chosen), setting.outcome(policy.id)[1]]
                yield from _clash(setting, "both", policy.id, each.with_id, formulas)


def idle_pairs(setting: Setting, known: list[Formula], allowed: Allowed) -> list[frozenset[str]]:
    """Listed pairs that none of the families they name is told to have both of."""
    return [
        pair
        for pair in allowed.both
        if setting.solution(
            *known, _chosen(setting, allowed, pair), *(setting.outcome(policy_id)[1] for policy_id in pair)
        )
        is None
    ]


def _chosen(setting: Setting, allowed: Allowed, pair: frozenset[str]) -> Formula:
    """Families that may be told both."""
    when = allowed.both.get(pair)
    if when is None:
        return z3.BoolVal(False)
    return setting.worths[0].of(condition(setting.library, PATH, "both.when", when), False)[0]


def _receives(setting: Setting, known: list[Formula], one: str, other: str, allowed: Allowed) -> Iterator[Clash]:
    value = allowed.received.get(one)
    if value is not None:
        leaf = Leaf("household.relief", "includes", value, "", (), None, None, compile_test("includes", value))
        yield from _clash(setting, "receives", one, other, [*known, setting.encoding.leaf(leaf)[0]])


def _clash(setting: Setting, how: str, one: str, other: str, formulas: list[Formula]) -> Iterator[Clash]:
    model = setting.solution(*formulas, setting.outcome(other)[1])
    if model is not None:
        yield Clash(one, other, how, setting.encoding.facts_of(model))
