"""What is asked beside an entitlement: who helps me go there, is there a psychologist, is it posted up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.cards import at_once, title
from actions.lines import ANSWERS, answer
from actions.plainly import LONGEST, at_hand, is_in_words, voice
from knowledge.beside import Beside, asked_beside
from knowledge.policy import Policy

if TYPE_CHECKING:
    from actions.base import Turn


_NEED = "no_money"


def answer_beside(now: Turn, matter: Beside) -> None:
    """One sentence and its clause; the pending question follows where one was pending or the message told something."""
    policy = now.library.policies[matter.of] if matter.of else _spoken_of(now)
    now.session.beside = matter.id
    if matter.of:
        now.session.topic = matter.of
    if matter.part and policy is not None and now.topics:
        now.session.topic = policy.id
    if matter.part in ANSWERS and policy is not None:
        answer(now, policy, matter.part)
    elif matter.part and policy is not None and matter.part in policy.apply and not now.session.is_child:
        part = policy.apply[matter.part]
        sources = at_once([now.library.cite(cite) for cite in part.cites])
        now.reply.cite(sources)
        now.reply.say("utter_ask_what", title=title(now, policy), lines=part.says, basis="；".join(sources))
    else:
        sources = at_once([now.library.cite(cite) for cite in matter.cites])
        now.reply.cite(sources)
        says = matter.said_to(voice(now))
        now.reply.say("utter_any" if sources else "utter_plain", words=says, basis="；".join(sources))
        if matter.part in ANSWERS:
            now.session.kind, now.session.is_unnamed = str(matter.part), True  # 说出是哪一项: then its own is told
    if matter.id == _NEED and not now.session.is_child and not now.session.alarmed:
        now.session.everything = True  # what helps today was said; what helps each month is found out
    goes_on = now.session.asking or now.session.everything or now.session.wanted
    # What was only like it in meaning is answered, and nobody is put through an interview for having asked.
    now.reply.resumes = bool(goes_on or (now.heard.new and is_in_words(now, matter)))
    if not now.reply.resumes:
        now.session.offered = "ask_local"
        words = now.library.words
        now.reply.buttons = [{"title": words[key], "payload": words[key]} for key in ("ask_person", "start_everything")]


def answer_first(now: Turn) -> None:
    """五岁孩子一个人在家行吗: whatever danger is heard in it, what was asked is answered before the words of danger."""
    text = str(now.message.get("text") or "")
    if len(text) > LONGEST or now.session.alarmed:
        return
    matter = asked_beside(now.library.beside, text, voice(now), at_hand(now.session, now.was_topic))
    if matter is not None and matter.first:
        sources = at_once([now.library.cite(cite) for cite in matter.cites])
        now.reply.cite(sources)
        says = matter.said_to(voice(now))
        now.reply.say("utter_any" if sources else "utter_plain", words=says, basis="；".join(sources))


def _spoken_of(now: Turn) -> Policy | None:
    """What is named now; else the money that was asked about or found last, for a question beside it leans on that."""
    policies, told = now.library.policies, now.session.told
    if now.topics:
        return policies.get(now.topics[0])
    found = [name for name, outcome in told.items() if outcome in ("eligible", "ask_local")]
    names = [*([now.session.topic] if now.session.topic else []), *found]
    return next((policies[name] for name in names if name in policies and policies[name].kind == "money"), None)
