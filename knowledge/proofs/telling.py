"""A family told in plain Chinese, by the titles of its facts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from knowledge.fact import Fact
from knowledge.files import read_yaml
from knowledge.known import Facts, Members, OneOf, Part, Possible, Span
from knowledge.library import Library


@cache
def words() -> dict[str, str]:
    """The joints of words.yml."""
    found: dict[str, str] = read_yaml(Path(__file__).with_name("words.yml"), dict)
    return found


def family(library: Library, known: Facts) -> str:
    """One line: what is known of the family, fact by fact in the order of asking."""
    told = [_told(library, library.facts[name], known[name]) for name in library.order if name in known]
    return words()["between"].join(told) or words()["nothing_said"]


def shortened(library: Library, known: Facts, policies: Sequence[str], day: date) -> Facts:
    """The facts without what may stay unsaid while these entitlements come to the same outcomes."""
    facts, wanted = dict(known), _outcomes(library, known, policies, day)
    for name in list(facts):
        fewer = {other: value for other, value in facts.items() if other != name}
        if _outcomes(library, fewer, policies, day) == wanted:
            facts = fewer
    return facts


def _outcomes(library: Library, known: Facts, policies: Sequence[str], day: date) -> list[str]:
    now = library.situation(known, day)
    return [now.outcome(policy_id) for policy_id in policies]


def _told(library: Library, fact: Fact, possible: Possible) -> str:
    return words()["fact"].format(title=fact.title, value=_value(library, fact, possible))


def _value(library: Library, fact: Fact, possible: Possible) -> str:
    if isinstance(possible, Span):
        same = possible.low == possible.high
        ends = {"low": _number(possible.low), "high": _number(possible.high), "unit": fact.unit}
        return words()["number" if same else "span"].format(**ends)
    if isinstance(possible, OneOf):
        titles = [title(library, fact, value) for value in sorted(possible.values, key=str)]
        return words()["or"].join(titles)
    assert isinstance(possible, Members)
    return words()["or"].join(_part(library, fact, part) for part in possible.alternatives)


def _part(library: Library, fact: Fact, part: Part) -> str:
    titles = words()["and"].join(title(library, fact, value) for value in fact.values if value in part.has)
    return (titles or words()["empty"]) if part.complete else words()["open_set"].format(titles=titles)


def title(library: Library, fact: Fact, value: str | bool) -> str:
    """A value as its choice has it, a place by its name."""
    choice = fact.choice(value)
    if choice is not None:
        return choice.title
    return library.regions.name(str(value)) if fact.kind == "region" else str(value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
