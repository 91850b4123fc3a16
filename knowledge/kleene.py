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
_STATES = 16384  # states of trees whose open facts are remembered


class Judged(NamedTuple):
    """The leaves that are certainly true and those that are certainly false, one bit each."""

    true: int
    false: int


Check = Callable[[int, int], bool]


class Ruleset:
    """Trees whose leaves are numbered together. The functions take nodes of these trees only."""

    def __init__(self, trees: Iterable[Node]) -> None:
        self.trees = tuple(trees)  # held, so that a node's id stays its own
        self._bits: dict[int, int] = {}
        self._columns: dict[str, _Column] = {}
        self._checks: tuple[dict[int, tuple[Check, Check]], ...] = ({}, {})  # of nodes, at worst and at best
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
        true, false = judged
        must_best, can_best = self._checks[True].get(id(tree)) or self._compiled(tree, True)
        if not can_best(true, false):
            return "not_eligible"
        must_worst, can_worst = self._checks[False].get(id(tree)) or self._compiled(tree, False)
        if must_worst(true, false):
            return "eligible"
        return "ask_local" if must_best(true, false) and not can_worst(true, false) else "needs_facts"

    def truth(self, node: Node, judged: Judged, best: bool) -> Truth:
        """Kleene value of a tree; `best` decides for the family what persons and localities may decide."""
        true, false = judged
        must, can = self._checks[best].get(id(node)) or self._compiled(node, best)
        if must(true, false):
            return True
        return None if can(true, false) else False

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

    def _compiled(self, node: Node, best: bool) -> tuple[Check, Check]:
        """Whether a node holds for certain, and whether it still can."""
        # One expression takes three fifths of the time of functions that call each other.
        must, can = (f"lambda true, false: {self._expression(node, must, best)}" for must in (True, False))
        checks: tuple[Check, Check] = eval(f"({must}), ({can})", {"__builtins__": {}})
        self._checks[best][id(node)] = checks
        return checks

    def _expression(self, node: Node, must: bool, best: bool) -> str:
        """The check in Python: of whole numbers, `and`, `or` and `not`."""
        if isinstance(node, Group) and node.kind == "not":
            return f"not {self._expression(node.children[0], not must, not best)}"
        kind = node.kind if isinstance(node, Group) else "all"
        bits, parts = 0, []
        for child in _flat(kind, node):
            if isinstance(child, Judge) or (isinstance(child, Leaf) and child.local and best):
                if best is (kind == "any"):
                    return str(best)
            elif isinstance(child, Leaf):
                bits |= self._bits[id(child)]
            else:
                parts.append(self._expression(child, must, best))
        if bits:
            parts.insert(0, _LEAVES[kind, must].format(bits=hex(bits)))
        joined = (" or " if kind == "any" else " and ").join(parts)
        return f"({joined})" if joined else str(kind == "all")


# How the leaves of a group, whose bits are given, hold for certain (True) or still can (False).
_LEAVES = {
    ("any", True): "true & {bits} != 0",
    ("any", False): "false & {bits} != {bits}",
    ("all", True): "true & {bits} == {bits}",
    ("all", False): "false & {bits} == 0",
}


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
