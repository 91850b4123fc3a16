"""The file of a place laid over the national entitlement.

Whoever is known to belong to the place gets what its file says; for everybody else, and while the place is not known,
the national outcome stands.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from knowledge.errors import KnowledgeError
from knowledge.local import BELONGS, SOURCES, Local, Settled
from knowledge.policy import Policy
from knowledge.rules import Group, Node


def lay_over(folder: Path, policies: dict[str, Policy], load: Callable[[Path], Local]) -> list[KnowledgeError]:
    """Changes `policies`, wide places first; the first fault of every file that cannot be laid over."""
    faults = []
    files = (path for path in folder.glob("[0-9]*/*.yml") if path.name != SOURCES)
    for path in sorted(files, key=lambda path: (len(path.parent.name), path)):
        try:
            if path.stem not in policies:
                raise KnowledgeError(path, "id", f"there is no national entitlement {path.stem!r} that could differ")
            policies[path.stem] = merged(policies[path.stem], load(path), path)
        except KnowledgeError as error:
            faults.append(error)
    return faults


def merged(policy: Policy, local: Local, path: Path) -> Policy:
    """The entitlement with the place's file laid over it. Raises KnowledgeError for a target that is not there."""
    return replace(
        policy,
        conditions=laid_over(policy.conditions, local, path),
        amount=(*policy.amount, *local.set_table),
        to_verify=(*policy.to_verify, *local.to_verify),
        local=(*policy.local, local),
    )


def laid_over(tree: Node, local: Local, path: Path) -> Node:
    """The conditions with those of the place. Raises KnowledgeError for a target that is not there."""
    for index, each in enumerate(local.settles):
        tree, found = _settle(tree, local, each)
        if not found:
            fix = f"give the judge or local leaf an `id` in national/{path.name}"
            raise KnowledgeError(path, f"settles[{index}].target", f"no condition has the id {each.target!r}", fix)
    if local.widen:
        tree = Group("any", (tree, *(_there(local, node) for node in local.widen)))
    for narrowing in local.narrow:
        elsewhere = Group("not", (replace(local.belongs, cites=narrowing.legal_basis.cites),))
        tree = Group("all", (tree, Group("any", (elsewhere, narrowing.conditions), place=local.region)))
    return tree


def _there(local: Local, node: Node) -> Group:
    return Group("all", (replace(local.belongs, cites=node.cites), node), cites=node.cites, place=local.region)


def _settle(node: Node, local: Local, settled: Settled) -> tuple[Node, bool]:
    """The tree with the place's rule beside the condition of that id; what places wrote themselves is left alone."""
    if not isinstance(node, Group):
        return (Group("any", (node, _rule(local, settled))), True) if node.id == settled.target else (node, False)
    if node.place:
        return node, False
    pairs = [_settle(child, local, settled) for child in node.children]
    if not any(found for _, found in pairs):
        return node, False
    # Beside an alternative one more: the rules of several places stand in one row.
    children: list[Node] = []
    for before, (after, found) in zip(node.children, pairs, strict=True):
        if found and node.kind == "any" and isinstance(after, Group) and not isinstance(before, Group):
            children += after.children
        else:
            children.append(after)
    return replace(node, children=tuple(children)), True


def _rule(local: Local, settled: Settled) -> Group:
    if settled.when is not None:
        return _there(local, settled.when)
    assert settled.words is not None
    belongs = replace(local.belongs, says=f"{local.belongs.says}，{settled.words.says}", cites=settled.words.cites)
    return Group("all", (belongs,), cites=belongs.cites, place=local.region)


def policy_at(policy: Policy, hukou: str | None, residence: str | None) -> Policy:
    """What is said of it to a family of a place; the nearest place has the last word."""
    places = {BELONGS["hukou"]: hukou or "", BELONGS["residence"]: residence or ""}
    for local in sorted(policy.local, key=lambda each: len(each.region)):
        if places[local.belongs.fact].startswith(local.region):
            policy = _said(policy, local)
    return policy


def _said(policy: Policy, local: Local) -> Policy:
    replaced = {paper.id for paper in local.documents}
    kept = tuple(paper for paper in policy.documents if paper.id not in replaced)
    others = {each.with_id for each in local.combines}
    return replace(
        policy,
        who=(*policy.who, *local.who),
        apply={**policy.apply, **local.apply},
        duration={**policy.duration, **local.duration},
        steps=(*(local.set_steps or policy.steps), *local.add_step),
        documents=(*kept, *local.documents),
        combines=(*(each for each in policy.combines if each.with_id not in others), *local.combines),
    )
