"""Eligibility without any server: one JSON object of facts in, outcomes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from knowledge.assess import Assessment, assess_now
from knowledge.errors import FactError
from knowledge.fact import born_between, completed_years
from knowledge.interview import next_now
from knowledge.known import Facts, OneOf
from knowledge.library import Library
from knowledge.remarks import remarks


def screen(library: Library, given: Any, as_of: date, with_remarks: bool = True) -> dict[str, Any]:
    """One child's outcomes in the shape of docs/http.md. Raises FactError naming the field.

    `with_remarks` adds to the reasons what time will change and what excludes each other.
    """
    if not isinstance(given, dict):
        raise FactError("facts", "must be one JSON object")
    plain = {name: value for name, value in given.items() if name != "partial"}
    partial = given.get("partial", {})
    if not isinstance(partial, dict):
        raise FactError("partial", "must be an object")
    facts = library.parse(plain, partial)
    _check_birth(library, facts, as_of)
    now = library.situation(facts, as_of)
    found = assess_now(library, now, as_of)
    also = remarks(library, found, facts, as_of) if with_remarks else {}
    return {
        "results": [as_json(each, also.get(each.id, ())) for each in found],
        "next_question": next_now(library, now, library.policies),
        "ruleset": library.ruleset,
    }


def _check_birth(library: Library, facts: Facts, as_of: date) -> None:
    born = facts.get("child.born")
    for value in born.values if isinstance(born, OneOf) else ():
        span = born_between(str(value))
        if span is None or span[0] > as_of:
            raise FactError("child.born", f"{value} lies after {as_of.isoformat()}")
        if completed_years(span[1], as_of) > library.facts["child.age"].range[1]:
            raise FactError("child.born", f"{value} is too long ago")


def screen_many(library: Library, given: list[Any], as_of: date) -> list[dict[str, Any]]:
    """Many children, without remarks; a faulty item answers {"error"} and the others are screened."""
    return [_one_of_many(library, item, as_of) for item in given]


def _one_of_many(library: Library, item: Any, as_of: date) -> dict[str, Any]:
    try:
        return screen(library, item, as_of, with_remarks=False)
    except FactError as error:
        return {"error": str(error)}


def as_json(assessment: Assessment, also: Sequence[str] = ()) -> dict[str, Any]:
    """The shape outside checks read."""
    return {
        "id": assessment.id,
        "outcome": assessment.outcome,
        "missing": list(assessment.missing),
        "because": [*assessment.because, *also],
        "sources": list(assessment.sources),
    }
