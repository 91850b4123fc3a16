"""Every entitlement against every kind of question people ask: what its file answers, and why not where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from knowledge.files import read_yaml
from knowledge.library import Library
from knowledge.policy import Policy
from knowledge.show import every_cite

KINDS: dict[str, Callable[[Policy], int]] = {
    "what": lambda policy: len(policy.summary.says) and len(policy.summary_child.says),
    "who": lambda policy: len(policy.who),
    "amount": lambda policy: len(policy.amount),
    "documents": lambda policy: len(policy.documents),
    "where": lambda policy: "where" in policy.apply,
    "first_step": lambda policy: "first_step" in policy.apply,
    "who_applies": lambda policy: "who" in policy.apply,
    "elsewhere": lambda policy: "elsewhere" in policy.apply,
    "publicity": lambda policy: "publicity" in policy.apply,
    "easier": lambda policy: "easier" in policy.apply,
    "steps": lambda policy: len(policy.steps),
    "starts": lambda policy: "starts" in policy.duration,
    "ends": lambda policy: "ends" in policy.duration,
    "after_18": lambda policy: "at_18" in policy.duration,
    "combine": lambda policy: len(policy.combines),
    "appeal": lambda policy: len(policy.appeal.says),
    "department": lambda policy: len(policy.owner),
    "if_not": lambda policy: len(policy.instead) or len(policy.no_words),
    "basis": lambda policy: len(every_cite(policy)),
}


def matrix(library: Library) -> dict[str, dict[str, int]]:
    """For each entitlement and kind of question how much its file says to it, 0 where it is silent."""
    return {
        policy.id: {kind: int(tell(policy)) for kind, tell in KINDS.items()} for policy in library.policies.values()
    }


def reasons(library: Library) -> Mapping[str, Mapping[str, str]]:
    """Why a file is silent on a kind of question (`unanswered.yml`). Raises KnowledgeError."""
    found: dict[str, dict[str, str]] = read_yaml(library.root / "unanswered.yml", dict)
    return found


def faults(library: Library) -> Iterator[str]:
    """One line for each silence without a reason, and each reason for what is no silence."""
    why = reasons(library)
    for policy_id, row in matrix(library).items():
        for kind, says in row.items():
            told = kind in why.get(policy_id, {})
            if not says and not told:
                yield f"{policy_id}.yml: answers nothing to {kind!r} (fill it, or say why in unanswered.yml)"
            if says and told:
                yield f"unanswered.yml: {policy_id}.{kind}: is answered now (take the reason out)"
    for policy_id in why.keys() - library.policies.keys():
        yield f"unanswered.yml: {policy_id}: no entitlement has this id"
