"""她也一样, of the parent who is asked about: how it is with the other one, who was told of before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from knowledge.reading.breaks import clauses
from knowledge.reading.patterns import pattern
from knowledge.reading.times import PARENTS

_SAME = pattern("replies.same_as_other")


def as_with_the_other(asking: str | None, text: str, known: Mapping[str, Any]) -> Any:
    """The situation of the other parent, None where nothing of the kind is said; how long it lasts is asked of each."""
    whose, _, what = (asking or "").partition(".")
    if whose not in PARENTS or what != "situation":
        return None
    other = next(each for each in PARENTS if each != whose)
    if not any(_SAME.fullmatch(text, each.start, each.end) for each in clauses(text)):
        return None
    held = known.get(f"{other}.situation")
    return held if isinstance(held, list) else None
