"""What is said beside an outcome: what time will change or has changed, and what goes not together with it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta

from knowledge.assess import Assessment
from knowledge.known import Facts, Members, OneOf, Span
from knowledge.library import Library
from knowledge.policy import Policy
from knowledge.when import Change, ended, next_change

GROWN = 18
_APART = ("choose_one", "excluded", "excluded_when_full")


def remarks(
    library: Library, found: Collection[Assessment], facts: Facts, as_of: date
) -> Mapping[str, tuple[str, ...]]:
    """For each entitlement assessed, the sentences to add to its reasons."""
    eligible = {each.id for each in found if each.outcome == "eligible"} | received(library, facts)
    return {
        each.id: (
            *in_time(library, each.id, facts, as_of),
            *(_beside(library, library.policies[each.id], eligible) if each.outcome == "eligible" else ()),
        )
        for each in found
        if each.outcome != "needs_facts"
    }


def in_time(
    library: Library, policy_id: str, facts: Facts, as_of: date, within: timedelta = timedelta.max
) -> Iterator[str]:
    """From when on the outcome is another, unless that is far away, or which birthday ended it."""
    coming = next_change(library, policy_id, facts, as_of)
    if coming and coming.day - as_of <= within:
        yield _said(library, f"when_{coming.outcome}", coming)
    gone = ended(library, policy_id, facts, as_of)
    if gone:
        yield _said(library, "when_ended", gone)


def received(library: Library, facts: Facts) -> set[str]:
    """Entitlements that the family has, by what it said."""
    has = facts.get("household.relief")
    parts = has.alternatives if isinstance(has, Members) and len(has.alternatives) == 1 else ()
    ids = {"tekun": "tekun_minor"}
    told = {ids.get(value, value) for part in parts for value in part.has}
    found, age = facts.get("child.recognised_orphan_before_18"), facts.get("child.age")
    is_minor = isinstance(age, Span) and age.high is not None and age.high < GROWN
    if is_minor and isinstance(found, OneOf) and found.values == {True}:
        told.add("orphan_living")  # 一直领着孤儿那个钱
    return told & set(library.policies)


def _beside(library: Library, policy: Policy, eligible: Collection[str]) -> Iterator[str]:
    for each in policy.combines:
        if each.how in _APART and each.with_id in eligible:
            cite = "；".join(library.cite(cite, short=True) for cite in each.words.cites)
            other = library.policies[each.with_id]
            yield library.words["beside"].format(name=other.short, says=each.words.says.rstrip("。"), cite=cite)


def _said(library: Library, key: str, change: Change) -> str:
    words = library.words
    form = words["turned_law" if change.leaf is None else "turned_to_hold" if change.holds else "turned_away"]
    turned = form.format(says=change.leaf.says if change.leaf else "")
    return words[key].format(day=change.day, turned=turned, by="" if change.exact else words["when_latest"])
