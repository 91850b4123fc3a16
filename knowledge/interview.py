"""Which one question to ask next: the topic at hand first, in it the question that can settle most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date

from knowledge.assess import open_facts
from knowledge.known import Facts, OneOf, Possible, complete
from knowledge.law import Situation
from knowledge.library import Library
from knowledge.region import COUNTY
from knowledge.rules import Group, Leaf, Node, leaves, of_place

NEVER_ASKED = 5  # a fact of this cost is heard when told, and never asked about


def next_question(
    library: Library, facts: Facts, wanted: Collection[str] | None, as_of: date, closed: Collection[str] = ()
) -> str | None:
    """The fact to ask about next, None when nothing open and askable could change an outcome.

    `wanted` limits the entitlements (None = all); `closed` holds facts not to be asked (again).
    """
    now = library.situation(facts, as_of)
    counts = _askable(library, now, library.policies if wanted is None else wanted, closed)
    topics = {topic["id"]: index for index, topic in enumerate(library.topics)}

    def rank(name: str) -> tuple[int, ...]:
        fact = library.facts[name]
        # A gated question whose gate is open follows up on what was just said: a thread is finished before the next.
        return (topics[fact.topic], name not in library.gates, -counts[name], fact.cost, library.order[name])

    return min(counts, key=rank, default=None)


def _askable(library: Library, now: Situation, wanted: Collection[str], closed: Collection[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    rules, gated = now.law.rules, _Gates(library, now)
    for policy_id, tree in now.law.trees.items():
        if policy_id not in wanted or now.outcome(policy_id) != "needs_facts":
            continue
        missing = open_facts(now, policy_id)
        behind = {name for each in missing for name in gated.behind(each)}
        askable = {name for name in behind if _may_be_asked(library, now.known, name, closed)}
        # The shortest way to a yes first; what only another branch needs waits until this one is shut.
        shut = missing - askable
        way = rules.shortest(tree, now.judged, shut, False) or rules.shortest(tree, now.judged, shut, True)
        counts.update(askable & way if way and askable & way else askable)
    return counts


def _may_be_asked(library: Library, facts: Facts, name: str, closed: Collection[str]) -> bool:
    fact = library.facts[name]
    told = name in facts and complete(facts[name]) and not (fact.kind == "region" and _is_wide(facts[name]))
    return fact.cost < NEVER_ASKED and name not in closed and not told


def _is_wide(place: Possible) -> bool:
    """Whether a narrower place could still be told; it is asked about only where that can change an outcome."""
    return isinstance(place, OneOf) and any(len(str(code)) < COUNTY for code in place.values)


class _Gates:
    """Which questions make sense on what is known; each gate is looked at once."""

    def __init__(self, library: Library, now: Situation) -> None:
        self._library, self._now = library, now
        self._behind: dict[str, list[str]] = {}

    def behind(self, name: str) -> list[str]:
        """The fact itself once its gate is open, the gate's facts while that is unknown, nothing when it is shut."""
        if name not in self._behind:
            gate = self._library.gates.get(name)
            opened = True if gate is None else self._now.law.rules.truth(gate, self._now.judged, False)
            others = [leaf.fact for leaf in leaves(gate)] if gate is not None and opened is None else []
            self._behind[name] = [name] if opened else others
        return self._behind[name]


def opened(library: Library, facts: Facts, as_of: date) -> tuple[str, ...]:
    """Entitlements that a stated fact calls for: a leaf on one of their `opened_by` facts holds."""
    known = library.completed(facts, as_of)
    return tuple(
        policy.id
        for policy in library.policies.values()
        if any(leaf.fact in policy.opened_by and _holds(leaf, known) for leaf in _for_it(policy.conditions, known))
    )


def _for_it(node: Node, known: Facts) -> Iterator[Leaf]:
    """Leaves that speak for an entitlement: not what stands under a `not`, and not what another place wrote."""
    belongs = of_place(node)
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Group) and node.kind != "not" and (belongs is None or _holds(belongs, known)):
        for child in node.children:
            yield from _for_it(child, known)


def _holds(leaf: Leaf, known: Facts) -> bool:
    return leaf.fact in known and leaf.test(known[leaf.fact]) is True
