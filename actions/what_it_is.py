"""One entitlement that is asked about before enough is known: what it is, how much, or the way to it, once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.clarify import is_question
from actions.lines import answer
from actions.named import SURELY
from actions.wanted import denies
from knowledge.assess import assess
from knowledge.remarks import received

if TYPE_CHECKING:
    from actions.base import Turn


def tell_what_it_is(now: Turn) -> bool:
    """Whoever asks for one entitlement before enough is known hears in one sentence what it is, once."""
    policy, text = now.library.policies.get(next(iter(now.topics), "")), str(now.message.get("text") or "")
    names_one = asks_of_one(now)
    is_asked = names_one or now.intent == "ask_eligibility"
    if not is_asked or policy is None or policy.id in now.session.told or denies(now):
        return False
    asks = is_question(now) or now.heard.new or re.search(now.library.words["asks_for_help"], text)
    if not (asks or now.session.is_child):
        return False
    facts = now.session.on(now.as_of)
    is_open = assess(now.library, policy.id, facts, now.as_of).outcome == "needs_facts"
    if not is_open or policy.id in received(now.library, now.session.facts):
        return False
    in_need = re.search(now.library.words["in_need_now"], text)
    wants_way = in_need or (names_one and re.search(now.library.words["asks_way"], text))
    wants_sum = names_one and re.search(now.library.words["asks_sum"], text)
    # 先领点救急的钱 wants the way, not what it is
    answer(now, policy, "ask_where" if wants_way else "ask_amount" if wants_sum else "ask_what")
    if not names_one:
        now.reply.say("utter_plain", words=now.library.words["not_yet"])
    now.session.told[policy.id] = "introduced"
    return True


def asks_of_one(now: Turn) -> bool:
    """学校不收残疾孩子怎么办, whatever act it was taken for, asks about the one entitlement it names."""
    first = next(iter(now.message.get("topics") or []), None)
    is_sure = first is not None and first["id"] in now.topics and first["score"] >= SURELY
    return bool(is_sure and now.intent != "ask_eligibility" and is_question(now) and not now.session.is_child)
