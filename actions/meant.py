"""Which entitlement is meant: what comes first of several, and what is told instead of one that does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from actions.cards import title
from actions.wanted import fits

if TYPE_CHECKING:
    from actions.base import Turn
    from knowledge.policy import Policy

YES = ("eligible", "ask_local")
# Questions that send somebody on the way, or to count on a sum.
_ON_THE_WAY = ("ask_amount", "ask_documents", "ask_where", "ask_duration", "ask_payment")


def by_weight(now: Turn, names: Iterable[str]) -> list[str]:
    """What the family asked for, then what a child lives on from month to month, then the rest as in the library."""
    first, library = list(now.library.words["told_first"]), list(now.library.policies)

    def rank(name: str) -> tuple[bool, int, int]:
        place = first.index(name) if name in first else len(first)
        return (name not in now.session.wanted, place, library.index(name))

    return sorted((name for name in names if name in now.library.policies), key=rank)


def told_money(now: Turn) -> str | None:
    """The money that was told as a yes, the weightiest of it."""
    policies = now.library.policies
    found = [name for name, outcome in now.session.told.items() if outcome in YES and name in policies]
    return next((name for name in by_weight(now, found) if policies[name].kind == "money" and fits(now, name)), None)


def fitting(now: Turn, policy: Policy, kind: str) -> Policy:
    """孤儿那个一个月多少, where another money is the child's: of two that are mixed up the right one is told."""
    if policy.kind != "money" or kind not in _ON_THE_WAY or fits(now, policy.id):
        return policy
    words, name = now.library.words, told_money(now)
    if name is None:
        now.reply.say("utter_plain", words=words["not_yours"].format(title=title(now, policy)))
        return policy
    other = now.library.policies[name]
    said = words["not_yours_but"].format(title=title(now, policy), other=title(now, other))
    apart = _apart(policy, other)
    # How the parents are stands in these words, so a child does not read them.
    why = "" if apart is None or now.session.is_child else policy.no_words if other.id in policy.instead else apart
    now.reply.say("utter_plain", words=said + why)
    return policy if apart is None else other


def _apart(policy: Policy, other: Policy) -> str | None:
    """Of two that a child has only one of, and that are mixed up, what tells them apart."""
    if other.id not in policy.instead and policy.id not in other.instead:
        return None
    return next((e.words.says for e in policy.combines if e.with_id == other.id and e.how == "excluded"), None)
