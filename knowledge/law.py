"""The conditions that are law on a day, and one child's facts judged under them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from knowledge.fact import Fact
from knowledge.kleene import Judged, Ruleset
from knowledge.known import Facts, half_known, worlds
from knowledge.policy import Policy
from knowledge.rules import Group, Judge, Node, law_on, leaves, turning_days
from knowledge.source import Source, cited_on
from knowledge.weight import Weights


@dataclass(frozen=True)
class Law:
    """Every entitlement's tree on one day, with the facts that each speaks of."""

    rules: Ruleset
    trees: Mapping[str, Node]
    facts: Mapping[str, frozenset[str]]
    weights: Weights
    decided: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)  # of knowledge/assess.py


def law_of(
    policies: Mapping[str, Policy],
    gates: Mapping[str, Node],
    sources: Mapping[str, Source],
    words: Mapping[str, str],
    vocabulary: Mapping[str, Fact],
    day: date,
) -> Law:
    """The law of a day. What is not law yet, or no more, is a tree that never holds and says why."""
    trees = {policy.id: tree_on(policy, sources, words, day) for policy in policies.values()}
    facts = {name: frozenset(leaf.fact for leaf in leaves(tree)) for name, tree in trees.items()}
    rules = Ruleset([*trees.values(), *gates.values()])
    return Law(rules, trees, facts, Weights(rules, vocabulary))


def turning_days_of(policies: Mapping[str, Policy]) -> list[date]:
    """The days from which the law is another one, in order."""
    days = set().union(*(turning_days(policy.conditions) for policy in policies.values()))
    days |= {policy.started for policy in policies.values() if policy.started}
    return sorted(days | {policy.ended + timedelta(days=1) for policy in policies.values() if policy.ended})


def tree_on(policy: Policy, sources: Mapping[str, Source], words: Mapping[str, str], day: date) -> Node:
    """The conditions of one entitlement on a day, every clause cited where it stood on that day."""
    if policy.started and day < policy.started:
        return Group("any", (), words["not_law_yet"].format(day=policy.started), policy.summary.cites)
    if policy.ended and policy.ended < day:
        return Group("any", (), words["no_law_more"].format(day=policy.ended), policy.summary.cites)
    tree = law_on(policy.conditions, day)
    if tree is None:
        return Group("any", (), policy.no_words or policy.summary.says, policy.summary.cites)
    return _grounded(tree, policy.owner, sources, day)


def _grounded(node: Node, owner: str, sources: Mapping[str, Source], day: date) -> Node:
    """A condition whose clause was not in force, with none known before it, is for a person to judge."""
    cites = _cited_on(node.cites, sources, day)
    if isinstance(node, Group):
        children = tuple(_grounded(each, owner, sources, day) for each in node.children)
        same = cites == node.cites and all(a is b for a, b in zip(children, node.children, strict=True))
        return node if same else replace(node, children=children, cites=cites or node.cites)
    if cites == node.cites:
        return node
    if cites or isinstance(node, Judge):
        return replace(node, cites=cites or node.cites)
    if node.presume is False:  # it opens something only when said: what was not law opened nothing
        return Group("any", (), node.says, node.cites)
    return Judge(node.says, node.local or owner, node.cites)


def _cited_on(cites: tuple[str, ...], sources: Mapping[str, Source], day: date) -> tuple[str, ...]:
    stood = (cited_on(cite, day, sources) for cite in cites)
    return tuple(dict.fromkeys(cite for cite in stood if cite))


class Situation:
    """The completed facts of one child, judged once for all entitlements."""

    def __init__(self, law: Law, known: Facts) -> None:
        self.law, self.known = law, known
        self.judged = law.rules.judged(known)
        self._half = frozenset(name for name, possible in known.items() if half_known(possible))
        self._ways: dict[frozenset[str], list[tuple[Facts, Judged]]] = {}
        self._outcomes: dict[str, str] = {}
        self.open: dict[str, frozenset[str]] = {}  # of knowledge/assess.py

    def ways(self, policy_id: str) -> list[tuple[Facts, Judged]]:
        """Each way in which the half-known facts of this entitlement can be; one when nothing is half known."""
        names = self._half & self.law.facts[policy_id] if self._half else self._half
        ways = self._ways.get(names)
        if ways is None:
            ways = self._ways[names] = [(way, self.law.rules.judged(way)) for way in worlds(self.known, names)]
        return ways

    def outcome(self, policy_id: str) -> str:
        """Ways that disagree leave it open."""
        outcome = self._outcomes.get(policy_id)
        if outcome is None:
            outcome = self._outcomes[policy_id] = self._outcome(policy_id)
        return outcome

    def _outcome(self, policy_id: str) -> str:
        rules, tree = self.law.rules, self.law.trees[policy_id]
        if not self._half:
            return rules.outcome(tree, self.judged)
        seen = {rules.outcome(tree, judged) for _, judged in self.ways(policy_id)}
        return seen.pop() if len(seen) == 1 else "needs_facts"
