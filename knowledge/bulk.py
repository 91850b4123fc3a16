"""Outcomes of a whole roll of children at once.

Columns are dictionary-encoded and every leaf becomes a row of bits, one bit a child, so that a condition over a million
children is a few operations on 125 kB. The same trees as in `kleene`; a child of whom something is half known is looked
at alone, because the ways in which it can be have to be gone through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.assess import OUTCOMES
from knowledge.assess import outcomes as outcomes_of_one
from knowledge.follow import FOLLOWS, derived
from knowledge.known import Facts, Possible, half_known
from knowledge.library import Library
from knowledge.rules import Judge, Leaf, Node

Codes = npt.NDArray[np.int16]
Bits = npt.NDArray[np.uint8]

ABSENT = -1
_TOGETHER = 1 << 16  # children whose columns stay in a processor's cache


@dataclass(frozen=True)
class Column:
    """What is known of one fact: `codes[child]` is the place of its value in `values`, -1 when nothing is known."""

    values: tuple[Possible, ...]
    codes: Codes


@dataclass(frozen=True)
class Roll:
    """Many children, column by column."""

    size: int
    columns: Mapping[str, Column]

    @classmethod
    def of(cls, children: Sequence[Facts]) -> Roll:
        """The roll of children whose facts are known one by one."""
        places: dict[str, dict[Possible, int]] = {}
        codes: dict[str, Codes] = {}
        for index, facts in enumerate(children):
            for name, possible in facts.items():
                if name not in codes:
                    codes[name] = np.full(len(children), ABSENT, np.int16)
                    places[name] = {}
                codes[name][index] = places[name].setdefault(possible, len(places[name]))
        return cls(len(children), {name: Column(tuple(places[name]), codes[name]) for name in codes})

    def part(self, first: int, end: int) -> Roll:
        """The children from `first` up to `end`, which may lie behind the last."""
        columns = {name: Column(each.values, each.codes[first:end]) for name, each in self.columns.items()}
        return Roll(min(end, self.size) - first, columns)

    def child(self, index: int) -> Facts:
        """The facts of one child."""
        known = {name: int(column.codes[index]) for name, column in self.columns.items()}
        return {name: self.columns[name].values[code] for name, code in known.items() if code != ABSENT}


def outcomes(library: Library, roll: Roll, as_of: date) -> dict[str, npt.NDArray[np.uint8]]:
    """For every entitlement, each child's outcome as its place in OUTCOMES."""
    whole = _completed(library, roll, as_of)
    found = {policy_id: np.empty(roll.size, np.uint8) for policy_id in library.policies}

    def look_at(first: int) -> None:
        rows = Rows(whole.part(first, first + _TOGETHER))
        for policy_id, tree in library.law(as_of).trees.items():
            found[policy_id][first : first + _TOGETHER] = _outcomes(rows, tree)

    with ThreadPoolExecutor() as threads:  # numpy lets go of the interpreter while it works
        list(threads.map(look_at, range(0, roll.size, _TOGETHER)))
    for index in _half_known(roll):
        for policy_id, outcome in outcomes_of_one(library, roll.child(index), as_of).items():
            found[policy_id][index] = OUTCOMES.index(outcome)
    return found


def _outcomes(rows: Rows, tree: Node) -> npt.NDArray[np.uint8]:
    """Decided in the order of docs/http.md."""
    can_best, must_worst = rows.bits(tree, False, True), rows.bits(tree, True, False)
    left = rows.bits(tree, True, True) & ~rows.bits(tree, False, False)
    found = np.full(rows.size, OUTCOMES.index("needs_facts"), np.uint8)
    found[rows.children(left)] = OUTCOMES.index("ask_local")
    found[rows.children(must_worst)] = OUTCOMES.index("eligible")
    found[rows.children(~can_best)] = OUTCOMES.index("not_eligible")
    return found


def _half_known(roll: Roll) -> list[int]:
    found = np.zeros(roll.size, bool)
    for column in roll.columns.values():
        half = [code for code, possible in enumerate(column.values) if half_known(possible)]
        if half:
            found |= np.isin(column.codes, half)
    return [int(index) for index in np.flatnonzero(found)]


def _completed(library: Library, roll: Roll, as_of: date) -> Roll:
    """The roll with what follows from what was stated, as `Library.completed` does for one child."""
    columns = dict(roll.columns)
    born = columns.get("child.born")
    if born is not None:
        ages = [library.completed({"child.born": value}, as_of).get("child.age") for value in born.values]
        columns["child.age"] = _overlaid(columns.get("child.age"), born.codes, ages)
    columns.update(_placed(columns, as_of))
    for when, then in library.implied:
        rows = Rows(Roll(roll.size, columns))
        holds = rows.children(rows.bits(when, True, False))
        for name, possible in then.items():
            column = columns.get(name) or Column((), np.full(roll.size, ABSENT, np.int16))
            codes = np.where(holds & (column.codes == ABSENT), len(column.values), column.codes).astype(np.int16)
            columns[name] = Column((*column.values, possible), codes)
    return Roll(roll.size, columns)


def _placed(columns: Mapping[str, Column], as_of: date) -> dict[str, Column]:
    """What follows from two places, looked at once for each pair of them."""
    found = {}
    for name, (one, other) in FOLLOWS.items():
        first, second = columns.get(one), columns.get(other)
        if first is None or second is None:
            continue
        both = (first.codes != ABSENT) & (second.codes != ABSENT)
        many = len(second.values)
        pairs, codes = np.unique(
            np.where(both, first.codes.astype(np.int64) * many + second.codes, ABSENT), return_inverse=True
        )
        values = [
            derived({one: first.values[pair // many], other: second.values[pair % many]}, as_of).get(name)
            if pair != ABSENT
            else None
            for pair in map(int, pairs)
        ]
        found[name] = _overlaid(columns.get(name), codes, values)
    return found


def _overlaid(column: Column | None, codes: npt.NDArray[Any], values: Sequence[Possible | None]) -> Column:
    """The column with other values where those are known."""
    if column is None:
        column = Column((), np.full(len(codes), ABSENT, np.int16))
    first = len(column.values)
    known = list(dict.fromkeys(value for value in values if value is not None))
    places = [first + known.index(value) if value is not None else ABSENT for value in values]
    new = np.array([*places, ABSENT], np.int16)[codes]
    return Column((*column.values, *known), np.where(new == ABSENT, column.codes, new).astype(np.int16))


class Rows:
    """Rows of bits for nodes and leaves, each made once."""

    def __init__(self, roll: Roll) -> None:
        self.size = roll.size
        self._roll = roll
        self._none = np.zeros((roll.size + 7) // 8, np.uint8)
        self._valued: dict[tuple[str, int], Bits] = {}
        self._leaves: dict[tuple[Any, ...], Bits] = {}

    def children(self, bits: Bits) -> npt.NDArray[np.bool_]:
        """Which children have their bit set."""
        return np.unpackbits(bits, count=self.size).view(bool)

    def bits(self, node: Node, must: bool, best: bool) -> Bits:
        """The children for whom the tree holds for certain (`must`), or still can."""
        if isinstance(node, Judge) or (isinstance(node, Leaf) and node.local and best):
            return ~self._none if best else self._none
        if isinstance(node, Leaf):
            return self._leaf(node, must)
        if node.kind == "not":
            return ~self.bits(node.children[0], not must, not best)
        parts = [self.bits(child, must, best) for child in node.children]
        if node.kind == "any":
            return reduce(np.bitwise_or, parts, self._none)
        return reduce(np.bitwise_and, parts, ~self._none)

    def _leaf(self, leaf: Leaf, must: bool) -> Bits:
        key = (leaf.fact, leaf.operator, leaf.want, leaf.presume, must)
        if key not in self._leaves:
            column = self._roll.columns.get(leaf.fact)
            values = [leaf.presume, *(leaf.test(each) for each in column.values)] if column else [leaf.presume]
            holds = [
                code for code, value in enumerate(values, ABSENT) if (value is True if must else value is not False)
            ]
            self._leaves[key] = reduce(np.bitwise_or, (self._having(leaf.fact, code) for code in holds), self._none)
        return self._leaves[key]

    def _having(self, name: str, code: int) -> Bits:
        """The children of whom this value of the fact is known (-1: none is)."""
        if (name, code) not in self._valued:
            column = self._roll.columns.get(name)
            self._valued[name, code] = np.packbits(column.codes == code) if column else ~self._none
        return self._valued[name, code]
