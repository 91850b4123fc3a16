"""When the words were not understood: facts first, then the likeliest readings and a person."""

from __future__ import annotations

from actions.base import Turn, TurnAction
from actions.cards import title
from actions.interview import interview

MOST_READINGS = 2


class ActionClarify(TurnAction):
    """Never two dead ends: every fallback offers readings that can be tapped, and a person."""

    def name(self) -> str:
        return "action_clarify"

    def speak(self, turn: Turn) -> None:
        if turn.heard.anything or turn.session.paused or turn.session.asking:
            interview(turn)
            return
        turn.session.misses += 1
        readings = _readings(turn)
        turn.reply.say("utter_clarify" if readings else "utter_no_basis")
        words = turn.library.words
        turn.reply.buttons = [
            {"title": text, "payload": text} for text in [*readings, words["start_everything"], words["ask_person"]][:3]
        ]
        turn.session.offered = "unreadable"
        turn.reply.resumes = False


def _readings(now: Turn) -> list[str]:
    """Questions it may have been, in words that are understood when tapped."""
    policy = now.library.policies.get(now.topics[0]) if now.topics else None
    if policy is None:
        return []
    ranked = [str(each["name"]) for each in now.message.get("intent_ranking") or []]
    forms = now.library.words
    likely = [name for name in ranked if f"reading_{name}" in forms]
    return [forms[f"reading_{name}"].format(title=title(now, policy)) for name in likely[:MOST_READINGS]]
