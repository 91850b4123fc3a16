"""The one question of a reply: the pending one in other words, or the next that can settle most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from actions.cards import tell
from actions.introduce import ask_of, offer_next, speaks_as_child
from actions.recall import read_back
from actions.speaker import ROLE, must_be_asked
from actions.wanted import assessed, wanted_now
from knowledge.fact import Choice, Fact
from knowledge.interview import next_question
from knowledge.known import Members, value_json

if TYPE_CHECKING:
    from actions.base import Turn

MOST_BUTTONS = 6
MOST_EITHER = 3
HUKOU = "child.hukou_region"
PATIENCE = 2  # asked once in other words, then with choices and a person, then left unknown (house.md, Handoff)


def ask_pending(now: Turn) -> None:
    """End the reply with a question, if any is left that matters."""
    session = now.session
    if session.asking and session.asking in session.closed:
        session.asking = None
    name = _next(now)
    if name != session.asking:
        session.asking, session.tries = name, 0
    if name is None:
        session.asking = _place(now)
        _finish(now)
        return
    fact = now.library.facts[name]
    now.reply.say(_response(session.tries), question=_wording(now, fact))
    now.reply.buttons = _buttons(now, fact)


def count_miss(now: Turn) -> None:
    """The pending question was not answered; after enough tries the fact stays unknown."""
    session = now.session
    session.tries += 1
    if session.asking and session.tries > PATIENCE:
        session.closed.append(session.asking)
        now.reply.say("utter_leave_open")


def _next(now: Turn) -> str | None:
    session = now.session
    if session.is_child and not (session.wanted or session.everything):
        # A child who tells of home is not put through an interview; it is asked what it needs.
        return None
    if must_be_asked(now):
        return ROLE
    facts = now.session.on(now.as_of)
    return next_question(now.library, facts, wanted_now(now), now.as_of, now.session.closed)


def _place(now: Turn) -> str | None:
    """The amount that was just told asked for the place, so the next words may be its name."""
    unknown = HUKOU not in now.session.facts and HUKOU not in now.session.closed
    return HUKOU if now.session.amount_of and unknown else None


def _response(tries: int) -> str:
    return "utter_ask" if tries < PATIENCE else "utter_ask_with_choices"


def _wording(now: Turn, fact: Fact) -> str:
    session, words = now.session, now.library.words
    either = _either(now, fact)
    if either:
        titles = words["either_or"].join(choice.title for choice in either)
        return words["ask_which"].format(title=fact.title, values=titles)
    if isinstance(session.facts.get(fact.id), Members):
        return words["closing_again"] if session.tries else fact.closing
    if session.tries:
        return fact.again if not session.is_child or "{" not in fact.question_child else fact.question_child
    return fact.question_child if speaks_as_child(session, fact) else ask_of(now, fact, fact.question)


def _either(now: Turn, fact: Fact) -> list[Choice]:
    """What was said in words that leave it open is asked as one or the other; never of a child, whom it could tell."""
    possible = now.session.facts.get(fact.id)
    value = value_json(possible) if isinstance(possible, Members) else None
    if not isinstance(value, dict) or now.session.is_child:
        return []
    found = [fact.choice(each) for each in value["one_of"]]
    return [choice for choice in found if choice is not None] if len(found) <= MOST_EITHER else []


def _buttons(now: Turn, fact: Fact) -> list[dict[str, str]]:
    words, either = now.library.words, _either(now, fact)
    is_heard = isinstance(now.session.facts.get(fact.id), Members)
    choices = either or [choice for choice in fact.choices if choice.quick] or list(fact.choices)[:MOST_BUTTONS]
    if is_heard and not either:
        choices = []
    titles = [_title(now, fact, choice) for choice in choices[:MOST_BUTTONS]]
    extra = [words["no_more"]] if is_heard and not either else []
    extra.append(words["dont_know"])
    if now.session.tries >= PATIENCE:
        extra.append(words["ask_person"])
    return [{"title": title, "payload": title} for title in [*titles, *extra]]


def _title(now: Turn, fact: Fact, choice: Choice) -> str:
    return choice.title_child if speaks_as_child(now.session, fact) else choice.title


def _finish(now: Turn) -> None:
    """Nothing is left to ask: say what one can do next, once."""
    session, reply = now.session, now.reply
    words = now.library.words
    if session.here.finished:
        return
    if session.is_child and not (session.wanted or session.everything):
        reply.say("utter_child_go_on" if session.is_invited else "utter_child_may_ask")
        session.is_invited = True
        reply.buttons = _plain(words["start_everything"], words["ask_person"])
        return
    if not wanted_now(now):
        if not reply.says or not session.topic:
            reply.say("utter_what_is_it_about" if not reply.says else "utter_anything_else")
            reply.buttons = _plain(words["start_everything"], words["ask_person"])
        return
    _tell_open(now)
    checks = read_back(now)
    if any(each.outcome in ("ask_local", "needs_facts") for each in reply.results.values()):
        session.offered, session.here.finished = "ask_local", True
        reply.say("utter_offer_person")
        reply.buttons = _plain(*checks, *offer_next(now), words["ask_person"], words["show_results"])
        return
    session.here.finished = True
    reply.say("utter_done")
    more = [] if session.everything else [words["start_everything"]]
    reply.buttons = _plain(*checks, *offer_next(now), *more, words["show_results"], words["ask_person"])


def _tell_open(now: Turn) -> None:
    """What was asked for and stayed open is said to be open, with what is missing: no interview ends in silence."""
    asked = now.session.wanted or (wanted_now(now) if not now.session.told else [])
    for assessment in assessed(now):
        is_open = assessment.outcome in ("ask_local", "needs_facts")
        if is_open and assessment.id in asked and now.session.told.get(assessment.id) != assessment.outcome:
            tell(now, assessment)


def _plain(*titles: str) -> list[dict[str, str]]:
    return [{"title": title, "payload": title} for title in titles]
