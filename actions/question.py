"""The one question of a reply: the pending one in other words, or the next that can settle most."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.finish import finish, plain
from actions.lines import ANSWERS
from actions.session import FIRST
from actions.speaker import ROLE, must_be_asked
from actions.wanted import denies, wanted_now
from actions.wording import PATIENCE, buttons, either, response, wording
from knowledge.interview import NEVER_ASKED, next_question
from knowledge.known import Members

if TYPE_CHECKING:
    from actions.base import Turn

# What is answered in passing and does not call for the question at once.
_PASSING = (
    "thanks",
    "greet",
    "ask_identity",
    "ask_privacy",
    "ask_promise",
    "ask_forbidden",
    "report_scam",
    "ask_basis",
)
HUNCH = 0.5  # from this score a topic is more than a likeness
TOLD = 6  # signs that tell something; fewer are a try at an answer
HUKOU = "child.hukou_region"
PARENTS = ("father.situation", "mother.situation")
CARER, UNATTENDED = "child.lives_with", "safety.unattended"
MOST_ASKED = 4  # in all, however often something else came between


def ask_pending(now: Turn) -> None:
    """End the reply with a question, if any is left that matters."""
    session = now.session
    if session.asking and session.asking in session.closed:
        session.asking = None
    if _begins(now):
        session.everything = True
    name = _next(now)
    if name is not None and name == session.asking and session.asked >= MOST_ASKED and not _asks_on(now):
        session.closed.append(name)  # told other things each time it was put: it is let go
        name = _next(now)
    if name != session.asking:
        session.asking, session.tries, session.asked, now.is_missed = name, 0, 0, False
    if name is None:
        session.asking = _place(now)
        finish(now)
        return
    if session.asked > 1 and _asks_on(now):
        now.reply.buttons = plain(now.library.words["go_on"], now.library.words["ask_person"])
        return
    fact = now.library.facts[name]
    now.reply.say(response(session.tries), question=_led(now, wording(now, fact)))
    now.reply.buttons = buttons(now, fact)
    session.asked, session.is_put = session.asked + 1, True


def _begins(now: Turn) -> bool:
    """A grown-up who tells of a child, or tells on after being invited to, is asked the first question."""
    session = now.session
    if session.is_child or session.asking or wanted_now(now) or now.intent != "tell" or _names_something(now):
        return False
    tells_of_child = any(name.startswith("child.") for name in now.heard.new)
    return bool(session.invited or tells_of_child) and session.kind is None


def _names_something(now: Turn) -> bool:
    """Whether an entitlement is meant; what only sounds a little like one keeps no story from being asked about."""
    scores = {str(one["id"]): float(one["score"]) for one in now.message.get("topics") or ()}
    return any(scores.get(each, 1.0) >= HUNCH for each in now.topics)


def _asks_on(now: Turn) -> bool:
    """One question of theirs after another was answered: ours waits behind a button and does not nag."""
    return now.intent in (*ANSWERS, *_PASSING) and not now.heard.anything and not now.is_missed and bool(now.reply.says)


def _led(now: Turn, question: str) -> str:
    """The question as it follows from what was before: the first one says what it is for, one put again says so."""
    session, words = now.session, now.library.words
    if now.is_missed:
        length = len(str(now.message.get("text") or "").strip())
        told = (now.intent in ("tell", "deny") and (length >= TOLD or denies(now))) or _tells_of_children(now)
        form = "ask_told" if told else "ask_missed"  # 老头子有点病 我身体还行, 没有领低保: heard, though no answer
    elif session.asked:
        form = "ask_back" if session.asked == 1 else "ask_back_again"
    elif not session.is_led_in and not session.is_child:
        form = "ask_first"
    else:
        return question
    session.is_led_in = True
    return str(words[form].format(question=question))


def _tells_of_children(now: Turn) -> bool:
    """小的好好的, while something was asked of the older one, or of the father; 一样的爸妈."""
    if len(now.session.children) > 1 and re.search(
        now.library.words["same_parents"], str(now.message.get("text") or "")
    ):
        return True
    called = ((now.message.get("reading") or {}).get("siblings") or {}).get("called") or {}
    return any(str(number) != now.session.child for number in called)


def count_miss(now: Turn) -> None:
    """The pending question was not answered; after enough tries the fact stays unknown."""
    session = now.session
    session.tries += 1
    now.is_missed = True
    # 还有别的情况吗 is put in the same words again: once is enough
    is_closing = isinstance(session.facts.get(session.asking or ""), Members)
    if session.asking and session.tries > (1 if is_closing else PATIENCE):
        now.is_missed = False
        session.closed.append(session.asking)
        now.reply.say("utter_leave_open")


def _next(now: Turn) -> str | None:
    session = now.session
    if session.is_child and not (session.wanted or session.everything):
        # A child who tells of home is not put through an interview; it is asked what it needs.
        return None
    if must_be_asked(now):
        return ROLE
    asked = session.asking
    if asked and asked in now.heard.new and asked not in session.closed and either(now, now.library.facts[asked]):
        return asked  # 他爸走了: dead or gone is settled before the mother is spoken of
    for name in now.heard.new:
        if name.endswith(".situation") and name not in session.closed and either(now, now.library.facts[name]):
            return name  # 闺女走了, in the first breath: it is settled before the other parent is spoken of
    for name in now.heard.gone:
        if name not in session.facts and name not in session.closed and now.library.facts[name].cost < NEVER_ASKED:
            return name  # 他爸没坐牢: then how is he
    facts = now.session.on(now.as_of)
    name = next_question(now.library, facts, wanted_now(now), now.as_of, now.session.closed)
    name = _parents_first(now, name)
    is_thread = name is None or name == session.asking or name in now.library.gates  # 跑了多久: finished first
    return CARER if (session.asking == CARER or not is_thread) and _asks_who_cares(now) else name


def _parents_first(now: Turn, name: str | None) -> str | None:
    """Whether somebody harms the child is not asked of an aunt who has said only 孩子在我家: how the parents are is."""
    if name is None or not name.startswith("safety.") or now.reply.safety["level"] != "none":
        return name
    known = {*now.session.facts, *now.session.closed}
    return next((each for each in PARENTS if each not in known), name) if not known & {*PARENTS} else name


def _asks_who_cares(now: Turn) -> bool:
    """Who looks after the child now is what families forget to tell and what cannot wait: it opens the interview.

    It is put once; whoever tells something else is not asked again.
    """
    session = now.session
    is_known = any(name in session.facts for name in (CARER, UNATTENDED)) or CARER in session.closed
    is_told = any(outcome != "introduced" for outcome in session.told.values())
    if session.is_child or is_known or is_told or session.child != FIRST:
        return False
    if session.asking == CARER and (now.heard.new or now.heard.replaced):
        session.closed.append(CARER)
        return False
    is_open = session.asking == CARER or not session.has_asked_carer
    session.has_asked_carer = True
    return is_open


def _place(now: Turn) -> str | None:
    """The amount that was just told asked for the place, so the next words may be its name."""
    unknown = HUKOU not in now.session.facts and HUKOU not in now.session.closed
    return HUKOU if now.session.amount_of and unknown else None
