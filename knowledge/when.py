"""On which day an outcome becomes another one by time alone: a birthday, months that are full, a law that begins."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from knowledge.fact import born_between
from knowledge.follow import GROWING, aged, of_parent
from knowledge.known import Facts, OneOf
from knowledge.law import turning_days_of
from knowledge.library import Library
from knowledge.rules import Leaf, Node, leaves

_AHEAD = timedelta(days=19 * 366)  # a child of today is of age by then


@dataclass(frozen=True)
class Change:
    """From `day` on the outcome is another one. `leaf` is what turned (to `holds`), None when the law did.

    Not `exact` where months or years were told instead of a day: then it has turned on that day at the latest.
    """

    day: date
    outcome: str
    leaf: Leaf | None
    holds: bool
    exact: bool


def next_change(library: Library, policy_id: str, facts: Facts, as_of: date) -> Change | None:
    """The first later day on which a decided outcome is another decided one, nothing but time having passed."""
    outcome = library.situation(facts, as_of).outcome(policy_id)
    if outcome == "needs_facts":
        return None
    tree, said_on = library.law(as_of).trees[policy_id], dict.fromkeys(facts, as_of)

    def known_on(day: date) -> Facts:
        return library.completed(aged(facts, said_on, day), day)

    turns: dict[date, tuple[Leaf | None, bool]] = {
        day: (None, True) for day in turning_days_of({policy_id: library.policies[policy_id]}) if day > as_of
    }
    turns |= {day: (leaf, holds) for day, leaf, holds in _turns(tree, known_on, as_of, as_of + _AHEAD)}
    for day in sorted(turns):
        leaf, holds = turns[day]
        then = library.situation(known_on(day), day).outcome(policy_id)
        if then not in (outcome, "needs_facts"):
            exact = leaf is None or (leaf.fact == "child.age" and _birthday(facts) is not None)
            return Change(day, then, leaf, holds, exact)
    return None


def ended(library: Library, policy_id: str, facts: Facts, as_of: date) -> Change | None:
    """The birthday that ended it, had all else been as it is now; None when no birthday did or it is not known."""
    born = _birthday(facts)
    if born is None or library.situation(facts, as_of).outcome(policy_id) != "not_eligible":
        return None
    tree = library.law(as_of).trees[policy_id]
    birthdays = _turns(tree, lambda day: library.completed(facts, day), born, as_of)
    for day, leaf, holds in sorted(birthdays, key=lambda turn: turn[0], reverse=True):
        if library.situation(facts, day - timedelta(days=1)).outcome(policy_id) == "eligible":
            return Change(day, "not_eligible", leaf, holds, True)
    return None


def _turns(tree: Node, known_on: Callable[[date], Facts], first: date, last: date) -> Iterator[tuple[date, Leaf, bool]]:
    """The days on which a condition on something that grows is certainly another than at first."""
    span, seen = (last - first).days, set()
    for leaf in leaves(tree):
        key = (leaf.fact, leaf.operator, leaf.want)
        if key in seen or of_parent(leaf.fact) not in GROWING or leaf.fact not in known_on(last):
            continue
        seen.add(key)
        begun, finished = (leaf.test(known_on(day)[leaf.fact]) for day in (first, last))
        if finished is None or begun is finished:
            continue

        def turned(days: int, leaf: Leaf = leaf, finished: bool = finished) -> bool:
            return leaf.test(known_on(first + timedelta(days=days))[leaf.fact]) is finished

        yield first + timedelta(days=bisect_left(range(span), True, key=turned)), leaf, finished


def _birthday(facts: Facts) -> date | None:
    born = facts.get("child.born")
    if not isinstance(born, OneOf) or len(born.values) != 1:
        return None
    span = born_between(str(next(iter(born.values))))
    return span[0] if span and span[0] == span[1] else None
