"""What may be known of a child as formulas of z3, and what each condition is worth on it.

A fact is unsaid, or said: one value of an enum, bool or place; a span of a number; for each value of a set in it, not
in it or open. Half-known enums need no formula of their own: knowledge/law.py goes through their values one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import z3

from knowledge.fact import Fact
from knowledge.known import FOLLOWS, Facts, Members, OneOf, Part, Possible, Span
from knowledge.library import Library
from knowledge.proofs.value import Outcome, Two, Valuation
from knowledge.region import apart
from knowledge.rules import Leaf, Truth

Formula = Any  # z3 has no types for mypy


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
        self.facts: dict[str, _Number | _Single | _Set] = {}
        for fact in library.facts.values():
            if fact.kind == "number":
                self.facts[fact.id] = _Number(name, fact, limits.get(fact.id, set()))
            elif fact.kind == "set":
                self.facts[fact.id] = _Set(name, fact)
            elif fact.kind != "date":
                self.facts[fact.id] = _Single(name, fact, self.places if fact.kind == "region" else fact.values)
        self.axioms: list[Formula] = [axiom for each in self.facts.values() for axiom in each.axioms]
        self._implied()
        self._away()

    def valuation(self, dead: frozenset[int] = frozenset()) -> Valuation[Formula]:
        return Valuation(self.leaf, _both, _either, dead)

    def leaf(self, leaf: Leaf) -> Two[Formula]:
        return self.facts[leaf.fact].two(leaf)

    def answered(self) -> list[Formula]:
        """Every set that was told is complete, as it is after its question."""
        return [z3.Or(z3.Not(each.said), each.complete) for each in self.facts.values() if isinstance(each, _Set)]

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
            assert isinstance(away, _Single) and isinstance(home, _Single) and isinstance(here, _Single)
            for a in self.places:
                for b in self.places:
                    if (value := apart(a, b)) is not None:
                        self.axioms.append(z3.Or(z3.Not(home.bits[a]), z3.Not(here.bits[b]), away.bits[value]))


class _Single:
    """An enum, a bool or a place."""

    def __init__(self, name: str, fact: Fact, values: tuple[str | bool, ...]) -> None:
        self.bits: dict[str | bool, Formula] = {each: z3.Bool(f"{name}{fact.id}={each}") for each in values}
        self.said = z3.Or(*self.bits.values())
        self.axioms = [z3.AtMost(*self.bits.values(), 1)]
        self.settled: list[Formula] = []

    def two(self, leaf: Leaf) -> Two[Formula]:
        worth = {value: leaf.test(OneOf(frozenset([value]))) for value in self.bits}
        true, false = ([self.bits[value] for value, is_so in worth.items() if is_so is side] for side in (True, False))
        return _presumed(leaf.presume, self.said, _either(true), _either(false))

    def learns(self, later: Any) -> list[Formula]:
        return [z3.Or(z3.Not(bit), later.bits[value]) for value, bit in self.bits.items()]

    def equals(self, possible: Possible | None) -> Formula:
        if possible is None:
            return z3.Not(self.said)
        assert isinstance(possible, OneOf)
        (value,) = possible.values
        return self.bits[value]

    def read(self, model: Formula) -> Possible | None:
        found = [value for value, bit in self.bits.items() if z3.is_true(model[bit])]
        return OneOf(frozenset(found)) if found else None


class _Number:
    """A span between two of the values that the conditions tell apart."""

    def __init__(self, name: str, fact: Fact, limits: set[float]) -> None:
        self.values = told_apart(fact, limits)
        self.said = z3.Bool(f"{name}{fact.id}")
        later = range(1, len(self.values))
        self.low = [z3.BoolVal(True), *(z3.Bool(f"{name}{fact.id} from {self.values[each]:g}") for each in later)]
        self.high = [z3.BoolVal(True), *(z3.Bool(f"{name}{fact.id} up to {self.values[each]:g}") for each in later)]
        self.axioms = [z3.Or(z3.Not(low), high) for low, high in zip(self.low, self.high, strict=True)]
        for end in (self.low, self.high):
            self.axioms += [z3.Or(z3.Not(end[each]), end[each - 1]) for each in later]
            # Nothing is free where nothing was said.
            self.axioms += [z3.Or(self.said, z3.Not(end[each])) for each in later]
        self.settled = [z3.Or(low, z3.Not(high)) for low, high in zip(self.low, self.high, strict=True)]

    def two(self, leaf: Leaf) -> Two[Formula]:
        rising = leaf.operator in ("at_least", "above")
        holds = [leaf.test(Span(value, value)) for value in self.values]
        # The first value on the far side of the limit; there may be none.
        first = next((index for index, is_so in enumerate(holds) if is_so is rising), None)
        reached, may_reach = (z3.BoolVal(False),) * 2 if first is None else (self.low[first], self.high[first])
        true, false = (reached, z3.Not(may_reach)) if rising else (z3.Not(may_reach), reached)
        return _presumed(leaf.presume, self.said, z3.And(self.said, true), z3.And(self.said, false))

    def learns(self, later: Any) -> list[Formula]:
        rising = [z3.Or(z3.Not(a), b) for a, b in zip(self.low, later.low, strict=True)]
        falling = [z3.Or(z3.Not(self.said), a, z3.Not(b)) for a, b in zip(self.high, later.high, strict=True)]
        return [z3.Or(z3.Not(self.said), later.said), *rising, *falling]

    def equals(self, possible: Possible | None) -> Formula:
        if possible is None:
            return z3.Not(self.said)
        assert isinstance(possible, Span) and possible.low is not None and possible.high is not None
        low, high = possible.low, possible.high
        ends = [end if value <= low else z3.Not(end) for value, end in zip(self.values, self.low, strict=True)]
        ends += [end if value <= high else z3.Not(end) for value, end in zip(self.values, self.high, strict=True)]
        return z3.And(self.said, *ends)

    def read(self, model: Formula) -> Possible | None:
        if not z3.is_true(model[self.said]):
            return None
        ends = [sum(z3.is_true(model.eval(each)) for each in end) - 1 for end in (self.low, self.high)]
        return Span(self.values[ends[0]], self.values[ends[1]])


class _Set:
    """Values that are in it, values that these leave out, and whether it is complete."""

    def __init__(self, name: str, fact: Fact) -> None:
        self.said = z3.Bool(f"{name}{fact.id}")
        self.complete = z3.Bool(f"{name}{fact.id} complete")
        values = [str(value) for value in fact.values]
        self.has = {value: z3.Bool(f"{name}{fact.id}+{value}") for value in values}
        shut = {str(each.value): set(values) if each.value == "none" else each.excludes for each in fact.choices}
        self.lacks = {
            value: _either(self.has[each] for each, out in shut.items() if value in out and value != each)
            for value in values
        }
        self.axioms = [z3.Or(self.said, z3.Not(each)) for each in (*self.has.values(), self.complete)]
        # Who says nothing but that a set is complete has said nothing.
        self.axioms.append(z3.Or(z3.Not(self.said), *self.has.values()))
        self.axioms += [z3.Not(z3.And(self.has[value], self.lacks[value])) for value in values]
        closing = [self.has[str(each.value)] for each in fact.choices if each.closes]
        self.axioms += [z3.Or(z3.Not(has), self.complete) for has in closing]
        self.settled = [self.complete]

    def two(self, leaf: Leaf) -> Two[Formula]:
        wanted = leaf.want if isinstance(leaf.want, tuple) else (leaf.want,)
        has = [self.has[value] for value in wanted if value in self.has]
        lacks = [self.lacks[value] for value in wanted if value in self.lacks]
        true = _either(has)
        return _presumed(
            leaf.presume, self.said, true, z3.And(self.said, z3.Not(true), z3.Or(self.complete, z3.And(*lacks)))
        )

    def learns(self, later: Any) -> list[Formula]:
        kept = [(self.said, later.said), (self.complete, later.complete)]
        kept += [(has, later.has[value]) for value, has in self.has.items()]
        closed = [z3.Or(z3.Not(self.complete), has, z3.Not(later.has[value])) for value, has in self.has.items()]
        return [z3.Or(z3.Not(before), after) for before, after in kept] + closed

    def equals(self, possible: Possible | None) -> Formula:
        if possible is None:
            return z3.Not(self.said)
        assert isinstance(possible, Members) and len(possible.alternatives) == 1
        (part,) = possible.alternatives
        bits = [has if value in part.has else z3.Not(has) for value, has in self.has.items()]
        return z3.And(self.said, self.complete if part.complete else z3.Not(self.complete), *bits)

    def read(self, model: Formula) -> Possible | None:
        if not z3.is_true(model[self.said]):
            return None
        has = frozenset(value for value, bit in self.has.items() if z3.is_true(model[bit]))
        lacks = frozenset(value for value, shut in self.lacks.items() if z3.is_true(model.eval(shut, True)))
        return Members((Part(has, lacks, z3.is_true(model[self.complete])),))


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


def told_apart(fact: Fact, limits: Iterable[float]) -> tuple[float, ...]:
    """Values of a number on every side of its limits, and of limits one step away, as a mutant may have them."""
    low, high = fact.range
    near = {limit + step for limit in limits for step in (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0)} | {low}
    return tuple(sorted(value for value in near if low <= value <= high and possible(fact, value)))


def possible(fact: Fact, value: float) -> bool:
    """Ages are halves under seven and whole years above, as their question has them (knowledge/fact.py)."""
    return fact.step is None or (value * 2 == int(value * 2) and (value < 7 or value == int(value)))


def _presumed(presume: Truth, said: Formula, true: Formula, false: Formula) -> Two[Formula]:
    if presume is None:
        return true, false
    unsaid = z3.Not(said)
    return (z3.Or(unsaid, true), false) if presume else (true, z3.Or(unsaid, false))


def _both(formulas: Iterable[Formula]) -> Formula:
    return z3.And(*formulas)


def _either(formulas: Iterable[Formula]) -> Formula:
    return z3.Or(*formulas)


def differ(one: Outcome[Formula], other: Outcome[Formula]) -> Formula:
    """Whether two trees come to another outcome."""
    return z3.Or(*(a != b for a, b in zip(one, other, strict=True)))
