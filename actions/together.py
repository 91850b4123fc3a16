"""特困和残疾补贴能一起领吗: two entitlements that were named, and whether they go together."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING

from knowledge.policy import Combination, Policy

if TYPE_CHECKING:
    from actions.base import Turn

# 和低保能一起吃吗 sounds as if they had it, and asks all the same.
_NO_STORY = ("household.relief", "asker.role")


def pair_asked(now: Turn) -> Policy | None:
    """The first of two entitlements that are asked to go together; None mostly."""
    return next((now.library.policies[each] for each in _pair(now) if pairs_of(now, now.library.policies[each])), None)


def compared(now: Turn) -> list[Policy]:
    """特困和低保有啥不一样: the two that are held against one another, each to be told what it is."""
    text = str(now.message.get("text") or "")
    if now.heard.new or not re.search(now.library.words["asks_difference"], text):
        return []
    named = _named(now)
    return [now.library.policies[each] for each in named[:2]] if len(named) > 1 else []


def pairs_of(now: Turn, policy: Policy) -> list[Combination]:
    """How this one goes together with the others that the message names."""
    named = _pair(now)
    return [each for each in policy.combines if each.with_id in named and each.with_id in now.library.policies]


def _pair(now: Turn) -> list[str]:
    """What is asked to go together, the one that was spoken of before first; nothing where that is not asked."""
    words, text = now.library.words, str(now.message.get("text") or "")
    tells = {*now.heard.new} - {*_NO_STORY}
    if tells or not re.search(words["asks_together"], text) or re.search(words["asks_else"], text):
        return []
    named = _named(now)
    if named and re.search(words["together_with"], text):
        named = [*_before(now, named), *named]  # 和低保冲突不
    return named


def _before(now: Turn, named: Collection[str]) -> list[str]:
    """What a pair leans on that names only one: the entitlement of before, else the money that was found first."""
    policies = now.library.policies
    open_ones = [name for name, outcome in now.session.told.items() if outcome in ("eligible", "ask_local")]
    found = [name for name in open_ones if policies[name].kind == "money"]
    before = [each for each in (now.was_topic or "", *found) if each in policies and each not in named]
    return before[:1]


def _named(now: Turn) -> list[str]:
    """The entitlements that a message calls by a name of theirs, as they come in it; 两项补贴 are two."""
    text, policies = re.sub(r"\s+", "", str(now.message.get("text") or "")), now.library.policies
    ids = {name: (policy.id,) for policy in policies.values() for name in policy.names}
    ids |= {name: tuple(both) for name, both in now.library.words["also_named"].items()}
    form = "|".join(re.escape(name) for name in sorted(ids, key=len, reverse=True))
    return list(dict.fromkeys(each for name in re.findall(form, text) for each in ids[name]))
