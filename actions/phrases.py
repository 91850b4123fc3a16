"""One fact in a few plain words; to a child never in words that say where a parent is."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from typing import Any

from knowledge.fact import Fact
from knowledge.known import Possible, value_json
from knowledge.library import Library

MONTHS, NEARLY = 12, 3


def phrase(library: Library, fact: Fact, possible: Possible, as_child: bool, told: str = "") -> str:
    """The value in the fact's own form, `brief` of its file; `told` are the words it was last heard in."""
    form = (fact.brief_child if as_child else fact.brief) or library.words["known_default"]
    value = value_json(possible)
    said = _as_told(library, fact, value, told) or _value(library, fact, value, as_child)
    return form.format(title=fact.title_child if as_child else fact.title, value=said)


def _as_told(library: Library, fact: Fact, value: Any, told: str) -> str:
    """无期 and 好多年 are said as they were said: a number of years that nobody named is not theirs."""
    found = re.search(library.words["lengths_without_number"], told) if _is_length(fact) else None
    return found[0] if found and isinstance(value, dict) else ""


def _value(library: Library, fact: Fact, value: Any, as_child: bool) -> str:
    words = library.words
    if isinstance(value, dict) and "one_of" in value:
        return _either(library, fact, value["one_of"], as_child)
    if isinstance(value, dict):
        return _span(library, fact, value.get("min"), value.get("max"))
    if isinstance(value, list):
        return words["and"].join(_title(library, fact, each, as_child) for each in value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(library, fact, value)
    return _title(library, fact, value, as_child)


def _either(library: Library, fact: Fact, values: Collection[Any], as_child: bool) -> str:
    """What a child chose by words that leave open why somebody is away is said again in those words."""
    veil = next((each for each in fact.choices if each.child_means and set(each.child_means) >= set(values)), None)
    if as_child and veil is not None:
        return veil.title_child
    return library.words["or"].join(_title(library, fact, each, as_child) for each in values)


def _title(library: Library, fact: Fact, value: Any, as_child: bool) -> str:
    choice = fact.choice(value) if fact.kind in ("bool", "enum", "set") else None
    if choice is not None:
        return choice.title_child if as_child else choice.title
    if isinstance(value, bool):
        return library.words["yes_word" if value else "no_word"]
    return library.regions.name(str(value)) if fact.kind == "region" else str(value)


def _span(library: Library, fact: Fact, low: float | None, high: float | None) -> str:
    """Just under six months is said as 不到6个月."""
    ends = [None if end is None else float(math.ceil(end)) for end in (low, high)]
    if _is_length(fact) and low is not None and high is not None and _is_nearly(low, high):
        return library.words["nearly"].format(whole=library.words["years"].format(number=f"{math.ceil(high) / 12:g}"))
    if _is_length(fact) and ends[0] and ends[1] and min(ends[0], ends[1]) >= MONTHS:
        return _years_between(library, fact, ends[0], ends[1])
    form = "between" if None not in ends else "at_least" if high is None else "at_most"
    in_years = _is_length(fact) and all(end is None or end % 12 == 0 for end in ends)
    said = ["" if end is None else f"{end / 12 if in_years else end:g}" for end in ends]
    both = library.words[form].format(low=said[0], high=said[1])
    unit = "age_years" if not _is_length(fact) else "years" if in_years else "months"
    return _with_unit(library, unit, both, said, form)


def _years_between(library: Library, fact: Fact, low: float, high: float) -> str:
    """三年多 is said again as it was told, and not as 36到47个月."""
    words = library.words
    if low % MONTHS == 0 and high == low + MONTHS - 1:
        return words["years_and_more"].format(number=f"{low / MONTHS:g}")
    if low % MONTHS == 0 and high % MONTHS == 0:
        return words["years"].format(number=words["between"].format(low=f"{low / MONTHS:g}", high=f"{high / MONTHS:g}"))
    return words["between"].format(low=_number(library, fact, low), high=_number(library, fact, high))


def _is_nearly(low: float, high: float) -> bool:
    """快两年 was understood as 21 up to 24 months; it is said again as it was told."""
    return high < math.ceil(high) and math.ceil(high) % MONTHS == 0 and math.ceil(high) - low <= NEARLY


def _with_unit(library: Library, unit: str, both: str, said: list[str], form: str) -> str:
    one = library.words[unit]
    if form == "between":
        return one.format(number=both)
    return library.words[form].format(low=one.format(number=said[0]), high=one.format(number=said[1]))


def _number(library: Library, fact: Fact, number: float) -> str:
    if not _is_length(fact):
        return library.words["age_years" if number == int(number) else "age_and_half"].format(number=int(number))
    words, years, months = library.words, int(number // MONTHS), number % MONTHS
    said = words["years"].format(number=years) if years else ""
    return said + words["months"].format(number=f"{months:g}") if months or not years else said


def _is_length(fact: Fact) -> bool:
    """A length of time in months; the other numbers are ages."""
    return fact.id.endswith("_months")
