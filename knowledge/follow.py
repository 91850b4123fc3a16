"""What follows from facts that were told: from other facts, and from the days that pass since."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from itertools import product

from knowledge.fact import born_between, completed_years
from knowledge.known import Facts, OneOf, Span
from knowledge.region import apart


def derived(facts: Facts, as_of: date) -> Facts:
    """Facts that follow from others: the age from the date of birth, being away from the places."""
    return _placed(_born(facts, as_of))


FOLLOWS = {"child.away_from_hukou": ("child.hukou_region", "child.residence_region")}


def _placed(facts: Facts) -> Facts:
    home, here = (facts.get(name) for name in FOLLOWS["child.away_from_hukou"])
    if not isinstance(home, OneOf) or not isinstance(here, OneOf):
        return facts
    seen = {apart(str(a), str(b)) for a, b in product(home.values, here.values)}
    away = seen.pop() if len(seen) == 1 else None
    return facts if away is None else {**facts, "child.away_from_hukou": OneOf(frozenset([away]))}


def _born(facts: Facts, as_of: date) -> Facts:
    born = facts.get("child.born")
    if not isinstance(born, OneOf):
        return facts
    spans = [span for value in born.values if (span := born_between(str(value)))]
    if not spans or max(last for _, last in spans) > as_of:
        return facts
    ages = [completed_years(day, as_of) for span in spans for day in span]
    return {**facts, "child.age": Span(min(ages), max(ages))}


# Units that pass in so many months.
GROWING = {"child.age": 12.0, "{parent}.lost_contact_months": 1.0, "{parent}.detained_months": 1.0}


def aged(facts: Facts, said_on: Mapping[str, date], as_of: date) -> Facts:
    """The same facts on a later day: ages and running durations have grown since they were said."""
    grown = dict(facts)
    for name, possible in facts.items():
        months_per_unit = GROWING.get(of_parent(name))
        said = said_on.get(name)
        if months_per_unit is None or said is None or not isinstance(possible, Span) or as_of <= said:
            continue
        units = (as_of - said).days / 30.4375 / months_per_unit
        grown[name] = _grown(possible, units, whole=name == "child.age")
    return grown


def of_parent(name: str) -> str:
    """The fact as the vocabulary writes it once for both parents."""
    return re.sub(r"^(father|mother)\.", "{parent}.", name)


def _grown(span: Span, units: float, whole: bool) -> Span:
    if whole:  # the birthday is not known: it may or may not have passed
        low = None if span.low is None else span.low + int(units)
        high = None if span.high is None else span.high + int(units) + (units >= 1 / 12)
        return Span(low, high)
    step = float(int(units))
    return Span(
        None if span.low is None else span.low + step,
        None if span.high is None else span.high + step + (units >= 1 and units > step),
    )
