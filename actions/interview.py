"""The road itself: hear the story, tell what is newly decided, ask the next question."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.cards import SOON, tell, tell_in_one_line, title
from actions.clarify import is_question
from actions.introduce import thanks_child
from actions.lines import SHORTEST, answer, tell_amount_now
from actions.meant import by_weight, told_money
from actions.question import count_miss
from actions.recall import is_half_known, lines_of
from actions.wanted import NAMED, asks_for_all, assessed, denies
from actions.what_it_is import asks_of_one, tell_what_it_is
from knowledge.assess import Assessment
from knowledge.interview import next_question, opened
from knowledge.known import to_json
from knowledge.remarks import received
from knowledge.when import next_change

if TYPE_CHECKING:
    from actions.base import Turn

_YES = ("eligible", "ask_local")
MOST_NAMED = 3
INCOME = "household.income"
AT_MOST = 2  # outcomes told in full in one reply; more is not read


def interview(now: Turn) -> None:
    """Shared by all that may hear a story where something else was expected."""
    session, words = now.session, now.library.words
    if session.paused and not _goes_on_after_alarm(now):
        again = words["listening_again_child" if session.is_child else "listening_again"]
        if session.listened > 1:
            now.reply.say("utter_plain", words=again)
        else:
            now.reply.say("utter_listening")
        return
    if _accepts_offer(now):
        return
    corrects = re.search(words["corrects"], str(now.message.get("text") or ""))
    if now.intent == "correct" and corrects and not now.heard.anything and session.facts:
        now.reply.say("utter_plain", words=words["correct_which"])
        now.reply.resumes = False
        return
    _acknowledge(now)
    if session.asking and not now.heard.anything and now.intent != "ask_eligibility" and not asks_for_all(now):
        _miss(now)
    fresh = _news(now)
    news = fresh[:AT_MOST]
    asks = now.intent == "ask_eligibility" or asks_of_one(now) or re.search(words["asks_for_help"], _text(now))
    is_unanswered = not news and (bool(session.asking) or not now.heard.anything)
    only_asks = asks and is_unanswered and not session.is_child
    if asks and not news and tell_what_it_is(now):
        pass  # 告他妈行不行: what it is, and then what is still to be known
    elif only_asks and any(each.outcome == "needs_facts" for each in assessed(now)):
        now.reply.say("utter_plain", words=not_yet(now))
    _say_what_changed(now, news)
    for assessment in news:
        tell(now, assessment)
    tell_in_one_line(now, fresh[AT_MOST:])
    tell_amount_now(now)
    _tell_when_it_stops(now)
    _lean_on(now, news)
    _introduce(now)


def _tell_when_it_stops(now: Turn) -> None:
    """钱会不会停, at the end of a story, is what was asked."""
    if not re.search(now.library.words["asks_if_it_stops"], _text(now)):
        return
    policies, has = now.library.policies, received(now.library, now.session.facts)
    named = [each for each in (*now.topics, *has) if each in policies and policies[each].kind == "money"]
    if named:
        answer(now, policies[named[0]], "ask_after_18")


def _lean_on(now: Turn, news: list[Assessment]) -> None:
    """那个钱一个月多少, after an outcome was told, is about that money, whatever was asked for before it."""
    policies = now.library.policies
    money = [each.id for each in news if each.outcome in _YES and policies[each.id].kind == "money"]
    if money and not (now.topics and now.topics[0] in money):
        now.session.topic = told_money(now) or money[0]


def _text(now: Turn) -> str:
    return str(now.message.get("text") or "")


def _miss(now: Turn) -> None:
    """晚上也一个人, to a question about the father, is heard and no failed answer."""
    words = now.library.words
    if now.reply.safety["level"] == "concern" and not now.session.is_child:
        now.reply.say("utter_plain", words=words["concern_noted"])
    elif now.session.asking == INCOME and re.search(words["tells_sum"], _text(now)):
        now.session.closed.append(INCOME)  # 一年万把块钱: which line that is under is not for the family to reckon
        now.reply.say("utter_plain", words=words["sum_is_reckoned"])
    else:
        count_miss(now)


def not_yet(now: Turn) -> str:
    """What it may come to is named where a stated fact calls for it: 白血病 has not to wait for the last answer."""
    words = now.library.words
    called = {*opened(now.library, now.session.on(now.as_of), now.as_of), *now.session.wanted}
    asked = [each.id for each in assessed(now) if each.outcome == "needs_facts" and each.id in called]
    if not asked or now.topics:
        return str(words["not_yet"])
    titles = (title(now, now.library.policies[each]) for each in asked[:MOST_NAMED])
    return str(words["not_yet_of"]).format(
        titles=words["and"].join(words["title"].format(title=each) for each in titles)
    )


def _goes_on_after_alarm(now: Turn) -> bool:
    """A grown-up who says that all are safe, or goes on telling, is not left with one sentence for ever."""
    session, words = now.session, now.library.words
    safe = re.search(words["is_safe"], re.sub(r"\s", "", str(now.message.get("text") or "")))
    session.listened += 1
    if session.is_child or not (safe or (session.listened > 1 and now.heard.anything)):
        return False
    session.paused, session.listened = False, 0
    now.reply.say("utter_plain", words=words["on_again"])
    return True


def _introduce(now: Turn) -> None:
    """A story that names an entitlement nobody has spoken of yet hears in one sentence what that is."""
    first, text = next(iter(now.message.get("topics") or []), None), str(now.message.get("text") or "")
    if first is None or first["id"] not in now.topics or first["score"] < NAMED or first["id"] in now.session.told:
        return
    if now.reply.results or now.session.asking or now.intent == "ask_eligibility" or denies(now):
        return
    policy = now.library.policies.get(first["id"])
    if policy is None or policy.id in received(now.library, now.session.facts):
        return
    if any(name in text for name in policy.names):
        answer(now, policy, "ask_what")
        now.session.told[policy.id] = "introduced"


def _accepts_offer(now: Turn) -> bool:
    if now.offer is None or now.intent != "affirm" or now.session.asking or is_question(now):
        return False
    if not re.search(now.library.words["takes_offer"], _text(now).strip()):
        return False
    if not now.was_put and re.search(now.library.words["nods"], _text(now).strip()):
        return False  # 好的, where nobody was asked whether a person should come, says that it was read
    now.reply.ask_person("caseworker", "routine", now.offer)
    now.reply.resumes = False
    now.reply.say("utter_person_asked")
    return True


def _acknowledge(now: Turn) -> None:
    heard = now.heard
    # What became open again is asked about; three ways it may be are no line.
    changed = lines_of(now, (name for name in dict.fromkeys(heard.replaced) if not is_half_known(now, name)))
    if heard.deleted is not None:
        now.reply.say("utter_plain", words=now.library.words["deleted" if heard.deleted else "deleted_nothing"])
    elif changed:
        shared = any(now.library.facts[name].shared for name in heard.replaced) and len(now.session.children) > 1
        response = "utter_corrected_for_all" if shared and not now.session.here.apart else "utter_corrected"
        now.reply.say(response, titles="；".join(changed))
    elif heard.replaced:  # who asks is no line of the summary
        now.reply.say("utter_plain", words=now.library.words["corrected_short"])
    elif heard.declined and not heard.new:
        now.reply.say("utter_leave_open")
    elif now.reply.says:
        return  # which child is meant was said already
    elif thanks_child(now):
        now.reply.say("utter_heard_loss" if _tells_a_death(now) else "utter_heard_child")
    elif len(heard.new) > 1 and not now.session.was_noted:
        now.session.was_noted = True
        now.reply.say("utter_heard")
    elif len(heard.new) > 1 or (heard.new and now.session.asking and not heard.answered):
        now.reply.say("utter_plain", words=now.library.words["noted_short"])


def _tells_a_death(now: Turn) -> bool:
    known, _ = to_json(now.session.facts)
    return any("dead" in known.get(name, ()) for name in now.heard.new if name.endswith(".situation"))


def _say_what_changed(now: Turn, news: list[Assessment]) -> None:
    """After a correction: whether what was told before still holds."""
    told = now.session.told
    if not now.heard.replaced or not any(outcome in _YES for outcome in told.values()):
        return
    again = [each for each in assessed(now) if each.outcome == "needs_facts" and told.get(each.id) in _YES]
    for each in again:
        told[each.id] = each.outcome
    if again:
        titles = "、".join(title(now, now.library.policies[each.id]) for each in again)
        now.reply.say("utter_open_again", titles=titles)
    elif news:
        now.reply.say("utter_changed_results")
    elif now.heard.deleted is None:
        now.reply.say("utter_same_results")


def _news(now: Turn) -> list[Assessment]:
    """What is newly decided. What a child lives on comes first: services wait until no money question is left."""
    found = {each.id: each for each in assessed(now)}
    outcomes = [found[name] for name in by_weight(now, found)]
    fresh = [each for each in outcomes if _is_news(now, each.id, each.outcome)]
    kinds = {each.id: now.library.policies[each.id].kind for each in outcomes}
    money_open = any(each.outcome == "needs_facts" and kinds[each.id] == "money" for each in outcomes)
    if (
        not money_open
        or next_question(now.library, now.session.on(now.as_of), list(kinds), now.as_of, now.session.closed) is None
    ):
        return fresh
    return [each for each in fresh if kinds[each.id] == "money" or each.id in now.session.wanted]


def _is_news(now: Turn, name: str, outcome: str) -> bool:
    if outcome == "needs_facts":
        return False
    asked_again = now.intent == "ask_eligibility" and name in now.topics[:1]
    if now.session.told.get(name) == outcome and not asked_again:
        return False
    if name in received(now.library, now.session.facts) and name not in now.session.wanted:
        return False  # 低保户: nobody is sent to apply for what the family has
    # A no nobody asked about is noise, unless it takes back something said before or time alone will turn it.
    asked = name in now.session.wanted or name in now.session.told
    return outcome != "not_eligible" or asked or _soon(now, name)


def named_result(now: Turn) -> Assessment | None:
    """价格临时补贴, said alone after it was named with others: what was told of it in one line is told in full."""
    text, first = str(now.message.get("text") or "").strip(), next(iter(now.topics), None)
    if first not in now.session.told or len(text) > SHORTEST or now.heard.new or now.session.is_unnamed:
        return None
    names = now.library.policies[first].names if first in now.library.policies else ()
    is_named = any(name in text for name in names) and not re.search(now.library.words["looks_asked"], text)
    return next((each for each in assessed(now) if each.id == first), None) if is_named else None


def _soon(now: Turn, name: str) -> bool:
    """Gone three months: in three more the money may be applied for, and nobody else will tell the family."""
    facts = now.session.on(now.as_of)
    if now.library.policies[name].kind != "money" or name not in opened(now.library, facts, now.as_of):
        return False
    change = next_change(now.library, name, facts, now.as_of)
    return change is not None and change.outcome in _YES and change.day - now.as_of <= SOON
