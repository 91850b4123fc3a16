"""When the words were not understood: the likeliest readings to tap, and a person; never two dead ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.cards import title
from actions.lines import ANSWERS

if TYPE_CHECKING:
    from actions.base import Turn

# Below this the likeliest intent is a guess. Calibrated confidences; figures in docs/understanding.md.
SURE = 0.4
# Told that one asks for something dishonest, an honest grandmother leaves: that needs more than a hunch.
SURE_OF = {"ask_forbidden": 0.6, "report_scam": 0.4}
# A question in the middle of the interview that names no entitlement may be about anything: it needs more.
UNNAMED = 0.6
# From this score an entitlement is called by a name of its own, or nearly so.
OUTRIGHT = 0.9
MOST_READINGS = 2
MOST_CHOICES = 3


def is_doubtful(now: Turn) -> bool:
    """Whether the act is only the likeliest of many; that one entitlement is asked about counts as one act."""
    share = _share(now)
    if now.intent in ANSWERS and _names_one(now):
        ranking = now.message.get("intent_ranking") or []
        share = max(share, sum(float(one["confidence"]) for one in ranking if one["name"] in ANSWERS))
    return share < SURE_OF.get(now.intent, SURE)


def _share(now: Turn) -> float:
    return float((now.message.get("intent") or {}).get("confidence") or 0.0)


def _names_one(now: Turn) -> bool:
    """Whether an entitlement is called by its name."""
    return any(float(one["score"]) >= OUTRIGHT for one in now.message.get("topics") or ())


def is_guess(now: Turn) -> bool:
    """Whether nothing in the message is sure: no fact, no answer, no likely act."""
    return is_doubtful(now) and not now.heard.anything and not now.session.paused and not now.session.asking


def leans_on_topic(now: Turn) -> bool:
    """Whether a question holds no word but such as any question of an entitlement may hold: 要带啥, 找谁."""
    words = now.library.words
    text = re.sub(words["that_money"], "", str(now.message.get("text") or ""))
    return len(re.sub(words["leans_on"], "", text)) <= 1


def is_unheard_question(now: Turn) -> bool:
    """A question in the middle of the interview that nothing answers: it is not taken for a failed answer."""
    if now.heard.anything or now.session.paused or not is_question(now):
        return False
    names_nothing = now.intent in ANSWERS and not now.topics and not leans_on_topic(now)
    return is_doubtful(now) or (now.intent == "tell" and not now.topics) or (names_nothing and _share(now) < UNNAMED)


def is_question(now: Turn) -> bool:
    text, words = str(now.message.get("text") or ""), now.library.words
    return bool(re.search(words["looks_asked"], text)) and not re.match(words["of_assistant"], text)


# Acts that cost the family something when they are only guessed, with the words without which they are not meant.
_IN_SO_MANY_WORDS = {"ask_human": "asks_person", "restart": "begins_again", "ask_why": "asks_why"}
# These are asked too, but in other words than was guessed: what is meant is found out.
_IN_SO_MANY_WORDS |= {"ask_after_18": "asks_after_18", "report_scam": "tells_of_scam"}


def only_sounds_like_it(now: Turn) -> bool:
    """能打通电话，就是不管 tells of a mother and calls nobody; 我有个侄儿想问问 forgets nothing."""
    if now.intent not in _IN_SO_MANY_WORDS or (now.intent == "ask_human" and not now.heard.new + now.heard.replaced):
        return False
    form = now.library.words[_IN_SO_MANY_WORDS[now.intent]]
    return not re.search(form, str(now.message.get("text") or ""))


def clarify(now: Turn) -> None:
    """Offer readings, the general road or the pending question, and a person."""
    now.session.misses += 1
    readings = _readings(now)
    words = now.library.words
    now.reply.say("utter_clarify" if readings else no_answer(now))
    on = words["go_on" if now.session.asking else "start_everything"]
    likely = [*readings[: MOST_CHOICES - 2], on] if now.session.asking else [*readings, on][: MOST_CHOICES - 1]
    choices = [*likely, words["ask_person"]]
    now.reply.buttons = [{"title": text, "payload": text} for text in choices]
    now.session.offered = "unreadable"
    now.reply.resumes = False


def no_answer(now: Turn) -> str:
    """A question without a sourced answer, or words that were no question at all."""
    return "utter_no_basis" if is_question(now) else "utter_not_understood"


def acknowledge_nothing(now: Turn) -> None:
    """No message stays without a word: say whether anything was heard, and what can be done next."""
    words = now.library.words
    heard = now.heard.anything
    if not heard and now.session.told and now.intent in ("tell", "deny") and not is_question(now):
        now.reply.say("utter_plain", words=words["heard_no_fact"])
    else:
        now.reply.say("utter_noted" if heard else "utter_not_caught")
    keys = ("show_results", "start_everything", "ask_person")
    now.reply.buttons = [{"title": words[key], "payload": words[key]} for key in keys]
    now.session.offered = "unreadable"


def _readings(now: Turn) -> list[str]:
    """Questions it may have been, in words that are understood when tapped."""
    name = next(iter(now.topics), None)
    if name is None and is_question(now) and leans_on_topic(now):
        name = now.session.topic
    policy = now.library.policies.get(name or "")
    if policy is None:
        return []
    ranked = [str(each["name"]) for each in now.message.get("intent_ranking") or []]
    forms = now.library.words
    likely = [name for name in ranked if f"reading_{name}" in forms]
    if now.session.kind and f"reading_{now.session.kind}" in forms:
        # 残疾孩子的呢, after a sum was asked
        likely = [now.session.kind, *(name for name in likely if name != now.session.kind)]
    can = "reading_ask_eligibility" if policy.kind == "money" else "reading_can"
    keys = [can if name == "ask_eligibility" else f"reading_{name}" for name in likely[:MOST_READINGS]]
    return [forms[key].format(title=title(now, policy)) for key in keys]
