"""Questions about one entitlement, and what to say when none is named."""

from __future__ import annotations

import re

from actions.base import Turn, TurnAction
from actions.clarify import leans_on_topic, no_answer
from actions.interview import interview, not_yet
from actions.lines import answer
from actions.meant import by_weight, told_money
from actions.pointers import offer
from actions.wanted import fits
from knowledge.interview import opened
from knowledge.policy import Policy

_OF_MONEY = ("ask_amount", "ask_payment", "ask_duration", "ask_appeal")


class ActionAnswer(TurnAction):
    """What, who, how much, which papers, where, how long, together with what, after 18, refused, not arrived."""

    def name(self) -> str:
        return "action_answer"

    def speak(self, turn: Turn) -> None:
        if _asks_whether(turn):
            turn.reply.say("utter_plain", words=not_yet(turn))
            return
        text = str(turn.message.get("text") or "")
        if turn.session.asking and turn.heard.tells_more and not re.search(turn.library.words["looks_asked"], text):
            interview(turn)  # 户口在沙县 tells
            return
        policy = _about(turn)
        if policy is None:
            _unclear(turn)
            return
        answer(turn, policy, _kind(turn))


def _asks_whether(now: Turn) -> bool:
    """那个钱到底有没有, in the middle of the interview, tells of no payment that is late."""
    text = str(now.message.get("text") or "")
    is_late = re.search(now.library.words["of_late_payment"], text)
    return now.intent == "ask_payment" and bool(now.session.asking) and not is_late and not now.topics


def _kind(now: Turn) -> str:
    """怎么换监护人 asks for no sum, though it lies near one."""
    text = str(now.message.get("text") or "")
    if now.intent == "ask_duration" and re.search(now.library.words["sum_each_month"], text):
        return "ask_amount"  # 好多钱一个月
    if now.intent == "ask_amount" and re.search(r"\w{3}", text) and not re.search(now.library.words["of_money"], text):
        return "ask_where" if re.search(now.library.words["looks_asked"], text) else "ask_what"
    return now.intent


def _about(now: Turn) -> Policy | None:
    """The entitlement named now; else the one asked about last, else the first one told."""
    if now.topics:
        return now.library.policies.get(now.topics[0])
    if not leans_on_topic(now):
        return None  # 评残去哪评 is no question about what was spoken of before
    told, money = now.session.told, told_money(now)
    named = now.session.topic or ""
    topic = named if named in now.library.policies and fits(now, named) else None
    open_ones = (name for name in by_weight(now, told) if told[name] != "not_eligible" and fits(now, name))
    if money and now.intent in _OF_MONEY and (topic is None or now.library.policies[topic].kind != "money"):
        return now.library.policies[money]  # 每月能领多少, after a word about who may look after the child
    name = topic or next(open_ones, None) or likely(now) or now.session.topic
    return now.library.policies.get(name or "")


def likely(now: Turn) -> str | None:
    """The money that the story so far calls for; 要哪些材料, at the end of it, is about that."""
    facts = now.session.on(now.as_of)
    money = [each for each in opened(now.library, facts, now.as_of) if now.library.policies[each].kind == "money"]
    possible = [each for each in by_weight(now, money) if fits(now, each)]
    if told := told_money(now):
        return told
    if (now.session.asking or "").endswith(".situation"):
        return None  # how a parent is decides it: no road before that is told
    return possible[0] if len(possible) == 1 else None  # of two that may be, neither road is shown


def _unclear(now: Turn) -> None:
    """No entitlement is named: with a story the interview finds out; else what holds for all of them, or no basis."""
    if now.heard.tells_more:
        now.session.everything = True
        interview(now)
        return
    general, words, text = f"any_{now.intent}", now.library.words, str(now.message.get("text") or "")
    if now.session.asking and not re.search(words["looks_asked"], text):
        interview(now)  # 没办证, in the middle of the interview, asks nothing
        return
    # Said only of help for children: a pension is asked about in the same words.
    goes_on = bool(now.session.facts) and not now.topics and leans_on_topic(now)
    is_about_help = goes_on or re.search(words["any_about"], text)
    if general in words and is_about_help:
        source = now.library.cite(words[f"{general}_cite"])
        now.reply.say("utter_any", words=words[general], basis=source)
        now.reply.cite([source])
        now.session.kind, now.session.is_unnamed = now.intent, True
    else:
        now.reply.say(no_answer(now))
    offer(now)
