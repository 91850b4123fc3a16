"""Which one question to ask next: of those that settle much, topic by topic, the one that settles most."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from knowledge.assess import open_facts
from knowledge.known import Facts, OneOf, Possible, complete
from knowledge.law import Situation
from knowledge.library import Library
from knowledge.region import COUNTY
from knowledge.rules import Group, Leaf, Node, leaves, of_place

NEVER_ASKED = 5  # a fact of this cost is heard when told, and never asked about
MUCH = 3  # what settles less than one part in so many of what another settles waits (benchmarks/interview.py)


def next_question(
    library: Library, facts: Facts, wanted: Collection[str] | None, as_of: date, closed: Collection[str] = ()
) -> str | None:
    """The fact to ask about next, None when nothing open and askable could change an outcome.

    `wanted` limits the entitlements (None = all); `closed` holds facts not to be asked (again).
    """
    return next_now(library, library.situation(facts, as_of), library.policies if wanted is None else wanted, closed)


def next_now(library: Library, now: Situation, wanted: Collection[str], closed: Collection[str] = ()) -> str | None:
    """The same for facts that were judged already."""
    weights = _weighed(library, now, wanted, closed)
    most = max(weights.values(), default=0.0)
    topics = {topic["id"]: index for index, topic in enumerate(library.topics)}

    def rank(name: str) -> tuple[float, ...]:
        fact, weight = library.facts[name], weights[name]
        # A gated question whose gate is open follows up on what was just said: a thread is finished before the next.
        follows = name in library.gates
        waits = weight * MUCH * (MUCH if follows else 1) < most
        return (waits, topics[fact.topic], not follows, -weight, fact.cost, library.order[name])

    return min(weights, key=rank, default=None)


def live(
    library: Library, now: Situation, wanted: Collection[str], closed: Collection[str] = ()
) -> Iterator[tuple[str, set[str]]]:
    """The entitlements that an answer can still change, each with the facts that may be asked about."""
    gated = _Gates(library, now)
    for policy_id in now.law.trees:
        if policy_id in wanted and now.outcome(policy_id) == "needs_facts":
            behind = {name for each in open_facts(now, policy_id) for name in gated.behind(each)}
            askable = {name for name in behind if _may_be_asked(library, now.known, name, closed)}
            if askable:
                yield policy_id, askable


def _weighed(library: Library, now: Situation, wanted: Collection[str], closed: Collection[str]) -> dict[str, float]:
    """How much each fact that may be asked settles; what is behind a gate speaks for the gate's facts."""
    weights: dict[str, float] = {}
    gated = _Gates(library, now)
    for policy_id, askable in live(library, now, wanted, closed):
        for name in askable:
            weights.setdefault(name, 0.0)
        for _, judged in now.ways(policy_id):
            for name, weight in now.law.weights.of(now.law.trees[policy_id], judged).items():
                for each in gated.behind(name):
                    if each in askable:
                        weights[each] += weight
    return weights


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
