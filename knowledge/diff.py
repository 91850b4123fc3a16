"""Who gains, loses or hears something else when the rules change: two knowledge bases over the same families."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np

from knowledge.assess import OUTCOMES, Assessment, assess, outcomes
from knowledge.bulk import Roll
from knowledge.bulk import outcomes as outcomes_of_roll
from knowledge.files import read_yaml
from knowledge.known import Facts
from knowledge.library import Library
from knowledge.rules import Group, Judge, Leaf, walk

_LOOKED_AT = 60  # families of one turn whose reasons are told apart
_REASONS = 3  # reasons of one turn that are told
_RANK = {"not_eligible": 0, "ask_local": 1, "eligible": 2}  # of what needs facts nothing is decided
_REFUSED = "not_eligible"  # by a knowledge base that does not have the entitlement
_NEVER = Assessment("", _REFUSED, (), (), ())


@dataclass(frozen=True)
class Family:
    """A golden case, or any other family of whom a day is told."""

    name: str
    facts: Facts
    as_of: date


@dataclass(frozen=True)
class Turn:
    """Families who had one outcome and now have another, for one reason; `example` is told as short as can be.

    `families` of the roll are estimated where too many turned to look at each; `cases` are golden ones.
    """

    before: Assessment
    after: Assessment
    families: int
    cases: tuple[str, ...]
    example: Family

    @property
    def way(self) -> str:
        return way(self.before.outcome, self.after.outcome)


@dataclass(frozen=True)
class Difference:
    """What differs for one entitlement. `gone` and `added` are conditions with their clauses; `counted` is exact.

    `anyone_loses` is None while nothing proves it; `loser` is a family that does, found by the solver.
    """

    id: str
    name: str
    is_new: bool
    is_gone: bool
    gone: tuple[str, ...]
    added: tuple[str, ...]
    counted: Mapping[str, int]
    turns: tuple[Turn, ...]
    anyone_loses: bool | None = None
    loser: Facts | None = None


def way(before: str, after: str) -> str:
    """`gains`, `loses`, or `changes` where one of the two is not decided."""
    if before not in _RANK or after not in _RANK:
        return "changes"
    return "gains" if _RANK[after] > _RANK[before] else "loses"


def compare(old: Library, new: Library, roll: Roll, cases: Sequence[Family], as_of: date) -> list[Difference]:
    """One for each entitlement whose conditions or outcomes differ, in the order of the new knowledge base."""
    rolls = [outcomes_of_roll(library, roll, as_of) for library in (old, new)]
    told = [(case, [outcomes(library, case.facts, case.as_of) for library in (old, new)]) for case in cases]
    refused = np.full(roll.size, OUTCOMES.index(_REFUSED), np.uint8)
    found = []
    for policy_id in dict.fromkeys([*new.policies, *old.policies]):
        before, after = (each.get(policy_id, refused) for each in rolls)
        turned: dict[tuple[str, str], list[Family]] = {}
        for code in np.unique((before * 4 + after)[before != after]):
            turned[OUTCOMES[code // 4], OUTCOMES[code % 4]] = []
        for case, pair in told:
            was, now = (each.get(policy_id, _REFUSED) for each in pair)
            if was != now:
                turned.setdefault((was, now), []).append(case)
        sides = _Sides(old, new, policy_id)
        gone, added = sides.conditions(as_of)
        if not (turned or gone or added or sides.is_new or sides.is_gone):
            continue
        counted: Counter[str] = Counter()
        turns: list[Turn] = []
        for (was, now), named in turned.items():
            places = np.flatnonzero((before == OUTCOMES.index(was)) & (after == OUTCOMES.index(now)))
            counted[way(was, now)] += len(places)
            families = [Family("", roll.child(int(each)), as_of) for each in places[:_LOOKED_AT]]
            turns += _by_reason(sides, families, len(places), named)
        only = sides.is_new, sides.is_gone
        found.append(Difference(policy_id, sides.name, *only, gone, added, counted, tuple(turns)))
    return found


def proved(found: Sequence[Difference], old: Library, new: Library, as_of: date) -> list[Difference]:
    """The same, with the solver's word on who can lose; the roll's word alone where there is no solver."""
    try:
        from knowledge.proofs.losing import Losing
    except ImportError:  # z3 is a tool of development
        return list(found)
    losing = Losing(old, new, as_of)

    def asked(each: Difference) -> Difference:
        if losing.vanished(each.id):
            return each
        loser = losing.loser(each.id)
        if loser is None:
            return replace(each, anyone_loses=False)
        sides, family = _Sides(old, new, each.id), Family("", loser, as_of)
        before, after = sides.assessed(family)
        # What the rules themselves do not confirm proves nothing.
        confirmed = way(before.outcome, after.outcome) == "loses"
        return replace(each, anyone_loses=True, loser=_shortest(sides, family).facts) if confirmed else each

    return [asked(each) for each in found]


def golden_families(library: Library, folder: Path) -> list[Family]:
    """The families of all golden cases. Raises KnowledgeError, FactError."""
    return [
        Family(case["case"], library.parse(case.get("facts") or {}, case.get("partial") or {}), case["as_of"])
        for path in sorted(folder.glob("**/*.yml"))
        for case in read_yaml(path, list)
    ]


class _Sides(NamedTuple):
    """One entitlement in both knowledge bases."""

    old: Library
    new: Library
    id: str

    @property
    def is_new(self) -> bool:
        return self.id not in self.old.policies

    @property
    def is_gone(self) -> bool:
        return self.id not in self.new.policies

    @property
    def name(self) -> str:
        return (self.old if self.is_gone else self.new).policies[self.id].name

    def assessed(self, family: Family) -> tuple[Assessment, Assessment]:
        return self._assessed(self.old, family), self._assessed(self.new, family)

    def _assessed(self, library: Library, family: Family) -> Assessment:
        return assess(library, self.id, family.facts, family.as_of) if self.id in library.policies else _NEVER

    def conditions(self, day: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Those that only the old one has, and those that only the new one has."""
        old, new = (_told(library, self.id, day) for library in (self.old, self.new))
        return tuple(old[key] for key in old if key not in new), tuple(new[key] for key in new if key not in old)


def _told(library: Library, policy_id: str, day: date) -> dict[tuple[object, ...], str]:
    """Each condition in words with its clause, by what it decides."""
    found: dict[tuple[object, ...], str] = {}
    if policy_id in library.policies:
        for node in walk(library.law(day).trees[policy_id]):
            if not isinstance(node, Group):
                cites = "；".join(library.cite(cite, short=True) for cite in node.cites)
                found.setdefault(_decides(node), f"{node.says}（{cites}）")
    return found


def _decides(node: Leaf | Judge) -> tuple[object, ...]:
    if isinstance(node, Judge):
        return ("judge", node.says)
    return node.fact, node.operator, node.want, bool(node.local), node.presume


def _by_reason(sides: _Sides, families: list[Family], count: int, cases: list[Family]) -> Iterator[Turn]:
    """The turns for the commonest reasons; `families` are the first of `count`."""
    groups: dict[tuple[tuple[str, ...], ...], list[Family]] = {}
    for family in (*families, *cases):
        # What speaks for a family is another for each; what speaks against it is the rule.
        reasons = tuple(each.because for each in sides.assessed(family) if each.outcome != "eligible")
        groups.setdefault(reasons, []).append(family)
    for group in sorted(groups.values(), key=len, reverse=True)[:_REASONS]:
        named = tuple(family.name for family in group if family.name)
        example = _shortest(sides, group[0])
        before, after = sides.assessed(example)
        yield Turn(before, after, round(count * (len(group) - len(named)) / max(1, len(families))), named, example)


def _shortest(sides: _Sides, family: Family) -> Family:
    """The family without what may stay unsaid while both outcomes and what speaks against them stay."""

    def what(one: Family) -> list[tuple[str, tuple[str, ...]]]:
        return [(each.outcome, each.because * (each.outcome != "eligible")) for each in sides.assessed(one)]

    wanted, facts = what(family), dict(family.facts)
    for name in list(facts):
        fewer = replace(family, facts={other: value for other, value in facts.items() if other != name})
        if what(fewer) == wanted:
            del facts[name]
    return replace(family, facts=facts)
