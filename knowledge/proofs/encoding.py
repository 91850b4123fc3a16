"""What may be known of a child as formulas of z3, and what each condition is worth on it.

A fact is unsaid, or said: one value of an enum, bool or place; a span of a number; for each value of a set in it, not
in it or open. Half-known enums need no formula of their own: knowledge/law.py goes through their values one by one.
"""

from __future__ import annotations

from collections.abc import Iterable

import z3

from knowledge.follow import FOLLOWS
from knowledge.known import Facts
from knowledge.library import Library
from knowledge.proofs.terms import Formula, Number, Set, Single, both, either
from knowledge.proofs.value import Outcome, Two, Valuation
from knowledge.region import apart
from knowledge.rules import Leaf


class Encoding:
    """One child. `name` tells two children in one query apart; `wants` are the conditions that will be asked about."""

    def __init__(self, library: Library, wants: Iterable[Leaf], name: str = "") -> None:
        self.library, self.name = library, name
        conditions = list(wants)
        limits: dict[str, set[float]] = {}
        for leaf in conditions:
            if library.facts[leaf.fact].kind == "number":
                limits.setdefault(leaf.fact, set()).add(float(leaf.want))
        self.places = _places(library, conditions)
        self.facts: dict[str, Number | Single | Set] = {}
        for fact in library.facts.values():
            if fact.kind == "number":
                self.facts[fact.id] = Number(name, fact, limits.get(fact.id, set()))
            elif fact.kind == "set":
                self.facts[fact.id] = Set(name, fact)
            elif fact.kind != "date":
                self.facts[fact.id] = Single(name, fact, self.places if fact.kind == "region" else fact.values)
        self.axioms: list[Formula] = [axiom for each in self.facts.values() for axiom in each.axioms]
        self._implied()
        self._away()

    def valuation(self, dead: frozenset[int] = frozenset()) -> Valuation[Formula]:
        return Valuation(self.leaf, both, either, dead)

    def leaf(self, leaf: Leaf) -> Two[Formula]:
        return self.facts[leaf.fact].two(leaf)

    def answered(self) -> list[Formula]:
        """Every set that was told is complete, as it is after its question."""
        return [z3.Or(z3.Not(each.said), each.complete) for each in self.facts.values() if isinstance(each, Set)]

    def everything_known(self) -> list[Formula]:
        """Every fact that is ever asked of such a child is said in full; what follows from another is as it follows."""
        worth = self.valuation()
        formulas = list(self.consistent)
        for name, each in self.facts.items():
            gate = self.library.gates.get(name)
            asked = z3.BoolVal(True) if gate is None else z3.Or(worth.of(gate, False)[0], *self.follows.get(name, []))
            formulas += [each.said == asked, *(z3.Or(z3.Not(each.said), formula) for formula in each.settled)]
        return formulas

    def facts_of(self, model: Formula) -> Facts:
        """The facts of a solution."""
        found = {name: each.read(model) for name, each in self.facts.items()}
        return {name: possible for name, possible in found.items() if possible is not None}

    def is_exactly(self, facts: Facts) -> list[Formula]:
        """Formulas that hold of these settled facts and of no others."""
        return [each.equals(facts.get(name)) for name, each in self.facts.items()]

    def learns(self, later: Encoding) -> list[Formula]:
        """Formulas that hold when the other child is this one, of whom as much or more is known."""
        return [formula for name, each in self.facts.items() for formula in each.learns(later.facts[name])]

    def _implied(self) -> None:
        """Whoever states what contains another fact has stated that one too, or something else about it."""
        self.consistent: list[Formula] = []
        self.follows: dict[str, list[Formula]] = {}
        worth = self.valuation()
        for when, then in self.library.implied:
            holds, _ = worth.of(when, False)
            for name, possible in then.items():
                self.follows.setdefault(name, []).append(holds)
                self.axioms.append(z3.Or(z3.Not(holds), self.facts[name].said))
                self.consistent.append(z3.Or(z3.Not(holds), self.facts[name].equals(possible)))

    def _away(self) -> None:
        for name, (one, other) in FOLLOWS.items():
            away, home, here = self.facts[name], self.facts[one], self.facts[other]
            assert isinstance(away, Single) and isinstance(home, Single) and isinstance(here, Single)
            for a in self.places:
                for b in self.places:
                    if (value := apart(a, b)) is not None:
                        self.axioms.append(z3.Or(z3.Not(home.bits[a]), z3.Not(here.bits[b]), away.bits[value]))


# Two counties and two districts of one city, that city, another county of its province, and another province: so that
# every way in which two places can lie apart or together is there.
_PLACES = ("350402", "350404", "350421", "350423", "3504", "350521", "110101")


def _places(library: Library, conditions: Iterable[Leaf]) -> tuple[str, ...]:
    """Those and, for every area a condition speaks of, itself and one county inside."""
    found = list(_PLACES)
    for leaf in conditions:
        if library.facts[leaf.fact].kind == "region":
            for area in leaf.want if isinstance(leaf.want, tuple) else (leaf.want,):
                inside = sorted(code for code in library.regions.by_code if code.startswith(area) and len(code) == 6)
                found += [area, *inside[:1]]
    return tuple(dict.fromkeys(found))


def differ(one: Outcome[Formula], other: Outcome[Formula]) -> Formula:
    """Whether two trees come to another outcome."""
    return z3.Or(*(a != b for a, b in zip(one, other, strict=True)))
