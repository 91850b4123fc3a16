"""How likely one more answer is to turn an outcome, while nothing is known of how families usually answer.

An open leaf is taken to hold as often as it does over the values that the rules tell apart, each counted once, and
apart from every other leaf. It guides the order of questions only, never an outcome. Source of the measure: Birnbaum's
importance of a component, the chance that the whole stands or falls with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import prod
from typing import NamedTuple

from knowledge.fact import Fact
from knowledge.kleene import Judged, Ruleset
from knowledge.known import Members, OneOf, Part, Possible, Span
from knowledge.rules import Group, Judge, Leaf, Node, leaves

_MEMORY = 65536  # states of trees whose weights are remembered
_RARE = 0.01  # no open leaf is taken for certain
_ELSEWHERE = "00"  # a place that no rule names


class _Seen(NamedTuple):
    """A node that is still open: the chance that it holds, and the children that are open."""

    chance: float
    node: Node
    children: tuple[_Seen, ...] = ()


class Weights:
    """Of each fact that a tree hangs on, the chance that the tree stands or falls with it."""

    def __init__(self, rules: Ruleset, facts: Mapping[str, Fact]) -> None:
        self._rules, self._facts = rules, facts
        self._values: dict[str, tuple[Possible, ...]] = {}
        self._chances: dict[int, float] = {}
        self._memory: dict[tuple[int, int, int], Mapping[str, float]] = {}

    def of(self, tree: Node, judged: Judged) -> Mapping[str, float]:
        """Summed over what the tree is at worst and at best."""
        bits = self._rules.bits(tree)
        state = (id(tree), judged.true & bits, judged.false & bits)
        weights = self._memory.get(state)
        if weights is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            found: dict[str, float] = {}
            for best in (False, True):
                _share(self._seen(tree, judged, best), 1.0, found)
            weights = self._memory[state] = found
        return weights

    def _seen(self, node: Node, judged: Judged, best: bool) -> _Seen:
        if isinstance(node, Leaf):
            return _Seen(self._of_leaf(node, judged, best), node)
        if isinstance(node, Judge):
            return _Seen(float(best), node)
        if node.kind == "not":
            child = self._seen(node.children[0], judged, not best)
            return _Seen(1 - child.chance, node, (child,))
        every = node.kind == "all"
        seen = []
        for each in node.children:
            child = self._seen(each, judged, best)
            if child.chance == (not every):  # one child decides it
                return _Seen(child.chance, node)
            if child.chance != every:
                seen.append(child)
        return _Seen(_all(seen) if every else 1 - _none(seen), node, tuple(seen))

    def _of_leaf(self, leaf: Leaf, judged: Judged, best: bool) -> float:
        bit = self._rules.bits(leaf)
        if judged.true & bit or (best and leaf.local):
            return 1.0
        return 0.0 if judged.false & bit else self._chance(leaf, bit)

    def _chance(self, leaf: Leaf, bit: int) -> float:
        chance = self._chances.get(bit)
        if chance is None:
            values = self._values_of(leaf.fact)
            holds = sum(leaf.test(value) is True for value in values) / len(values)
            chance = self._chances[bit] = min(max(holds, _RARE), 1 - _RARE)
        return chance

    def _values_of(self, name: str) -> tuple[Possible, ...]:
        if name not in self._values:
            wants = (leaf.want for tree in self._rules.trees for leaf in leaves(tree) if leaf.fact == name)
            self._values[name] = tuple(told_apart(self._facts[name], wants))
        return self._values[name]


def _all(children: Iterable[_Seen]) -> float:
    return prod(child.chance for child in children)


def _none(children: Iterable[_Seen]) -> float:
    return prod(1 - child.chance for child in children)


def _share(seen: _Seen, weight: float, found: dict[str, float]) -> None:
    """Hand the weight of a node down to its open leaves: a child counts where its siblings leave it to decide."""
    node, children = seen.node, seen.children
    if isinstance(node, Leaf):
        if 0 < seen.chance < 1:
            found[node.fact] = found.get(node.fact, 0.0) + weight
    elif isinstance(node, Group):
        every = node.kind != "any"
        whole = weight * (_all(children) if every else _none(children))
        for child in children:
            share = child.chance if every else 1 - child.chance
            _share(child, weight if node.kind == "not" else whole / share, found)


def told_apart(fact: Fact, wants: Iterable[object]) -> Iterable[Possible]:
    """One value for each way the rules look at the fact."""
    if fact.kind == "number":
        cuts = sorted({float(str(want)) for want in wants})
        between = [(low + high) / 2 for low, high in pairwise(cuts)]
        return [Span(value, value) for value in (cuts[0] - 1, *between, cuts[-1] + 1)]
    if fact.kind == "set":
        return [Members((Part(frozenset([str(value)]), complete=True),)) for value in fact.values]
    if fact.kind == "region":
        areas = {str(area) for want in wants for area in (want if isinstance(want, tuple) else (want,))}
        return [OneOf(frozenset([area])) for area in sorted({*areas, _ELSEWHERE})]
    return [OneOf(frozenset([value])) for value in fact.values]
