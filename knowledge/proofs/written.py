"""The trees of all entitlements with the place where each condition is written: a concept is written once for all."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from knowledge.conditions import Builder
from knowledge.files import read_yaml
from knowledge.law import turning_days_of
from knowledge.library import Library
from knowledge.local import NATIONAL, SOURCES, load_local
from knowledge.overlay import merged
from knowledge.rules import Group, Node, walk


class Written:
    """`trees` by entitlement; `places` gives for each written condition the nodes that were built from it."""

    def __init__(self, library: Library) -> None:
        builder = _Tracing(library)
        national = library.root / "policies" / NATIONAL
        policies = {
            path.stem: replace(
                library.policies[path.stem],
                conditions=builder.build(path, "conditions", read_yaml(path, dict)["conditions"]),
            )
            for path in sorted(national.glob("*.yml"))
        }
        self.national: dict[str, Node] = {name: policy.conditions for name, policy in policies.items()}
        local = [path for path in (library.root / "policies").glob("[0-9]*/*.yml") if path.name != SOURCES]
        for path in sorted(local, key=lambda path: (len(path.parent.name), path)):
            file = load_local(path, builder, library.documents, library.regions, library.words)
            before, policies[path.stem] = policies[path.stem], merged(policies[path.stem], file, path)
            builder.carry(before.conditions, policies[path.stem].conditions)
        self.trees: dict[str, Node] = {name: policy.conditions for name, policy in policies.items()}
        self.started = {name: library.policies[name].started for name in self.trees}
        self.ended = {name: library.policies[name].ended for name in self.trees}
        self._place = builder.place
        # What a place lays over a condition stands at every use of it: such a node has several parents.
        self.parents: dict[int, set[int]] = defaultdict(set)
        self.tree_of: dict[int, str] = {}
        self.places: dict[str, list[Node]] = defaultdict(list)
        for name, tree in self.trees.items():
            for node in walk(tree):
                if id(node) in self._place and id(node) not in self.tree_of:
                    self.places[self._place[id(node)]].append(node)
                self.tree_of[id(node)] = name
                for child in node.children if isinstance(node, Group) else ():
                    self.parents[id(child)].add(id(node))
        self.nodes = {id(node): node for tree in self.trees.values() for node in walk(tree)}

    def parent(self, node: Node) -> Node | None:
        """One group that it stands in; None for the whole tree."""
        return next((self.nodes[each] for each in self.parents.get(id(node), ())), None)

    def touched(self, nodes: Iterable[int]) -> frozenset[int]:
        """The nodes and everything above them."""
        found: set[int] = set()
        left = list(nodes)
        while left:
            each = left.pop()
            if each not in found:
                found.add(each)
                left.extend(self.parents.get(each, ()))
        return frozenset(found)

    def not_law(self, day: date) -> frozenset[int]:
        """The nodes that are no law on a day (knowledge/rules.py: law_on)."""
        dead: set[int] = set()
        for name, tree in self.trees.items():
            started, ended = self.started[name], self.ended[name]
            _lapsed(tree, day, dead)
            _lapsed(self.national[name], day, dead)
            if (started and day < started) or (ended and ended < day):
                dead |= {id(tree), id(self.national[name])}
        return frozenset(dead)


def days_of_law(library: Library, latest: date) -> tuple[date, ...]:
    """One day of every law there has been, the law of `latest` first."""
    turning = [day for day in turning_days_of(library.policies) if day <= latest]
    return (latest, *reversed([day - timedelta(days=1) for day in turning]))


def period_of(days: tuple[date, ...], day: date) -> int:
    """The place among `days` of the law of a day."""
    earlier = sorted(days)[:-1]
    return len(days) - 1 - bisect_left(earlier, day)


def _lapsed(node: Node, day: date, dead: set[int]) -> bool:
    if not isinstance(node, Group):
        return False
    below = [_lapsed(child, day, dead) for child in node.children]
    out = bool((node.since and day < node.since) or (node.until and node.until < day))
    if out or (below and all(below)):
        dead.add(id(node))
        return True
    return False


class _Tracing(Builder):
    """Remembers of every node the file and field it was built from, concepts under their own name."""

    def __init__(self, library: Library) -> None:
        concepts = read_yaml(library.root / "concepts.yml", dict)
        super().__init__(library.facts, library.sources, concepts)
        self.place: dict[int, str] = {}
        self._held: list[Node] = []

    def build(self, file: Path, field: str, record: Any) -> Node:
        node = super().build(file, field, record)
        place = self._written_at(file, field)
        if isinstance(record, dict) and ("from" in record or "until" in record):
            place += ".dated"
        self.place[id(node)] = place
        self._held.append(node)
        return node

    def carry(self, before: Node, after: Node) -> None:
        """A group that a place's file was laid over stays the one that is written; what is new is the place's own."""
        if before is after or not isinstance(after, Group):
            return
        self._held.append(after)
        if isinstance(before, Group) and before.kind == after.kind and len(before.children) == len(after.children):
            self.place[id(after)] = self.place.get(id(before), "")
            for one, other in zip(before.children, after.children, strict=True):
                self.carry(one, other)
        else:
            self.carry(before, after.children[0])

    def _written_at(self, file: Path, field: str) -> str:
        parts = field.split(".")
        for index in range(len(parts) - 1, 0, -1):
            if parts[index] in self.concepts:
                return f"concepts.yml {'.'.join(parts[index:])}"
        folder = "" if file.parent.name == NATIONAL else f"{file.parent.name}/"
        return f"{folder}{file.name} {field}"
