"""里头能打电话出来吗: how a child may write to, call or see a parent who is held, out of the file of the visit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.lines import answer
from knowledge.known import to_json

if TYPE_CHECKING:
    from actions.base import Turn
    from knowledge.policy import Policy, Words

VISIT = "visit_parent"
LONGEST, MOST_TOLD, MOST_LINES = 30, 2, 3
_SITUATIONS = ("father.situation", "mother.situation")


def asks_contact(now: Turn) -> bool:
    """Whether a call, a letter or a picture is asked for, and the parent it is meant for is held."""
    words, text = now.library.words, str(now.message.get("text") or "")
    told = [name for name in now.heard.new if name != "asker.role"]
    if len(text) > LONGEST or len(told) > MOST_TOLD or re.search(words["contact_not"], text):
        return False
    known, _ = to_json(now.session.facts)
    is_held = any(set(words["held"]) & {*known.get(name, ())} for name in _SITUATIONS)
    return bool(re.search(words["asks_contact"], text)) and (is_held or bool(re.search(words["held_inside"], text)))


def tell_contact(now: Turn) -> None:
    """The sentences that speak of this way, and the first step; a child hears its own, which tells of no place."""
    policy = now.library.policies[VISIT]
    now.session.topic = VISIT
    if now.session.is_child or now.session.young:
        answer(now, policy, "ask_what")
        return
    lines = _lines(now, policy)
    sources = [now.library.cite(cite) for cite in dict.fromkeys(cite for each in lines for cite in each.cites)]
    now.reply.cite(sources)
    now.reply.spoken_of.append(policy.id)
    now.reply.say("utter_any", words="\n".join(each.says for each in lines), basis="；".join(sources[:3]))


def _lines(now: Turn, policy: Policy) -> list[Words]:
    text = str(now.message.get("text") or "")
    ways = [form for key, form in now.library.words["contact_ways"].items() if key in text]
    of_way = [each for each in policy.who if any(re.search(form, each.says) for form in ways)]
    known, not_judged = to_json(now.session.facts)[0], now.library.words["not_judged"]
    if not (re.search(not_judged, text) or any("detained" in known.get(name, ()) for name in _SITUATIONS)):
        of_way = [each for each in of_way if not re.search(not_judged, each.says)]
    return [*of_way[:MOST_LINES], policy.apply["first_step"]]
