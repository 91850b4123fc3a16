"""The conditions that are law on a day, and one child's facts judged under them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.kleene import Judged, Ruleset
from knowledge.known import Facts, half_known, worlds
from knowledge.policy import Policy
from knowledge.rules import Group, Node, law_on, leaves, turning_days


@dataclass(frozen=True)
class Law:
    """Every entitlement's tree on one day, with the facts that each speaks of."""

    rules: Ruleset
    trees: Mapping[str, Node]
    facts: Mapping[str, frozenset[str]]


def law_of(policies: Mapping[str, Policy], gates: Mapping[str, Node], day: date) -> Law:
    """The law of a day. What is not law yet, or no more, is a tree that never holds and says why."""
    trees = {policy.id: _tree(policy, day) for policy in policies.values()}
    facts = {name: frozenset(leaf.fact for leaf in leaves(tree)) for name, tree in trees.items()}
    return Law(Ruleset([*trees.values(), *gates.values()]), trees, facts)


def turning_days_of(policies: Mapping[str, Policy]) -> list[date]:
    """The days from which the law is another one, in order."""
    days = set().union(*(turning_days(policy.conditions) for policy in policies.values()))
    days |= {policy.started for policy in policies.values() if policy.started}
    return sorted(days | {policy.ended + timedelta(days=1) for policy in policies.values() if policy.ended})


def _tree(policy: Policy, day: date) -> Node:
    is_law = not (policy.started and day < policy.started) and not (policy.ended and policy.ended < day)
    tree = law_on(policy.conditions, day) if is_law else None
    return tree if tree is not None else Group("any", (), policy.no_words or policy.summary.says, policy.summary.cites)


class Situation:
    """The completed facts of one child, judged once for all entitlements."""

    def __init__(self, law: Law, known: Facts) -> None:
        self.law, self.known = law, known
        self.judged = law.rules.judged(known)
        self._half = frozenset(name for name, possible in known.items() if half_known(possible))
        self._ways: dict[frozenset[str], list[tuple[Facts, Judged]]] = {}

    def ways(self, policy_id: str) -> list[tuple[Facts, Judged]]:
        """Each way in which the half-known facts of this entitlement can be; one when nothing is half known."""
        names = self._half & self.law.facts[policy_id] if self._half else self._half
        ways = self._ways.get(names)
        if ways is None:
            ways = self._ways[names] = [(way, self.law.rules.judged(way)) for way in worlds(self.known, names)]
        return ways

    def outcome(self, policy_id: str) -> str:
        """Ways that disagree leave it open."""
        rules, tree = self.law.rules, self.law.trees[policy_id]
        if not self._half:
            return rules.outcome(tree, self.judged)
        seen = {rules.outcome(tree, judged) for _, judged in self.ways(policy_id)}
        return seen.pop() if len(seen) == 1 else "needs_facts"
