"""What is decided about one entitlement by the facts at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from knowledge.known import Facts, worlds
from knowledge.library import Library
from knowledge.policy import Policy
from knowledge.rules import Judge, Leaf, Node, judgements, leaves, open_facts, reason, truth

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
    policy = library.policies[policy_id]
    known = library.completed(facts, as_of)
    node = policy.conditions
    names = {leaf.fact for leaf in leaves(node)}
    ways = list(worlds(known, names))
    best = _together(truth(node, way, True) for way in ways)
    worst = _together(truth(node, way, False) for way in ways)
    if best is False:
        return _assessment(library, policy, "not_eligible", _first(node, ways, best=True, want=False))
    if best is None or worst is None:
        return _open(library, policy, ways, best, worst)
    if worst is False:
        return _assessment(library, policy, "ask_local", judgements(node, ways[0]))
    return _assessment(library, policy, "eligible", _first(node, ways, best=False, want=True))


def assess_all(library: Library, facts: Facts, as_of: date) -> tuple[Assessment, ...]:
    """Every entitlement of the library, in its order."""
    known = library.completed(facts, as_of)
    return tuple(assess(library, policy_id, known, as_of) for policy_id in library.policies)


def hangs_on(library: Library, policy_id: str, facts: Facts, as_of: date) -> tuple[str, ...]:
    """The stated facts behind a yes, in asking order: were one of them wrong, the outcome could be another."""
    known = library.completed(facts, as_of)
    node = library.policies[policy_id].conditions
    ways = list(worlds(known, {leaf.fact for leaf in leaves(node)}))
    behind = {leaf.fact for each in _first(node, ways, best=True, want=True) for leaf in leaves(each)}
    return tuple(name for name in library.facts if name in behind and name in facts)


def _together(values: Iterable[bool | None]) -> bool | None:
    seen = set(values)
    return seen.pop() if len(seen) == 1 else None


def _first(node: Node, ways: list[Facts], best: bool, want: bool) -> tuple[Node, ...]:
    return tuple(dict.fromkeys(leaf for way in ways for leaf in reason(node, way, best, want)))


def _open(library: Library, policy: Policy, ways: list[Facts], best: bool | None, worst: bool | None) -> Assessment:
    node = policy.conditions
    missing = {
        name
        for way in ways
        for side, value in ((True, best), (False, worst))
        if value is None
        for name in open_facts(node, way, side)
    }
    if len(ways) > 1 and _differ(node, ways):
        missing |= {name for name in ways[0] if any(way.get(name) != ways[0].get(name) for way in ways)}
    return Assessment(policy.id, "needs_facts", tuple(name for name in library.facts if name in missing), (), ())


def _differ(node: Node, ways: list[Facts]) -> bool:
    return any(len({truth(node, way, side) for way in ways}) > 1 for side in (True, False))


def _assessment(library: Library, policy: Policy, outcome: str, nodes: tuple[Node, ...]) -> Assessment:
    cites = tuple(dict.fromkeys(cite for node in nodes for cite in node.cites))
    return Assessment(
        id=policy.id,
        outcome=outcome,
        missing=(),
        because=tuple(dict.fromkeys(_because(library, outcome, node) for node in nodes)),
        sources=tuple(library.cite(cite) for cite in cites),
        instead=policy.instead if outcome == "not_eligible" else (),
    )


def _because(library: Library, outcome: str, node: Node) -> str:
    places = "；".join(library.cite(cite, short=True) for cite in node.cites)
    if outcome == "ask_local" and isinstance(node, Judge):
        return library.words["because_judge"].format(says=node.says, ask=node.ask, cite=places)
    if outcome == "ask_local" and isinstance(node, Leaf) and node.local:
        return library.words["because_local"].format(says=node.says, ask=node.local, cite=places)
    says = node.says if not isinstance(node, Leaf) or node.says else node.fact
    return library.words[f"because_{outcome}"].format(says=says, cite=places)
