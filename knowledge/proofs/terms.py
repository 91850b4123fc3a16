"""One fact as formulas of z3: what may be known of it, and what a condition on it is worth."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import z3

from knowledge.fact import Fact
from knowledge.known import Members, OneOf, Part, Possible, Span
from knowledge.proofs.value import Two
from knowledge.rules import Leaf, Truth

Formula = Any  # z3 has no types for mypy


class Single:
    """An enum, a bool or a place."""

    def __init__(self, name: str, fact: Fact, values: tuple[str | bool, ...]) -> None:
        self.bits: dict[str | bool, Formula] = {each: z3.Bool(f"{name}{fact.id}={each}") for each in values}
        self.said = z3.Or(*self.bits.values())
        self.axioms = [z3.AtMost(*self.bits.values(), 1)]
        self.settled: list[Formula] = []

    def two(self, leaf: Leaf) -> Two[Formula]:
        worth = {value: leaf.test(OneOf(frozenset([value]))) for value in self.bits}
        true, false = ([self.bits[value] for value, is_so in worth.items() if is_so is side] for side in (True, False))
        return _presumed(leaf.presume, self.said, either(true), either(false))

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


class Number:
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


class Set:
    """Values that are in it, values that these leave out, and whether it is complete."""

    def __init__(self, name: str, fact: Fact) -> None:
        self.said = z3.Bool(f"{name}{fact.id}")
        self.complete = z3.Bool(f"{name}{fact.id} complete")
        values = [str(value) for value in fact.values]
        self.has = {value: z3.Bool(f"{name}{fact.id}+{value}") for value in values}
        shut = {
            str(each.value): set(values) if each.value == "none" else each.excludes | {"none"} for each in fact.choices
        }
        self.lacks = {
            value: either(self.has[each] for each, out in shut.items() if value in out and value != each)
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
        true = either(has)
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


def both(formulas: Iterable[Formula]) -> Formula:
    return z3.And(*formulas)


def either(formulas: Iterable[Formula]) -> Formula:
    return z3.Or(*formulas)
