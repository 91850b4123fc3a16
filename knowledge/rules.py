"""Conditions, compiled: yes, no or not known yet over the values still possible, and the shortest reason why.

A locality or a person may decide some leaves. Every tree is therefore evaluated twice: *at best* (each such leaf goes
the family's way) and *at worst*. Source of the method: Kleene's strong three-valued logic.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any

from knowledge.known import Facts, Members, OneOf, Part, Possible, Span
from knowledge.region import within

Truth = bool | None
Test = Callable[[Possible], Truth]


@dataclass(frozen=True)
class Leaf:
    """One condition on one fact, with its clause.

    `local` names who may decide otherwise when it is false; `presume` is what holds while nobody has said anything.
    """

    fact: str
    operator: str
    want: Any
    says: str
    cites: tuple[str, ...]
    local: str | None
    presume: bool | None
    test: Test


@dataclass(frozen=True)
class Judge:
    """What no stated fact settles: a person's judgement, a silence of the text or a clause known from memory only."""

    says: str
    ask: str
    cites: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """`all`, `any` or `not` of its children; with `says` it is a reason of its own."""

    kind: str
    children: tuple[Node, ...]
    says: str = ""
    cites: tuple[str, ...] = ()


Node = Leaf | Judge | Group


def truth(node: Node, facts: Facts, best: bool) -> Truth:
    """Kleene value of a tree; `best` decides for the family what persons and localities may decide."""
    if isinstance(node, Judge):
        return best
    if isinstance(node, Leaf):
        return _leaf_truth(node, facts, best)
    if node.kind == "not":
        inner = truth(node.children[0], facts, not best)
        return None if inner is None else not inner
    decisive = node.kind == "any"
    unknown = False
    for child in node.children:
        value = truth(child, facts, best)
        if value is decisive:
            return decisive
        unknown = unknown or value is None
    return None if unknown else not decisive


def _leaf_truth(leaf: Leaf, facts: Facts, best: bool) -> Truth:
    if leaf.local and best:
        return True
    have = facts.get(leaf.fact)
    if have is None:
        return leaf.presume
    return leaf.test(have)


def open_facts(node: Node, facts: Facts, best: bool) -> Iterator[str]:
    """Facts whose value can still change the tree's truth."""
    if truth(node, facts, best) is not None:
        return
    if isinstance(node, Leaf):
        yield node.fact
        return
    assert isinstance(node, Group)
    inner = not best if node.kind == "not" else best
    for child in node.children:
        yield from open_facts(child, facts, inner)


def reason(node: Node, facts: Facts, best: bool, want: bool) -> tuple[Node, ...]:
    """A smallest set of leaves (or groups that speak for themselves) which makes the tree what it is."""
    if not isinstance(node, Group):
        return (node,)
    if node.kind == "not":
        return (node,) if node.says else reason(node.children[0], facts, not best, not want)
    agreeing = [child for child in node.children if truth(child, facts, best) is want]
    found = [reason(child, facts, best, want) for child in agreeing]
    one_is_enough = (node.kind == "any") is want
    chosen = min(found, key=len) if one_is_enough else tuple(dict.fromkeys(leaf for each in found for leaf in each))
    # A no over many leaves is told by the group's own words; a yes always by what the family said.
    return (node,) if node.says and not want and len(chosen) > 1 else chosen


def judgements(node: Node, facts: Facts) -> tuple[Node, ...]:
    """A smallest set of what persons or localities have to decide, where at best it holds and at worst not."""
    if truth(node, facts, False) is not False or truth(node, facts, True) is not True:
        return ()
    if not isinstance(node, Group):
        return (node,)
    found = [each for child in node.children if (each := judgements(child, facts))]
    if node.kind == "any":
        return min(found, key=len, default=())
    return tuple(dict.fromkeys(leaf for each in found for leaf in each))


def shortest(node: Node, facts: Facts, shut: Collection[str], best: bool) -> frozenset[str] | None:
    """A smallest set of open facts that could make the tree hold; None when nothing can.

    `shut` holds facts that will not become known. It guides the order of questions only, never an outcome.
    """
    value = truth(node, facts, best)
    if value is not None:
        return frozenset() if value else None
    if isinstance(node, Leaf):
        return None if node.fact in shut else frozenset([node.fact])
    assert isinstance(node, Group)
    if node.kind == "not":
        return frozenset(open_facts(node, facts, best)) - frozenset(shut) or None
    found = [shortest(child, facts, shut, best) for child in node.children]
    if node.kind == "any":
        return min((each for each in found if each is not None), key=len, default=None)
    if any(each is None for each in found):
        return None
    return frozenset().union(*(each for each in found if each))


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    if isinstance(node, Group):
        for child in node.children:
            yield from walk(child)


def leaves(node: Node) -> Iterator[Leaf]:
    return (each for each in walk(node) if isinstance(each, Leaf))


def compile_test(operator: str, want: Any) -> Test:
    """The test of one leaf on what is known; KeyError for an operator that does not exist."""
    return OPERATORS[operator](want)


def _numbers(holds: Callable[[float, float], bool], rising: bool) -> Callable[[Any], Test]:
    def make(want: Any) -> Test:
        limit = float(want)

        def test(have: Possible) -> Truth:
            assert isinstance(have, Span)
            low = holds(have.low, limit) if have.low is not None else not rising
            high = holds(have.high, limit) if have.high is not None else rising
            return low if low == high else None

        return test

    return make


def _one_of(want: Any) -> Test:
    wanted = frozenset(want if isinstance(want, list | tuple) else [want])

    def test(have: Possible) -> Truth:
        assert isinstance(have, OneOf)
        # A region is inside an area when its code begins with the area's.
        if all(isinstance(each, str) and each.isdigit() for each in wanted | have.values):
            return _agree([_in_areas(str(place), wanted) for place in have.values])
        return _agree([value in wanted for value in have.values])

    return test


def _in_areas(place: str, areas: frozenset[Any]) -> Truth:
    inside = [within(place, str(area)) for area in areas]
    return True if True in inside else None if None in inside else False


def _includes(want: Any) -> Test:
    wanted = frozenset(want if isinstance(want, list | tuple) else [want])

    def test(have: Possible) -> Truth:
        assert isinstance(have, Members)
        return _agree([_part_has(part, wanted) for part in have.alternatives])

    return test


def _part_has(part: Part, wanted: frozenset[str]) -> Truth:
    if part.has & wanted:
        return True
    return False if part.complete or wanted <= part.lacks else None


def _agree(values: list[Truth]) -> Truth:
    return values[0] if all(value is values[0] for value in values) else None


OPERATORS: dict[str, Callable[[Any], Test]] = {
    "is": _one_of,
    "in": _one_of,
    "includes": _includes,
    "includes_any": _includes,
    "below": _numbers(lambda have, want: have < want, rising=False),
    "at_most": _numbers(lambda have, want: have <= want, rising=False),
    "above": _numbers(lambda have, want: have > want, rising=True),
    "at_least": _numbers(lambda have, want: have >= want, rising=True),
}
OPERATORS_OF_KIND = {
    "bool": ("is",),
    "enum": ("is", "in"),
    "region": ("is", "in"),
    "date": (),
    "set": ("includes", "includes_any"),
    "number": ("below", "at_most", "above", "at_least"),
}
