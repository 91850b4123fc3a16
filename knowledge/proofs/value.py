"""The worth of a tree at best and at worst over any algebra: bits of many families, or formulas of a solver."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from knowledge.rules import Group, Judge, Leaf, Node

V = TypeVar("V")
Two = tuple[V, V]  # certainly true, certainly false
_NOTHING: Mapping[int, Node] = {}


DECIDED = ("not_eligible", "eligible", "ask_local")
Outcome = tuple[V, V, V]  # where it is each of these; what is none of them needs facts


class Valuation(Generic[V]):
    """Values of trees; `dead` holds the nodes that are not law, which are as if not written."""

    def __init__(
        self,
        leaf: Callable[[Leaf], Two[V]],
        both: Callable[[Iterable[V]], V],
        either: Callable[[Iterable[V]], V],
        dead: frozenset[int] = frozenset(),
    ) -> None:
        self._leaf, self._both, self._either, self._dead = leaf, both, either, dead
        self._cache: dict[tuple[int, bool], Two[V]] = {}
        self._held: list[Node] = []
        self._yes: Two[V] = (both(()), either(()))
        self._no: Two[V] = (either(()), both(()))

    def of(
        self, node: Node, best: bool, swap: Mapping[int, Node] = _NOTHING, touched: frozenset[int] = frozenset()
    ) -> Two[V]:
        """With `swap` other nodes stand in the place of some; `touched` are those and everything above them."""
        if id(node) in swap:
            return self._made(swap[id(node)], best, swap, touched)
        if id(node) in touched:
            return self._made(node, best, swap, touched)
        found = self._cache.get((id(node), best))
        if found is None:
            found = self._cache[id(node), best] = self._made(node, best, swap, touched)
            self._held.append(node)
        return found

    def outcome(
        self, node: Node, swap: Mapping[int, Node] = _NOTHING, touched: frozenset[int] = frozenset()
    ) -> Outcome[V]:
        """In the order of docs/http.md; a tree that is not law refuses."""
        if id(node) in self._dead:
            return self._yes[0], self._yes[1], self._yes[1]
        at_best, at_worst = (self.of(node, best, swap, touched) for best in (True, False))
        return at_best[1], at_worst[0], self._both([at_best[0], at_worst[1]])

    def _made(self, node: Node, best: bool, swap: Mapping[int, Node], touched: frozenset[int]) -> Two[V]:
        if isinstance(node, Judge) or (isinstance(node, Leaf) and node.local and best):
            return self._yes if best else self._no
        if isinstance(node, Leaf):
            return self._leaf(node)
        if node.kind == "not":
            true, false = self.of(node.children[0], not best, swap, touched)
            return false, true
        below = [self.of(child, best, swap, touched) for child in node.children if id(child) not in self._dead]
        trues, falses = [each[0] for each in below], [each[1] for each in below]
        if node.kind == "any":
            return self._either(trues), self._both(falses)
        return self._both(trues), self._either(falses)


CERTAIN = Group("all", ())
NEVER = Group("any", ())
