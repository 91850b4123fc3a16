"""What a message names, with nothing or little asked of it: which question it is that is asked of the entitlement."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.lines import ANSWERS, SHORTEST
from actions.wanted import NAMED
from knowledge.policy import Policy
from knowledge.reading.places import find

if TYPE_CHECKING:
    from actions.base import Turn

HEARD = 0.5  # how sure a name must be that answers 说出是哪一项
SURELY, OUTSIDE = 0.95, 0.1  # an entitlement as good as named, by somebody who hardly means something else


def named_alone(now: Turn) -> Policy | None:
    """那低保呢, 赤峰呢, 孤儿的那个, after a sum was asked: the same question of another entitlement or place."""
    words, text, policies = now.library.words, str(now.message.get("text") or "").strip(), now.library.policies
    if now.session.kind not in ANSWERS or now.heard.new:
        return None
    if now.session.amount_of and len(text) <= SHORTEST and find(now.library.regions, text):
        return policies.get(now.session.amount_of)  # 内蒙赤峰的, while something else was asked
    goes_on = re.search(words["and_that"], text)
    if that := re.search(words["that_one"], text):
        return next((each for each in policies.values() if any(that["name"] in name for name in each.names)), None)
    first = next(iter(now.message.get("topics") or []), None)
    least = HEARD if now.session.is_unnamed else NAMED
    if first is None or first["score"] < least:
        goes_on = goes_on or (len(text) <= SHORTEST and text.endswith(words["of_place"]))  # 福建的
        is_place = goes_on and find(now.library.regions, text)
        return policies.get(now.session.topic or "") if is_place else None
    names_it = now.session.is_unnamed and len(text) <= SHORTEST and not re.search(words["looks_asked"], text)
    return policies.get(first["id"]) if names_it or goes_on else None  # 说出是哪一项: and it was said


def named_in_question(now: Turn) -> tuple[Policy, str] | None:
    """要抚养费怎么要, taken for a story: what is called by its name in a question is answered."""
    words, text = now.library.words, str(now.message.get("text") or "")
    policy = next((now.library.policies[each] for each in now.topics[:1] if each in now.library.policies), None)
    is_asked = policy is not None and not now.heard.anything and re.search(words["asks_how"], text)
    if not is_asked or policy is None or not any(name in text for name in policy.names):
        return None
    return policy, "ask_amount" if re.search(words["asks_sum"], text) else "ask_where"


def named_outright(now: Turn) -> tuple[Policy, str] | None:
    """高考后上大学有什么资助: where the act is unclear and the entitlement is not, it is told what that is."""
    first, words = next(iter(now.message.get("topics") or []), None), now.library.words
    policy = now.library.policies.get(first["id"] if first and first["id"] in now.topics else "")
    ranked = {each["name"]: float(each["confidence"]) for each in now.message.get("intent_ranking") or []}
    is_elsewhere = ranked.get("out_of_scope", 0.0) > OUTSIDE or now.intent not in (*ANSWERS, "ask_eligibility")
    if first is None or policy is None or first["score"] < SURELY or is_elsewhere:
        return None
    text = str(now.message.get("text") or "")
    return policy, "ask_amount" if re.search(words["asks_sum"], text) else "ask_what"
