"""Ask for a human when the family does."""

from __future__ import annotations

from actions.base import Turn, TurnAction
from knowledge.known import OneOf

COUNSELLING = "need.counselling"


class ActionPerson(TurnAction):
    """“转人工”: never argued with, never delayed by a question."""

    def name(self) -> str:
        return "action_person"

    def speak(self, turn: Turn) -> None:
        wants_counsel = COUNSELLING in turn.heard.new and turn.session.facts[COUNSELLING] == OneOf(frozenset([True]))
        queue = "counselor" if turn.session.paused or wants_counsel else "caseworker"
        turn.reply.ask_person(queue, "routine", turn.offer or "asked")
        turn.reply.resumes = False
        turn.reply.say("utter_person_asked")
