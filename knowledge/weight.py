"""How likely one more answer is to turn an outcome, while nothing is known of how families usually answer.

An open leaf is taken to hold as often as it does over the values that the rules tell apart, each counted once, and
apart from every other leaf. It guides the order of questions only, never an outcome. Source of the measure: Birnbaum's
importance of a component, the chance that the whole stands or falls with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from itertools import pairwise
from math import prod
from operator import or_
from typing import NamedTuple

from knowledge.fact import Fact
from knowledge.kleene import Judged, Ruleset
from knowledge.known import Members, OneOf, Part, Possible, Span
from knowledge.rules import Group, Judge, Leaf, Node, leaves

_MEMORY = 8192  # states of trees whose weights are remembered
_RARE = 0.01  # no open leaf is taken for certain
_ELSEWHERE = "00"  # a place that no rule names


class _Open(NamedTuple):
    """A leaf with its bit and the chance that it holds while nothing is known of its fact."""

    bit: int
    fact: str
    chance: float


class _Plan(NamedTuple):
    """A group as the weights look at it: its own leaves, what a person decides, and the groups in it."""

    kind: str
    plain: int  # bits of the leaves that facts decide, at best as at worst
    local: int  # bits of those that a locality may relax
    judged: bool  # whether a person's judgement stands among the children
    leaves: tuple[_Open, ...]
    groups: tuple[_Plan, ...]


class _Seen(NamedTuple):
    """A group that is still open: the chance that it holds, its open leaves and the groups in it that are open."""

    chance: float
    kind: str
    leaves: tuple[_Open, ...] = ()
    groups: tuple[_Seen, ...] = ()


class Weights:
    """Of each fact that a tree hangs on, the chance that the tree stands or falls with it."""

    def __init__(self, rules: Ruleset, facts: Mapping[str, Fact]) -> None:
        self._rules, self._facts = rules, facts
        self._values: dict[str, tuple[Possible, ...]] = {}
        self._plans: dict[int, _Plan] = {}
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
                _share(_seen(self._plan(tree), judged.true, judged.false, best), 1.0, found)
            weights = self._memory[state] = found
        return weights

    def _plan(self, node: Node) -> _Plan:
        plan = self._plans.get(id(node))
        if plan is None:
            plan = self._plans[id(node)] = self._planned(node)
        return plan

    def _planned(self, node: Node) -> _Plan:
        children = node.children if isinstance(node, Group) else (node,)
        own = [each for each in children if isinstance(each, Leaf)]
        plain, local = [each for each in own if not each.local], [each for each in own if each.local]
        return _Plan(
            node.kind if isinstance(node, Group) else "all",
            reduce(or_, map(self._rules.bits, plain), 0),
            reduce(or_, map(self._rules.bits, local), 0),
            any(isinstance(each, Judge) for each in children),
            tuple(_Open(self._rules.bits(each), each.fact, self._chance(each)) for each in own),
            tuple(self._plan(each) for each in children if isinstance(each, Group)),
        )

    def _chance(self, leaf: Leaf) -> float:
        values = self._values_of(leaf.fact)
        holds = sum(leaf.test(value) is True for value in values) / len(values)
        return min(max(holds, _RARE), 1 - _RARE)

    def _values_of(self, name: str) -> tuple[Possible, ...]:
        if name not in self._values:
            wants = (leaf.want for tree in self._rules.trees for leaf in leaves(tree) if leaf.fact == name)
            self._values[name] = tuple(told_apart(self._facts[name], wants))
        return self._values[name]


def _seen(plan: _Plan, true: int, false: int, best: bool) -> _Seen:
    if plan.kind == "not":
        return _turned(plan, true, false, best)
    every = plan.kind == "all"
    against, settled = (false, true) if every else (true, false)
    # What a locality or a person may decide goes the family's way at best: it decides an `any`, and leaves an `all`.
    given = plan.judged or bool(plan.local) if best else plan.judged
    looked_at = plan.plain if best else plan.plain | plan.local
    if against & looked_at or (given and best is not every):
        return _Seen(float(not every), plan.kind)
    open_bits = looked_at & ~settled
    open_leaves = tuple([each for each in plan.leaves if each.bit & open_bits]) if open_bits else ()
    groups = []
    for inner in plan.groups:
        child = _seen(inner, true, false, best)
        if child.chance == (not every):  # one child decides it
            return _Seen(child.chance, plan.kind)
        if child.chance != every:
            groups.append(child)
    chances = [*(leaf.chance for leaf in open_leaves), *(group.chance for group in groups)]
    whole = prod(chances if every else (1 - chance for chance in chances))
    return _Seen(whole if every else 1 - whole, plan.kind, open_leaves, tuple(groups))


def _turned(plan: _Plan, true: int, false: int, best: bool) -> _Seen:
    """A `not` over its one child."""
    child = _seen(plan._replace(kind="all"), true, false, not best)
    return _Seen(1 - child.chance, "not", (), (child,))


def _share(seen: _Seen, weight: float, found: dict[str, float]) -> None:
    """Hand the weight of a group down to its open leaves: a child counts where its siblings leave it to decide."""
    if seen.kind == "not":
        _share(seen.groups[0], weight, found)
        return
    every = seen.kind == "all"
    whole = weight * (seen.chance if every else 1 - seen.chance)
    for leaf in seen.leaves:
        found[leaf.fact] = found.get(leaf.fact, 0.0) + whole / (leaf.chance if every else 1 - leaf.chance)
    for each in seen.groups:
        _share(each, whole / (each.chance if every else 1 - each.chance), found)


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
