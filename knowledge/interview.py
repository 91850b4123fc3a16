"""Which one question to ask next: the topic at hand first, in it the question that can settle most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date

from knowledge.assess import Assessment, assess
from knowledge.known import Facts, complete
from knowledge.library import Library
from knowledge.rules import Group, Leaf, Node, leaves, shortest, truth

NEVER_ASKED = 5  # a fact of this cost is heard when told, and never asked about


def next_question(
    library: Library, facts: Facts, wanted: Collection[str] | None, as_of: date, closed: Collection[str] = ()
) -> str | None:
    """The fact to ask about next, None when nothing open and askable could change an outcome.

    `wanted` limits the entitlements (None = all); `closed` holds facts not to be asked (again).
    """
    known = library.completed(facts, as_of)
    ids = library.policies if wanted is None else [name for name in library.policies if name in wanted]
    open_ones = [each for name in ids if (each := assess(library, name, known, as_of)).outcome == "needs_facts"]
    counts = _askable(library, known, open_ones, closed)
    order = {name: index for index, name in enumerate(library.facts)}
    topics = {topic["id"]: index for index, topic in enumerate(library.topics)}

    def rank(name: str) -> tuple[int, ...]:
        fact = library.facts[name]
        # A gated question whose gate is open follows up on what was just said: a thread is finished before the next.
        return (topics[fact.topic], name not in library.gates, -counts[name], fact.cost, order[name])

    return min(counts, key=rank, default=None)


def _askable(library: Library, facts: Facts, open_ones: list[Assessment], closed: Collection[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for assessment in open_ones:
        missing = {gated for name in assessment.missing for gated in _behind_gate(library, facts, name)}
        askable = {name for name in missing if _may_be_asked(library, facts, name, closed)}
        # The shortest way to a yes first; what only another branch needs waits until this one is shut.
        node, shut = library.policies[assessment.id].conditions, set(assessment.missing) - askable
        way = shortest(node, facts, shut, best=False) or shortest(node, facts, shut, best=True)
        counts.update(askable & way if way and askable & way else askable)
    return counts


def _may_be_asked(library: Library, facts: Facts, name: str, closed: Collection[str]) -> bool:
    is_private = library.facts[name].cost >= NEVER_ASKED
    return not is_private and name not in closed and not (name in facts and complete(facts[name]))


def _behind_gate(library: Library, facts: Facts, name: str) -> list[str]:
    """The fact itself once its gate is open, the gate's facts while that is unknown, nothing when it is shut."""
    gate = library.gates.get(name)
    opened = True if gate is None else truth(gate, facts, False)
    if opened:
        return [name]
    if opened is False or gate is None:
        return []
    return [leaf.fact for leaf in leaves(gate)]


def opened(library: Library, facts: Facts, as_of: date) -> tuple[str, ...]:
    """Entitlements that a stated fact calls for: a leaf on one of their `opened_by` facts holds."""
    known = library.completed(facts, as_of)
    return tuple(
        policy.id
        for policy in library.policies.values()
        if any(
            leaf.fact in policy.opened_by and leaf.fact in known and leaf.test(known[leaf.fact]) is True
            for leaf in _for_it(policy.conditions)
        )
    )


def _for_it(node: Node) -> Iterator[Leaf]:
    """Leaves that speak for an entitlement: what stands under a `not` speaks against it."""
    if isinstance(node, Leaf):
        yield node
    elif isinstance(node, Group) and node.kind != "not":
        for child in node.children:
            yield from _for_it(child)
