"""Many families at once: what each condition is worth on every one of them, one bit a family."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import reduce
from typing import Any, NamedTuple

from knowledge.known import Facts, Possible, half_known, parse, worlds
from knowledge.library import Library
from knowledge.proofs.value import DECIDED, Outcome, Two, Valuation
from knowledge.rules import Leaf


class Case(NamedTuple):
    """A golden case as it stands in its file."""

    file: str
    name: str
    facts: Facts
    as_of: date
    expect: dict[str, str]


def read_case(library: Library, file: str, record: dict[str, Any]) -> Case:
    """`told` holds sets as a story tells them: there may be more in them."""
    facts = dict(library.parse(record.get("facts") or {}, record.get("partial") or {}))
    for name, value in (record.get("told") or {}).items():
        facts[name] = parse(library.fact(name), value, False, library.regions)
    return Case(file, record["case"], facts, record["as_of"], record["expect"])


class Pool:
    """Families under one law. Half-known facts make several bits of one family, one for each way."""

    def __init__(self, library: Library, families: Sequence[tuple[Facts, date]]) -> None:
        self._facts: dict[str, dict[Possible, int]] = {}
        self.bits: list[int] = []  # of each family, its bits
        self._single = 0
        self._many: list[int] = []
        position = 0
        for known, as_of in families:
            completed = library.completed(known, as_of)
            half = {name for name, value in completed.items() if half_known(value)}
            ways = list(worlds(completed, half))
            self.bits.append(((1 << len(ways)) - 1) << position)
            if len(ways) > 1:
                self._many.append(self.bits[-1])
            else:
                self._single |= self.bits[-1]
            for way in ways:
                for name, value in way.items():
                    column = self._facts.setdefault(name, {})
                    column[value] = column.get(value, 0) | 1 << position
                position += 1
        self.all = (1 << position) - 1
        self._said = {name: reduce(int.__or__, column.values(), 0) for name, column in self._facts.items()}
        self._leaves: dict[tuple[object, ...], Two[int]] = {}

    def valuation(self, dead: frozenset[int] = frozenset()) -> Valuation[int]:
        def both(values: Iterable[int]) -> int:
            return reduce(int.__and__, values, self.all)

        def either(values: Iterable[int]) -> int:
            return reduce(int.__or__, values, 0)

        return Valuation(self.leaf, both, either, dead)

    def leaf(self, leaf: Leaf) -> Two[int]:
        key = (leaf.fact, leaf.operator, leaf.want, leaf.presume)
        found = self._leaves.get(key)
        if found is None:
            worth = [(leaf.test(value), bits) for value, bits in self._facts.get(leaf.fact, {}).items()]
            true, false = (
                reduce(int.__or__, (bits for is_so, bits in worth if is_so is side), 0) for side in (True, False)
            )
            unsaid = self.all & ~self._said.get(leaf.fact, 0)
            found = (
                true | unsaid if leaf.presume is True else true,
                false | unsaid if leaf.presume is False else false,
            )
            self._leaves[key] = found
        return found

    def other(self, one: Outcome[int], two: Outcome[int], among: int) -> bool:
        """Whether any of these families comes to another outcome; ways that disagree leave a family open."""
        changed = (one[0] ^ two[0] | one[1] ^ two[1] | one[2] ^ two[2]) & among
        if not changed:
            return False
        return bool(changed & self._single) or any(
            self.told(one, bits) != self.told(two, bits) for bits in self._many if bits & changed
        )

    def told(self, outcome: Outcome[int], bits: int) -> str:
        """The outcome of one family by its bits."""
        for name, value in zip(DECIDED, outcome, strict=True):
            if bits & ~value == 0:
                return name
        return "needs_facts"
