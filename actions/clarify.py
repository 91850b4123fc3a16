"""When the words were not understood: the likeliest readings to tap, and a person; never two dead ends."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.cards import title

if TYPE_CHECKING:
    from actions.base import Turn

# Below this the likeliest intent is a guess. Calibrated confidences; figures in docs/understanding.md.
SURE = 0.4
# Told that one asks for something dishonest, an honest grandmother leaves: that needs more than a hunch.
SURE_OF = {"ask_forbidden": 0.6, "report_scam": 0.4}
MOST_READINGS = 2
MOST_CHOICES = 3


def is_doubtful(now: Turn) -> bool:
    """Whether the act is only the likeliest of many."""
    intent = now.message.get("intent") or {}
    return float(intent.get("confidence") or 0.0) < SURE_OF.get(now.intent, SURE)


def is_guess(now: Turn) -> bool:
    """Whether nothing in the message is sure: no fact, no answer, no likely act."""
    return is_doubtful(now) and not now.heard.anything and not now.session.paused and not now.session.asking


def clarify(now: Turn) -> None:
    """Offer readings, the general road, and a person."""
    now.session.misses += 1
    readings = _readings(now)
    now.reply.say("utter_clarify" if readings else no_answer(now))
    words = now.library.words
    likely = [*readings, words["start_everything"]][: MOST_CHOICES - 1]
    choices = [*likely, words["ask_person"]]
    now.reply.buttons = [{"title": text, "payload": text} for text in choices]
    now.session.offered = "unreadable"
    now.reply.resumes = False


def no_answer(now: Turn) -> str:
    """A question without a sourced answer, or words that were no question at all."""
    is_question = re.search(now.library.words["is_question"], str(now.message.get("text") or ""))
    return "utter_no_basis" if is_question else "utter_not_understood"


def acknowledge_nothing(now: Turn) -> None:
    """No message stays without a word: say whether anything was heard, and what can be done next."""
    words = now.library.words
    heard = now.heard.new or now.heard.replaced
    now.reply.say("utter_noted" if heard else "utter_not_caught")
    keys = ("show_results", "start_everything", "ask_person")
    now.reply.buttons = [{"title": words[key], "payload": words[key]} for key in keys]
    now.session.offered = "unreadable"


def _readings(now: Turn) -> list[str]:
    """Questions it may have been, in words that are understood when tapped."""
    policy = now.library.policies.get(now.topics[0]) if now.topics else None
    if policy is None:
        return []
    ranked = [str(each["name"]) for each in now.message.get("intent_ranking") or []]
    forms = now.library.words
    likely = [name for name in ranked if f"reading_{name}" in forms]
    return [forms[f"reading_{name}"].format(title=title(now, policy)) for name in likely[:MOST_READINGS]]
