"""When nothing is left to ask: what stayed open, what can be done next, and which child waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.cards import tell
from actions.introduce import offer_next
from actions.meant import YES, by_weight
from actions.recall import read_back
from actions.wanted import assessed, fits, wanted_now
from knowledge.assess import assess
from knowledge.interview import opened

if TYPE_CHECKING:
    from actions.base import Turn


def finish(now: Turn) -> None:
    """Nothing is left to ask: say what one can do next, once."""
    session, reply = now.session, now.reply
    words = now.library.words
    if session.here.finished:
        return
    if session.is_child and not (session.wanted or session.everything):
        reply.say("utter_child_go_on" if session.is_invited else "utter_child_may_ask")
        session.is_invited = True
        reply.buttons = plain(words["start_everything"], words["ask_person"])
        return
    if not wanted_now(now):
        if not reply.says or not session.topic:
            reply.say("utter_what_is_it_about" if not reply.says else "utter_anything_else")
            session.invited += 1
            reply.buttons = plain(words["start_everything"], words["ask_person"])
        return
    _tell_open(now)
    _tell_no(now)
    if now.was_finished and not reply.results:
        session.here.finished = True  # said once that all was asked
        return
    checks = read_back(now)
    if any(each.outcome in ("ask_local", "needs_facts") for each in reply.results.values()):
        session.offered, session.is_offer_put, session.here.finished = "ask_local", True, True
        reply.say("utter_offer_person")
        reply.buttons = plain(*checks, *offer_next(now), words["ask_person"], words["show_results"])
        return
    session.here.finished = True
    reply.say("utter_done")
    more = [] if session.everything else [words["start_everything"]]
    reply.buttons = plain(*checks, *offer_next(now), *more, words["show_results"], words["ask_person"])


def _tell_open(now: Turn) -> None:
    """What was asked for and stayed open is said to be open, with what is missing: no interview ends in silence."""
    called = opened(now.library, now.session.on(now.as_of), now.as_of)
    money = [name for name in called if now.library.policies[name].kind == "money"]
    if any(now.session.told.get(name) in ("eligible", "ask_local") for name in money):
        money = []
    asked = [*now.session.wanted, *money] or (wanted_now(now) if not now.session.told else [])
    for assessment in assessed(now):
        is_open = assessment.outcome in ("ask_local", "needs_facts")
        if is_open and assessment.id in asked and now.session.told.get(assessment.id) != assessment.outcome:
            tell(now, assessment)


def _tell_no(now: Turn) -> None:
    """Where nothing was found, what the story calls for is refused with its clause, and what else there is is said."""
    told, policies = now.session.told, now.library.policies
    if any(outcome in (*YES, "needs_facts") for outcome in told.values()) or now.reply.results:
        return
    facts = now.session.on(now.as_of)
    called = by_weight(now, opened(now.library, facts, now.as_of))
    refused = [name for name in called if policies[name].kind == "money" and not fits(now, name)]
    # The one that another refusal would send to: 孤儿 sends to 事实无人抚养.
    pointed = (name for name in refused if any(name in policies[each].instead for each in refused))
    name = next(pointed, next(iter(refused), None))
    if name is not None and name not in told:
        tell(now, assess(now.library, name, facts, now.as_of))


def plain(*titles: str) -> list[dict[str, str]]:
    return [{"title": title, "payload": title} for title in titles]
