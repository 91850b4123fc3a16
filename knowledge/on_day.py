"""One entitlement as it was on a day: its conditions, its numbers, its documents and who coordinated."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from knowledge.law import tree_on
from knowledge.library import Library
from knowledge.policy import Policy


def on_day(library: Library, policy: Policy, day: date) -> tuple[Library, Policy]:
    """The library that cites as of that day, and the entitlement without what was not so yet, or no more."""
    rows = (row for row in policy.amount if (row.start or day) <= day <= (row.end or day))
    then = replace(
        policy,
        conditions=tree_on(policy, library.sources, library.words, day),
        amount=tuple(rows),
        coordinator=_coordinator(library, policy.coordinator, day),
    )
    return replace(library, day=day), then


def _coordinator(library: Library, name: str, day: date) -> str:
    offices = library.offices.by_id.values()
    return next((each.before for each in offices if each.name == name and each.since and day < each.since), name)
