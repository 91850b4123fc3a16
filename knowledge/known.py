"""What is known of a fact is the set of values still possible.

The ways of knowing are named tuples: they are looked up by value for every leaf of every entitlement, and hash in C.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Any, NamedTuple

from knowledge.errors import FactError
from knowledge.fact import Fact, born_between
from knowledge.region import Regions

_WORLDS = 64  # more combinations than this are left to Kleene evaluation, which is sound


class Span(NamedTuple):
    """A number between `low` and `high`, both included; None is an open end."""

    low: float | None
    high: float | None


class OneOf(NamedTuple):
    """The values still possible for an enum, bool, region or date."""

    values: frozenset[str | bool]


class Part(NamedTuple):
    """One way a set may be: these are in it, those are not; `complete` means nothing else is."""

    has: frozenset[str]
    lacks: frozenset[str] = frozenset()
    complete: bool = False


class Members(NamedTuple):
    """A set of which one alternative is the truth."""

    alternatives: tuple[Part, ...]


Possible = Span | OneOf | Members
Facts = Mapping[str, Possible]


def parse(fact: Fact, value: Any, complete: bool = True, regions: Regions | None = None) -> Possible:
    """A settled JSON value. Raises FactError naming the field."""
    if fact.kind == "number":
        number = _number(fact, value)
        return Span(number, number)
    if fact.kind == "set":
        if not isinstance(value, list):
            raise FactError(fact.id, "must be a list of values")
        return Members((_part(fact, [_member(fact, one) for one in value], complete),))
    return OneOf(frozenset([_single(fact, value, regions)]))


def parse_partial(fact: Fact, value: Any, complete: bool = True, regions: Regions | None = None) -> Possible:
    """A narrowed value: {"min", "max"} or {"one_of"}. Raises FactError naming the field."""
    if not isinstance(value, dict) or not value or set(value) - {"min", "max", "one_of"}:
        raise FactError(fact.id, 'a partial value is {"min": …, "max": …} or {"one_of": […]}')
    if fact.kind == "number":
        if "one_of" in value:
            raise FactError(fact.id, "a number is narrowed by min and max")
        low, high = (None if value.get(key) is None else _number(fact, value[key]) for key in ("min", "max"))
        if low is not None and high is not None and low > high:
            raise FactError(fact.id, f"min {low:g} is above max {high:g}")
        return Span(low, high)
    options = value.get("one_of")
    if not isinstance(options, list) or not options or len(value) != 1:
        raise FactError(fact.id, '"one_of" must be a list with at least one value')
    if fact.kind == "set":
        return Members(tuple(_part(fact, [_member(fact, one)], complete) for one in options))
    return OneOf(frozenset(_single(fact, one, regions) for one in options))


def _number(fact: Fact, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise FactError(fact.id, "must be a number")
    low, high = fact.range
    if not low <= value <= high:
        raise FactError(fact.id, f"{str(value)[:20]} is not between {low:g} and {high:g}")
    return float(value)


def _single(fact: Fact, given: Any, regions: Regions | None) -> str | bool:
    value: str | bool = given
    if fact.kind == "bool":
        if not isinstance(value, bool):
            raise FactError(fact.id, "must be true or false")
        return value
    if not isinstance(value, str):
        raise FactError(fact.id, "must be a string")
    if fact.kind == "date" and born_between(value) is None:
        raise FactError(fact.id, f"{value!r} is not a day YYYY-MM-DD or a month YYYY-MM")
    if fact.kind == "region" and regions is not None:
        value = regions.current(value)
        if not regions.knows(str(value)):
            raise FactError(fact.id, f"{value!r} is not a known region code")
    if fact.kind == "enum" and value not in fact.values:
        raise FactError(fact.id, f"{value!r} is none of {', '.join(map(str, fact.values))}")
    return value


def _member(fact: Fact, value: Any) -> str:
    if not isinstance(value, str) or value not in fact.values:
        raise FactError(fact.id, f"{value!r} is none of {', '.join(map(str, fact.values))}")
    return value


def _part(fact: Fact, values: Collection[str], complete: bool) -> Part:
    if "none" in values and len(values) > 1:
        raise FactError(fact.id, '"none" excludes every other value')
    chosen = [choice for value in values if (choice := fact.choice(value))]
    nothing = {"none"} & {*fact.values} if values else set()  # where something is, "none" cannot be
    lacks = frozenset(nothing).union(*(choice.excludes for choice in chosen)) - frozenset(values)
    closed = complete or "none" in values or any(choice.closes for choice in chosen)
    return Part(frozenset(values), lacks, closed)


def settled(possible: Possible) -> bool:
    """Whether one value is left (a set counts once one alternative is left, even while it may grow)."""
    if isinstance(possible, Span):
        return possible.low is not None and possible.low == possible.high
    if isinstance(possible, OneOf):
        return len(possible.values) == 1
    return len(possible.alternatives) == 1


def complete(possible: Possible) -> bool:
    """Whether nothing about the fact is open any more."""
    if isinstance(possible, Members):
        return settled(possible) and possible.alternatives[0].complete
    return settled(possible)


def merge(fact: Fact, old: Possible | None, new: Possible) -> tuple[Possible, bool]:
    """Both statements together; where they contradict, the newer one and True."""
    if old is None:
        return new, False
    if isinstance(old, Members) and isinstance(new, Members):
        return _merge_members(fact, old, new)
    if isinstance(old, OneOf) and isinstance(new, OneOf):
        both = old.values & new.values
        if fact.kind == "region" and not both:
            return _merge_region(old, new)
        return (OneOf(both), False) if both else (new, True)
    if isinstance(old, Span) and isinstance(new, Span):
        low = max((end for end in (old.low, new.low) if end is not None), default=None)
        high = min((end for end in (old.high, new.high) if end is not None), default=None)
        if low is not None and high is not None and low > high:
            return new, True
        return Span(low, high), False
    return new, True


def _merge_region(old: OneOf, new: OneOf) -> tuple[Possible, bool]:
    before, after = (str(next(iter(each.values))) for each in (old, new))
    if before.startswith(after):  # 福建 after 三元区 says nothing new
        return old, False
    return new, not after.startswith(before)


def _merge_members(fact: Fact, old: Members, new: Members) -> tuple[Possible, bool]:
    joined = [part for a, b in product(old.alternatives, new.alternatives) if (part := _joined(fact, a, b))]
    unique = tuple(dict.fromkeys(joined))
    return (Members(unique), False) if unique else (new, True)


def _joined(fact: Fact, old: Part, new: Part) -> Part | None:
    has, lacks = old.has | new.has, old.lacks | new.lacks
    if has & lacks or ("none" in has and len(has) > 1):
        return None
    if (old.complete and not new.has <= old.has) or (new.complete and not old.has <= new.has):
        return None
    return Part(has, lacks, old.complete or new.complete)


def to_json(facts: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """(facts, partial) in the shape of docs/http.md; sets heard in a story count as facts."""
    plain: dict[str, Any] = {}
    partial: dict[str, Any] = {}
    for name, possible in facts.items():
        (plain if settled(possible) else partial)[name] = value_json(possible)
    return plain, partial


def value_json(possible: Possible) -> Any:
    """One fact's value or partial value as JSON."""
    if isinstance(possible, Span):
        if settled(possible):
            return _plain_number(possible.low)
        ends = {"min": possible.low, "max": possible.high}
        return {key: _plain_number(end) for key, end in ends.items() if end is not None}
    if isinstance(possible, OneOf):
        values = sorted(possible.values, key=str)
        return values[0] if len(values) == 1 else {"one_of": values}
    if settled(possible):
        return sorted(possible.alternatives[0].has)
    return {"one_of": sorted({value for part in possible.alternatives for value in part.has})}


def _plain_number(number: float | None) -> float | int | None:
    return int(number) if number is not None and number == int(number) else number


def worlds(facts: Facts, names: Collection[str]) -> Iterator[Facts]:
    """Each way the half-known enums and sets among `names` can be; at most 64, else the facts as they are."""
    open_ones = {name: _ways(facts[name]) for name in names if name in facts and half_known(facts[name])}
    count = 1
    for ways in open_ones.values():
        count *= len(ways)
    if count > _WORLDS:
        yield facts
        return
    for combination in product(*open_ones.values()):
        yield {**facts, **dict(zip(open_ones, combination, strict=True))}


def half_known(possible: Possible) -> bool:
    """Whether a few values are left that can be gone through one by one."""
    if isinstance(possible, Members):
        return len(possible.alternatives) > 1
    return isinstance(possible, OneOf) and len(possible.values) > 1


def _ways(possible: Possible) -> list[Possible]:
    if isinstance(possible, Members):
        return [Members((part,)) for part in possible.alternatives]
    if isinstance(possible, OneOf):
        return [OneOf(frozenset([value])) for value in sorted(possible.values, key=str)]
    return [possible]
