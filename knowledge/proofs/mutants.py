"""Small changes of what is written, each of which some case has to notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from knowledge.fact import Fact
from knowledge.library import Library
from knowledge.proofs.value import CERTAIN, NEVER
from knowledge.proofs.written import Written
from knowledge.rules import Group, Judge, Leaf, Node, compile_test

Change = Callable[[Any], Node]
_TURNED = {"below": "at_most", "at_most": "below", "above": "at_least", "at_least": "above"}


@dataclass(frozen=True)
class Mutant:
    """One change at one written place; a concept is changed for father and mother at once."""

    place: str
    what: str
    swap: dict[int, Node]

    @property
    def name(self) -> str:
        return f"{self.place}: {self.what}"


def mutants(library: Library, written: Written) -> Iterator[Mutant]:
    for place, nodes in written.places.items():
        for what, change in _changes(library, written, nodes[0]):
            yield Mutant(place, what, {id(node): change(node) for node in nodes})


def constants(written: Written) -> Iterator[Mutant]:
    """Every condition and branch taken as always true, and as never true."""
    for place, nodes in written.places.items():
        if written.parent(nodes[0]) is not None and not _repeats(written, nodes[0]):
            yield Mutant(place, "always true", {id(node): CERTAIN for node in nodes})
            yield Mutant(place, "never true", {id(node): NEVER for node in nodes})


def _repeats(written: Written, node: Node) -> bool:
    """Whether it is the only condition of a group and so says nothing that the group does not."""
    parent = written.parent(node)
    return isinstance(parent, Group) and parent.kind != "not" and len(parent.children) == 1


def _changes(library: Library, written: Written, node: Node) -> Iterator[tuple[str, Change]]:
    parent = written.parent(node)
    if isinstance(parent, Group) and parent.kind != "not" and len(parent.children) > 1:
        gone = CERTAIN if parent.kind == "all" else NEVER
        yield "dropped", lambda _: gone
    if isinstance(node, Group) and node.kind in ("all", "any") and len(node.children) > 1:
        turned = "any" if node.kind == "all" else "all"
        yield f"{node.kind} becomes {turned}", lambda each: replace(each, kind=turned)
    if isinstance(node, Judge):
        yield "judge becomes yes", lambda _: CERTAIN
        yield "judge becomes no", lambda _: NEVER
    if isinstance(node, Leaf):
        yield "negated", lambda each: Group("not", (replace(each),))
        yield from _of_leaf(library.facts[node.fact], node)


def _of_leaf(fact: Fact, leaf: Leaf) -> Iterator[tuple[str, Change]]:
    if leaf.local:
        yield "local dropped", lambda each: replace(each, local=None)
    if leaf.presume is not None:
        yield "presume dropped", lambda each: replace(each, presume=None)
        yield "presume turned", lambda each: replace(each, presume=not each.presume)
    if fact.kind == "number":
        step = 0.5 if leaf.want < 7 and fact.step else 1
        yield from (_nudge(leaf.operator, leaf.want + by) for by in (step, -step))
        yield _nudge(_TURNED[leaf.operator], leaf.want)
    elif fact.kind in ("enum", "set"):
        yield from _listed(fact, leaf)


def _listed(fact: Fact, leaf: Leaf) -> Iterator[tuple[str, Change]]:
    wanted = leaf.want if isinstance(leaf.want, tuple) else (leaf.want,)
    operator = "in" if fact.kind == "enum" else "includes_any"
    if len(wanted) > 1:
        for value in wanted:
            yield f"without {value}", _nudge(operator, tuple(each for each in wanted if each != value))[1]
    for value in fact.values:
        if value not in wanted:
            yield f"with {value}", _nudge(operator, (*wanted, value))[1]


def _nudge(operator: str, want: object) -> tuple[str, Change]:
    test = compile_test(operator, want)

    def change(node: Node) -> Node:
        assert isinstance(node, Leaf)
        return replace(node, operator=operator, want=want, test=test)

    return f"{operator} {want}", change
