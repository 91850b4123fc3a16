"""What is decided about one entitlement by the facts at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knowledge.amount import STALE
from knowledge.follow import FOLLOWS
from knowledge.kleene import Judged
from knowledge.known import Facts, complete
from knowledge.law import Law, Situation
from knowledge.library import Library
from knowledge.policy import Policy
from knowledge.rules import Judge, Leaf, Node, leaves

_DECIDED = 65536  # decided states of trees whose assessments are remembered
OUTCOMES = ("eligible", "not_eligible", "needs_facts", "ask_local")


@dataclass(frozen=True)
class Assessment:
    """The outcome with its shortest reason; `missing` are the facts that could still change it."""

    id: str
    outcome: str
    missing: tuple[str, ...]
    because: tuple[str, ...]
    sources: tuple[str, ...]
    instead: tuple[str, ...] = ()


def assess(library: Library, policy_id: str, facts: Facts, as_of: date) -> Assessment:
    """Decided in the order of docs/http.md: not_eligible, needs_facts, ask_local, eligible."""
    return _assess(library, library.situation(facts, as_of), policy_id, as_of)


def assess_all(library: Library, facts: Facts, as_of: date) -> tuple[Assessment, ...]:
    """Every entitlement of the library, in its order."""
    return assess_now(library, library.situation(facts, as_of), as_of)


def assess_now(library: Library, now: Situation, as_of: date) -> tuple[Assessment, ...]:
    """The same for facts that were judged already."""
    return tuple(_assess(library, now, policy_id, as_of) for policy_id in library.policies)


def outcomes(library: Library, facts: Facts, as_of: date) -> dict[str, str]:
    """The bare outcome of every entitlement."""
    now = library.situation(facts, as_of)
    return {policy_id: now.outcome(policy_id) for policy_id in library.policies}


def hangs_on(library: Library, policy_id: str, facts: Facts, as_of: date) -> tuple[str, ...]:
    """The stated facts behind a yes, in asking order: were one of them wrong, the outcome could be another."""
    now = library.situation(facts, as_of)
    rules, tree = now.law.rules, now.law.trees[policy_id]
    found = (node for _, judged in now.ways(policy_id) for node in rules.reason(tree, judged, True, True))
    behind = {leaf.fact for node in found for leaf in leaves(node)}
    return tuple(name for name in library.facts if name in behind and name in facts)


def open_facts(now: Situation, policy_id: str) -> frozenset[str]:
    """The facts that could still change an open outcome."""
    found = now.open.get(policy_id)
    if found is None:
        found = now.open[policy_id] = frozenset(_open_facts(now, policy_id))
    return found


def _open_facts(now: Situation, policy_id: str) -> set[str]:
    rules, tree, ways = now.law.rules, now.law.trees[policy_id], now.ways(policy_id)
    found: set[str] = set()
    for side in (True, False):
        values = {rules.truth(tree, judged, side) for _, judged in ways}
        if len(values) > 1 or None in values:
            found.update(*(rules.open_facts(tree, judged, side) for _, judged in ways))
        if len(values) > 1:
            first = ways[0][0]
            found |= {name for name in first if any(way.get(name) != first.get(name) for way, _ in ways)}
    # What follows from other facts is told by them as well.
    known = now.known
    sources = {each for name in found for each in FOLLOWS.get(name, ())}
    return found | {name for name in sources if name not in known or not complete(known[name])}


def _assess(library: Library, now: Situation, policy_id: str, as_of: date) -> Assessment:
    rules, tree = now.law.rules, now.law.trees[policy_id]
    outcome = now.outcome(policy_id)
    if outcome == "needs_facts":
        missing = sorted(open_facts(now, policy_id), key=library.order.__getitem__)
        return Assessment(policy_id, outcome, tuple(missing), (), ())
    ways = [judged for _, judged in now.ways(policy_id)]
    bits = rules.bits(tree)
    state = (policy_id, as_of, *((judged.true & bits, judged.false & bits) for judged in ways))
    found = now.law.decided.get(state)
    if found is None:
        if len(now.law.decided) >= _DECIDED:
            now.law.decided.clear()
        found = now.law.decided[state] = _reasoned(library, now.law, policy_id, outcome, ways, as_of)
    return found


def _reasoned(
    library: Library, law: Law, policy_id: str, outcome: str, ways: Sequence[Judged], as_of: date
) -> Assessment:
    policy, rules, tree = library.policies[policy_id], law.rules, law.trees[policy_id]
    if outcome == "ask_local":
        return _assessment(library, policy, outcome, rules.judgements(tree, ways[0]), as_of)
    wanted = outcome == "eligible"
    found = (node for judged in ways for node in rules.reason(tree, judged, not wanted, wanted))
    return _assessment(library, policy, outcome, tuple(dict.fromkeys(found)), as_of)


def _assessment(library: Library, policy: Policy, outcome: str, nodes: tuple[Node, ...], as_of: date) -> Assessment:
    cites = tuple(dict.fromkeys(cite for node in nodes for cite in node.cites))
    because = [_because(library, outcome, node, as_of) for node in nodes]
    if outcome == "eligible" and (checked := _not_looked_at(library, cites, as_of)):
        because.append(library.words["because_stale"].format(checked=checked, ask=policy.owner))
    return Assessment(
        id=policy.id,
        outcome=outcome,
        missing=(),
        because=tuple(dict.fromkeys(because)),
        sources=tuple(library.cite(cite, on=as_of) for cite in cites),
        instead=policy.instead if outcome == "not_eligible" else (),
    )


def _not_looked_at(library: Library, cites: tuple[str, ...], as_of: date) -> date | None:
    """When the source that was longest not looked at was, once that is too long ago."""
    oldest = min((library.sources[cite.partition("#")[0]].checked for cite in cites), default=as_of)
    return oldest if as_of - oldest > STALE else None


def _because(library: Library, outcome: str, node: Node, as_of: date) -> str:
    places = "；".join(library.cite(cite, short=True, on=as_of) for cite in node.cites)
    if outcome == "ask_local" and isinstance(node, Judge):
        return library.words["because_judge"].format(says=node.says, ask=node.ask, cite=places)
    if outcome == "ask_local" and isinstance(node, Leaf) and node.local:
        return library.words["because_local"].format(says=node.says, ask=node.local, cite=places)
    says = node.says if not isinstance(node, Leaf) or node.says else node.fact
    return library.words[f"because_{outcome}"].format(says=says, cite=places)
