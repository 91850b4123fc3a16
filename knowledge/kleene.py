"""Yes, no or not known yet: trees of conditions over the values still possible, and the shortest reason why.

Each leaf is judged once for all trees. What a set of facts answers is two whole numbers, one bit a leaf: certainly
true, certainly false. A locality or a person may decide some leaves, so every tree has two values: *at best* (each
such leaf goes the family's way) and *at worst*. Source of the method: Kleene's strong three-valued logic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import or_
from typing import NamedTuple

from knowledge.known import Facts, Possible
from knowledge.rules import Group, Judge, Leaf, Node, Test, Truth, leaves, of_place

_MEMORY = 4096  # values of one fact whose leaves are remembered
_STATES = 65536  # states of trees whose open facts are remembered


class Judged(NamedTuple):
    """The leaves that are certainly true and those that are certainly false, one bit each."""

    true: int
    false: int


Check = Callable[[int, int], bool]


class Checks(NamedTuple):
    """Of one node, at worst and at best: whether it holds for certain, and whether it still can."""

    must: tuple[Check, Check]
    can: tuple[Check, Check]


class Ruleset:
    """Trees whose leaves are numbered together. The functions take nodes of these trees only."""

    def __init__(self, trees: Iterable[Node]) -> None:
        self.trees = tuple(trees)  # held, so that a node's id stays its own
        self._bits: dict[int, int] = {}
        self._columns: dict[str, _Column] = {}
        self._checks: dict[int, Checks] = {}
        self._open: dict[tuple[int, bool, int, int], frozenset[str]] = {}
        numbered: dict[tuple[object, ...], int] = {}
        for leaf in (leaf for tree in self.trees for leaf in leaves(tree)):
            key = (leaf.fact, leaf.operator, leaf.want, leaf.presume)
            if key not in numbered:
                numbered[key] = 1 << len(numbered)
                self._columns.setdefault(leaf.fact, _Column()).add(numbered[key], leaf)
            self._bits[id(leaf)] = numbered[key]
        self._unsaid = Judged(*(sum(each.unsaid[side] for each in self._columns.values()) for side in (0, 1)))

    def judged(self, facts: Facts) -> Judged:
        """Every leaf on these facts. A leaf on an absent fact is what it presumes, else open."""
        true, false = self._unsaid
        for name, possible in facts.items():
            column = self._columns.get(name)
            if column is not None:
                more_true, more_false = column.learned(possible)
                true += more_true
                false += more_false
        return Judged(true, false)

    def bits(self, node: Node) -> int:
        """The leaves of a node."""
        bits = self._bits.get(id(node))
        if bits is None:
            bits = self._bits[id(node)] = reduce(or_, (self._bits[id(leaf)] for leaf in leaves(node)), 0)
        return bits

    def outcome(self, tree: Node, judged: Judged) -> str:
        """Decided in the order of docs/http.md."""
        must, can = self._of(tree)
        if not can[True](*judged):
            return "not_eligible"
        if must[False](*judged):
            return "eligible"
        return "ask_local" if must[True](*judged) and not can[False](*judged) else "needs_facts"

    def truth(self, node: Node, judged: Judged, best: bool) -> Truth:
        """Kleene value of a tree; `best` decides for the family what persons and localities may decide."""
        must, can = self._of(node)
        if must[best](*judged):
            return True
        return None if can[best](*judged) else False

    def open_facts(self, node: Node, judged: Judged, best: bool) -> frozenset[str]:
        """Facts whose value can still change the tree's truth."""
        bits = self.bits(node)
        state = (id(node), best, judged.true & bits, judged.false & bits)
        found = self._open.get(state)
        if found is None:
            if len(self._open) >= _STATES:
                self._open.clear()
            found = self._open[state] = frozenset(self._still_open(node, judged, best))
        return found

    def _still_open(self, node: Node, judged: Judged, best: bool) -> Iterator[str]:
        if isinstance(node, Leaf):
            if self._is_open(node, judged, best):
                yield node.fact
        elif isinstance(node, Group) and self.truth(node, judged, best) is None:
            inner = not best if node.kind == "not" else best
            for child in node.children:
                yield from self._still_open(child, judged, inner)

    def _is_open(self, leaf: Leaf, judged: Judged, best: bool) -> bool:
        return not (best and leaf.local) and not (judged.true | judged.false) & self._bits[id(leaf)]

    def reason(self, node: Node, judged: Judged, best: bool, want: bool) -> tuple[Node, ...]:
        """A smallest set of leaves (or groups that speak for themselves) which makes the tree what it is."""
        if not isinstance(node, Group):
            return (node,)
        if node.kind == "not":
            return (node,) if node.says else self.reason(node.children[0], judged, not best, not want)
        agreeing = [
            child
            for child in node.children
            if self.truth(child, judged, best) is want and not self._elsewhere(child, judged)
        ]
        found = [self.reason(child, judged, best, want) for child in agreeing]
        one_is_enough = (node.kind == "any") is want
        chosen = min(found, key=len) if one_is_enough else tuple(dict.fromkeys(leaf for each in found for leaf in each))
        # A no over many leaves (or over none) is told by the group's own words; a yes by what the family said.
        return (node,) if node.says and not want and len(chosen) != 1 else chosen

    def _elsewhere(self, node: Node, judged: Judged) -> bool:
        """Whether it is what another place wrote: no reason for anybody here."""
        belongs = of_place(node)
        return belongs is not None and self.truth(belongs, judged, False) is not True

    def judgements(self, node: Node, judged: Judged) -> tuple[Node, ...]:
        """A smallest set of what persons or localities have to decide, where at best it holds and at worst not."""
        if self.truth(node, judged, False) is not False or self.truth(node, judged, True) is not True:
            return ()
        if not isinstance(node, Group):
            return (node,)
        found = [each for child in node.children if (each := self.judgements(child, judged))]
        if node.kind == "any":
            return min(found, key=len, default=())
        return tuple(dict.fromkeys(leaf for each in found for leaf in each))

    def _of(self, node: Node) -> Checks:
        checks = self._checks.get(id(node))
        if checks is None:
            checks = self._checks[id(node)] = self._compiled(node)
        return checks

    def _compiled(self, node: Node) -> Checks:
        if isinstance(node, Group) and node.kind == "not":
            must, can = self._of(node.children[0])
            return Checks((_not(can[True]), _not(can[False])), (_not(must[True]), _not(must[False])))
        kind = node.kind if isinstance(node, Group) else "all"
        children = tuple(_flat(kind, node))
        make = _any if kind == "any" else _all

        def both(must: bool) -> tuple[Check, Check]:
            worst, best = (make(*self._parts(children, must, side), must) for side in (False, True))
            return worst, best

        return Checks(both(True), both(False))

    def _parts(self, children: Iterable[Node], must: bool, best: bool) -> tuple[int, tuple[Check, ...]]:
        """The bits of the leaves among the children, and the checks of the rest."""
        bits = 0
        rest: list[Check] = []
        for child in children:
            if isinstance(child, Judge) or (isinstance(child, Leaf) and child.local and best):
                rest.append(_yes if best else _no)
            elif isinstance(child, Leaf):
                bits |= self._bits[id(child)]
            else:
                checks = self._of(child)
                rest.append((checks.must if must else checks.can)[best])
        return bits, tuple(rest)


def _flat(kind: str, node: Node) -> Iterator[Node]:
    """The children, with those of groups that only repeat the kind or hold one condition in their place."""
    for child in node.children if isinstance(node, Group) else (node,):
        if isinstance(child, Group) and child.kind != "not" and (child.kind == kind or len(child.children) == 1):
            yield from _flat(kind, child)
        else:
            yield child


class _Column:
    """The leaves on one fact."""

    def __init__(self) -> None:
        self._tests: list[tuple[int, Test]] = []
        self._memory: dict[Possible, tuple[int, int]] = {}
        self.unsaid = (0, 0)

    def add(self, bit: int, leaf: Leaf) -> None:
        self._tests.append((bit, leaf.test))
        true, false = self.unsaid
        self.unsaid = (true | (bit if leaf.presume is True else 0), false | (bit if leaf.presume is False else 0))

    def learned(self, possible: Possible) -> tuple[int, int]:
        """What to add to the bits of the unsaid fact to get those of this value."""
        known = self._memory.get(possible)
        if known is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            values = [(bit, test(possible)) for bit, test in self._tests]
            true = sum(bit for bit, value in values if value is True)
            false = sum(bit for bit, value in values if value is False)
            known = self._memory[possible] = (true - self.unsaid[0], false - self.unsaid[1])
        return known


def _yes(true: int, false: int) -> bool:
    return True


def _no(true: int, false: int) -> bool:
    return False


def _not(check: Check) -> Check:
    return lambda true, false: not check(true, false)


def _any(bits: int, rest: tuple[Check, ...], must: bool) -> Check:
    def certain(true: int, false: int) -> bool:
        if true & bits:
            return True
        for check in rest:
            if check(true, false):
                return True
        return False

    def possible(true: int, false: int) -> bool:
        if false & bits != bits:
            return True
        for check in rest:
            if check(true, false):
                return True
        return False

    return certain if must else possible


def _all(bits: int, rest: tuple[Check, ...], must: bool) -> Check:
    def certain(true: int, false: int) -> bool:
        if true & bits != bits:
            return False
        for check in rest:
            if not check(true, false):
                return False
        return True

    def possible(true: int, false: int) -> bool:
        if false & bits:
            return False
        for check in rest:
            if not check(true, false):
                return False
        return True

    return certain if must else possible
