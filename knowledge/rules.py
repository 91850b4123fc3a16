"""The conditions of an entitlement as a tree, and the test of each leaf on the values still possible of a fact."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from knowledge.known import Members, OneOf, Part, Possible, Span
from knowledge.region import within

Truth = bool | None
Test = Callable[[Possible], Truth]


@dataclass(frozen=True)
class Leaf:
    """One condition on one fact, with its clause.

    `local` names who may decide otherwise when it is false; `presume` is what holds while nobody has said anything;
    by its `id` a place says what holds there (knowledge/local.py).
    """

    fact: str
    operator: str
    want: Any
    says: str
    cites: tuple[str, ...]
    local: str | None
    presume: bool | None
    test: Test
    id: str = ""


@dataclass(frozen=True)
class Judge:
    """What no stated fact settles: a person's judgement, a silence of the text or a clause known from memory only."""

    says: str
    ask: str
    cites: tuple[str, ...]
    id: str = ""


@dataclass(frozen=True)
class Group:
    """`all`, `any` or `not` of its children; with `says` it is a reason of its own.

    `since` and `until` are the first and the last day on which it is law; outside them it is as if not written.
    `place` is the code of the locality that wrote it; its first leaf says that the child belongs there.
    """

    kind: str
    children: tuple[Node, ...]
    says: str = ""
    cites: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    place: str = ""


Node = Leaf | Judge | Group


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    if isinstance(node, Group):
        for child in node.children:
            yield from walk(child)


def leaves(node: Node) -> Iterator[Leaf]:
    return (each for each in walk(node) if isinstance(each, Leaf))


def of_place(node: Node) -> Leaf | None:
    """The leaf by which a locality's group holds only there; None for what is written for the whole country."""
    return next(leaves(node)) if isinstance(node, Group) and node.place else None


def law_on(node: Node, day: date) -> Node | None:
    """The tree without what is not law on that day; None when nothing of it is."""
    if not isinstance(node, Group):
        return node
    if (node.since and day < node.since) or (node.until and node.until < day):
        return None
    kept = tuple(child for child in (law_on(each, day) for each in node.children) if child is not None)
    if not kept:
        return None
    same = len(kept) == len(node.children) and all(a is b for a, b in zip(kept, node.children, strict=True))
    return node if same else replace(node, children=kept)


def turning_days(node: Node) -> set[date]:
    """The days from which another tree is law."""
    groups = [each for each in walk(node) if isinstance(each, Group)]
    begun = {each.since for each in groups if each.since}
    return begun | {each.until + timedelta(days=1) for each in groups if each.until}


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
