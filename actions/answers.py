"""Questions about one entitlement, and what to say when none is named."""

from __future__ import annotations

import re

from actions.base import Turn, TurnAction
from actions.clarify import no_answer
from actions.interview import interview
from actions.lines import answer
from actions.pointers import offer
from knowledge.policy import Policy


class ActionAnswer(TurnAction):
    """What, who, how much, which papers, where, how long, together with what, after 18, refused, not arrived."""

    def name(self) -> str:
        return "action_answer"

    def speak(self, turn: Turn) -> None:
        policy = _about(turn)
        if policy is None:
            _unclear(turn)
            return
        answer(turn, policy, turn.intent)


def _about(now: Turn) -> Policy | None:
    """The entitlement named now; else the one asked about last, else the first one told."""
    if now.topics:
        return now.library.policies.get(now.topics[0])
    name = now.session.topic or next(iter(now.session.told), None)
    return now.library.policies.get(name or "")


def _unclear(now: Turn) -> None:
    """No entitlement is named: with a story the interview finds out; else what holds for all of them, or no basis."""
    if now.heard.new:
        now.session.everything = True
        interview(now)
        return
    general, words = f"any_{now.intent}", now.library.words
    # Said only of help for children: a pension is asked about in the same words.
    if general in words and re.search(words["any_about"], str(now.message.get("text") or "")):
        source = now.library.cite(words[f"{general}_cite"])
        now.reply.say("utter_any", words=words[general], basis=source)
        now.reply.cite([source])
    else:
        now.reply.say(no_answer(now))
    offer(now)
