"""Every entitlement can be reached and refused, and no condition is dead, always true or said twice."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from knowledge.proofs.allowed import Allowed, Kept
from knowledge.proofs.mutants import Mutant, constants
from knowledge.proofs.setting import Bench, Setting
from knowledge.proofs.terms import Formula
from knowledge.rules import Node, walk


def out_of_reach(setting: Setting, known: list[Formula], allowed: Allowed) -> Iterator[str]:
    """One line for each entitlement that nobody gets, or that nobody is refused without a stated reason."""
    for policy_id in setting.policies:
        refused, eligible, ask_local = setting.outcome(policy_id)
        if setting.solution(*known, z3.Or(eligible, ask_local)) is None:
            yield f"{policy_id}: nobody gets it"
        is_refused = setting.solution(*known, refused) is not None
        if is_refused == (policy_id in allowed.universal):
            yield (
                f"{policy_id}: is refused, but listed as universal" if is_refused else f"{policy_id}: nobody is refused"
            )


def needless(setting: Setting, *benches: Bench) -> list[Mutant]:
    """Conditions that change no value, at best or at worst, when taken as always or as never true; the outermost."""
    found = [
        each
        for each in constants(setting.written)
        if not any(bench.notices(each) for bench in benches) and setting.is_worth_the_same(each)
    ]
    nodes = {node for each in found for node in each.swap}
    return [each for each in found if not all(_lies_in(setting, node, nodes) for node in each.swap)]


def _lies_in(setting: Setting, node: int, others: set[int]) -> bool:
    return bool(others & (setting.written.touched([node]) - {node}))


def unlisted(setting: Setting, found: list[Mutant], allowed: Allowed) -> tuple[list[Mutant], list[Kept]]:
    """What is needless without a reason, and the reasons that nothing needs."""
    used = {each.place: [kept for kept in allowed.kept if _speaks_of(setting, kept, each)] for each in found}
    idle = [kept for kept in allowed.kept if not any(kept in each for each in used.values())]
    return [each for each in found if not used[each.place]], idle


def _speaks_of(setting: Setting, kept: Kept, mutant: Mutant) -> bool:
    node = setting.written.nodes[next(iter(mutant.swap))]
    above = (setting.written.nodes[each] for each in setting.written.touched([id(node)]))
    told: Iterator[Node] = (each for nodes in (above, walk(node)) for each in nodes)
    return mutant.place.startswith(f"{kept.file} ") and any(kept.about in each.says for each in told)
