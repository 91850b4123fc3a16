"""Words in passing: let us go on, too much text, we are safe; and who comes back after days of silence."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from actions.lines import answer
from actions.plainly import beside
from actions.pointers import offer
from actions.wanted import wanted_now

if TYPE_CHECKING:
    from actions.base import Turn

SHORT = 6  # 没有了, 不想说, 好的谢谢: longer words say more
_GREETS = ("greet", "affirm", "thanks", "restart")
_TELLS = ("tell", "ask_payment", "complain", "out_of_scope", "report_scam")
_NO_MORE = ("deny", "refuse", "unsure", "affirm")


def aside(now: Turn) -> Callable[[Turn], None] | None:
    """How to answer words in passing; None when the message is about something."""
    if now.session.paused:
        return None
    if re.search(now.library.words["stop_asking"], str(now.message.get("text") or "")) and not now.heard.new:
        return _stop
    if now.heard.tells_more:
        return None
    text = re.sub(r"\s+", " ", str(now.message.get("text") or "")).strip()
    words, session = now.library.words, now.session
    if not re.search(r"\w", text):
        return _wait
    if re.search(words["goes_on"], text):
        return _go_on
    if re.search(words["wants_short"], text):
        return _shorten
    if (session.facts or session.told) and re.search(words["greets"], text.lower()):
        return _greet
    for key, say in (
        ("ends_here", _end),
        ("asks_phone", _tell_phone),
        ("wants_person", _call_person),
        ("only_thanks", _thank),
        ("sighs", _wait),
        ("why_tell", _say_why),
        ("tells_of_payment", _tell_payment),
    ):
        # 电话多少, after legal aid was told of, asks for its number and not for ours.
        if re.search(words[key], text) and (key != "tells_of_payment" or now.intent in _TELLS):
            return None if key == "asks_phone" and beside(now) else say
    asked = now.library.facts.get(session.asking or "")
    if asked is not None and asked.kind != "bool" and re.search(words["nods"], text):
        return _nod
    if _only_nods(now, text):
        return _no_more
    if re.search(words["jokes"], text):
        return _take_no_offence
    if session.checked_on and re.search(words["is_safe"], text):
        return _glad
    if (
        session.here.finished
        and now.intent in _NO_MORE
        and len(text) <= SHORT
        and not (now.offer and now.intent == "affirm")
    ):
        return _no_more
    return None


def _stop(now: Turn) -> None:
    """你别问了 烦死了 wants no next question."""
    words, is_child = now.library.words, now.session.is_child
    now.reply.say("utter_plain", words=words["stopped_child" if is_child else "stopped"])
    now.reply.buttons = _plain(*([] if is_child else [words["show_results"]]), words["ask_person"])
    now.reply.resumes = False


def _greet(now: Turn) -> None:
    """你好, in the middle, begins nothing anew."""
    now.reply.say("utter_plain", words=now.library.words["greeted_child" if now.session.is_child else "greeted"])
    now.reply.resumes = bool(now.session.asking)


def _only_nods(now: Turn, text: str) -> bool:
    """好的, after an answer that asked nothing, says that it was read."""
    session = now.session
    is_answered = bool(session.told or session.kind or session.called or session.last_said or session.misses)
    asks = session.asking or now.was_put or session.checked_on or not is_answered
    return not asks and bool(re.search(now.library.words["nods"], text))


def _wait(now: Turn) -> None:
    """Nothing but points or faces: there is no hurry."""
    now.reply.say("utter_plain", words=now.library.words["waits"])
    now.reply.resumes = bool(now.session.asking)


def _go_on(now: Turn) -> None:
    """Back to the question; with nothing pending the way is open."""
    words = now.library.words
    now.session.asked = min(now.session.asked, 1)  # asked for by the family: it is not one time too many
    is_pending = bool(now.session.asking) and not now.session.here.finished
    if is_pending or not now.session.facts:
        now.reply.resumes = is_pending
        if not is_pending:
            now.reply.say("utter_what_is_it_about")
            now.reply.buttons = _plain(words["start_everything"], words["ask_person"])
        return
    now.reply.say("utter_plain", words=words["on_from_last"])
    now.reply.say("utter_anything_else")
    now.reply.buttons = _plain(words["show_results"], words["start_everything"], words["ask_person"])
    now.reply.resumes = False


def _shorten(now: Turn) -> None:
    now.reply.say("utter_plain", words=now.library.words["short_heard"])
    now.reply.resumes = bool(now.session.asking)


def _nod(now: Turn) -> None:
    """好，我知道了 is no answer to how old the child is, and no failed one."""
    if now.session.asked > 1:
        words = now.library.words
        now.reply.say("utter_plain", words=words["nodded"])
        now.reply.buttons = _plain(words["go_on"], words["ask_person"])
        now.reply.resumes = False


def _tell_phone(now: Turn) -> None:
    now.reply.say("utter_plain", words=now.library.words["phone_told"])
    now.reply.resumes = bool(now.session.asking)


def _thank(now: Turn) -> None:
    now.reply.say("utter_thanks")
    now.reply.resumes = False


def _say_why(now: Turn) -> None:
    """我凭啥告诉你 wants a reason."""
    asked = now.library.facts.get(now.session.asking or "")
    if asked is None:
        now.reply.say("utter_why_nothing")
    else:
        now.reply.say("utter_why", why=asked.why_child if now.session.is_child else asked.why)
    now.reply.resumes = asked is not None


def _call_person(now: Turn) -> None:
    """你是人吗 我要找个人说 wants a person, whatever else is in it."""
    now.reply.ask_person("caseworker", "routine", "asked")
    now.reply.resumes = False
    now.reply.say("utter_person_asked")


def _tell_payment(now: Turn) -> None:
    """村里把孩子的钱扣了 tells, and asks where to go."""
    policies, told = now.library.policies, now.session.told
    found = (each for each, outcome in told.items() if outcome in ("eligible", "ask_local"))
    money = next((each for each in found if policies[each].kind == "money"), None)
    topic = now.session.topic if policies.get(now.session.topic or "") else None
    topic = topic if topic and policies[topic].kind == "money" else money
    name = now.topics[0] if now.topics else topic
    policy = now.library.policies.get(name or "")
    if policy is not None and policy.kind == "money":
        answer(now, policy, "ask_payment")
        return
    words = now.library.words
    source = now.library.cite(words["any_ask_payment_cite"])
    now.reply.say("utter_any", words=words["any_ask_payment"], basis=source)
    now.reply.cite([source])
    now.session.kind, now.session.is_unnamed = "ask_payment", True
    offer(now)


def _end(now: Turn) -> None:
    """Nobody who has had enough is asked one thing more."""
    now.reply.say("utter_goodbye")
    now.reply.resumes = False


def _glad(now: Turn) -> None:
    now.reply.say("utter_plain", words=now.library.words["safe_heard"])
    now.reply.resumes = bool(now.session.asking or wanted_now(now))


def _take_no_offence(now: Turn) -> None:
    words = now.library.words
    now.reply.say("utter_plain", words=words["joke_heard"])
    now.reply.buttons = _plain(words["start_everything"], words["ask_person"])
    now.reply.resumes = bool(now.session.asking)


def _no_more(now: Turn) -> None:
    words = now.library.words
    now.reply.say("utter_plain", words=words["nothing_more"])
    now.reply.buttons = _plain(words["show_results"], words["ask_person"])
    now.reply.resumes = False


def welcome_back(now: Turn) -> bool:
    """After a day of silence or more: whether to go on, without a word of what was said; somebody else may read.

    True when the message was only a greeting, so that the question is the whole reply.
    """
    session = now.session
    if not now.is_back or not (session.facts or session.told or session.asking) or now.intent == "restart":
        return False
    words = now.library.words
    only_greets = not now.heard.anything and not now.topics and now.intent in _GREETS
    if not only_greets:
        return False
    now.reply.say("utter_plain", words=words["again_after_child" if session.is_child else "again_after"])
    now.reply.buttons = _plain(words["go_on_last"], words["start_over"], words["ask_person"])
    now.reply.resumes = False
    return True


def _plain(*titles: str) -> list[dict[str, str]]:
    return [{"title": title, "payload": title} for title in titles]
