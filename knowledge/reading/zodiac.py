"""属龙的: the year of birth by its animal, which comes round every twelve years."""

from __future__ import annotations

import re
from datetime import date

from knowledge.reading.ages import Age
from knowledge.reading.patterns import expression

_ANIMALS = "鼠牛虎兔龙蛇马羊猴鸡狗猪"
_FIRST = 2008  # a year of the rat
_GROWN = 18
_BORN_UNDER = re.compile(f"属(?P<animal>[{_ANIMALS}])(?:的|儿|了|年)*(?=$|[，。,\\s!！]|{expression('ages.goes_on')})")
# The lunar year begins between 21 January and 20 February.
_BEGINS, _ENDS = (1, 21), (2, 20)
# Years in which a child may be at a school; who is older has been kept back, who is younger began early.
_AT_SCHOOL = {
    "kindergarten_lower": (3, 7),
    "kindergarten_final_year": (5, 7),
    "primary": (6, 13),
    "junior_high": (11, 17),
    "senior_high": (14, 18),
    "secondary_vocational": (14, 18),
}


def find(text: str, as_of: date, schooling: str | None) -> Age | None:
    """The age a year of an animal gives when only one of its years is a child's that may be at such a school."""
    match = _BORN_UNDER.search(text)
    if match is None:
        return None
    low, high = _AT_SCHOOL.get(schooling or "", (0, _GROWN - 1))
    place = _ANIMALS.index(match["animal"])
    years = [each for each in range(as_of.year - _GROWN - 1, as_of.year + 1) if (each - _FIRST) % 12 == place]
    spans = [(_age(date(each + 1, *_ENDS), as_of), _age(date(each, *_BEGINS), as_of)) for each in years]
    may_be = [(max(0.0, youngest), oldest) for youngest, oldest in spans if low <= oldest and youngest <= high]
    return Age(match.start(), match.end(), *may_be[0]) if len(may_be) == 1 else None


def _age(born: date, as_of: date) -> float:
    """Completed years; halves count under seven only (knowledge/facts/child.yml)."""
    months = (as_of.year - born.year) * 12 + as_of.month - born.month - (as_of.day < born.day)
    return months // 6 / 2 if months < 84 else months // 12
