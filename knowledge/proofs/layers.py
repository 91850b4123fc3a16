"""No place takes away what the national rules give, but where its file says so with the law that lets it (`narrow`)."""

from __future__ import annotations

from collections.abc import Iterator

import z3

from knowledge.known import Facts
from knowledge.library import Library
from knowledge.proofs.setting import Setting
from knowledge.proofs.terms import Formula


def taken_away(setting: Setting, known: list[Formula]) -> Iterator[tuple[str, Facts]]:
    """Entitlements with a family that the national rules alone would not refuse, or would give, and these do less."""
    worth = setting.worths[0]
    for policy_id, policy in setting.library.policies.items():
        decides = [local for local in policy.local if local.decides]
        if not decides:
            continue
        narrowed = [worth.of(local.belongs, False)[0] for local in decides if local.narrow]
        refused, eligible, _ = setting.outcome(policy_id)
        national = worth.outcome(setting.written.national[policy_id])
        less = z3.Or(z3.And(national[1], z3.Not(eligible)), z3.And(national[2], refused))
        model = setting.solution(*known, less, *(z3.Not(each) for each in narrowed))
        if model is not None:
            yield policy_id, setting.encoding.facts_of(model)


def places(library: Library) -> int:
    """How many files of places there are."""
    return sum(len(policy.local) for policy in library.policies.values())
