"""The road: the interview, and “看结果” with everything that is decided or still open."""

from __future__ import annotations

from actions.base import Turn, TurnAction
from actions.cards import tell
from actions.interview import interview
from actions.introduce import name_of
from actions.wanted import assessed


class ActionInterview(TurnAction):
    """Stories, answers, corrections and “can we get something”."""

    def name(self) -> str:
        return "action_interview"

    def speak(self, turn: Turn) -> None:
        interview(turn)


class ActionResults(TurnAction):
    """All that is eligible, up to a locality, or still open."""

    def name(self) -> str:
        return "action_results"

    def speak(self, turn: Turn) -> None:
        outcomes = assessed(turn)
        if not outcomes:
            turn.reply.say("utter_nothing_yet")
            return
        if len(turn.session.children) > 1:
            turn.reply.say("utter_results_of", name=name_of(turn, turn.session.child))
        for wanted in ("eligible", "ask_local", "needs_facts"):
            for assessment in outcomes:
                if assessment.outcome == wanted:
                    tell(turn, assessment)
        if not turn.reply.results:
            for assessment in outcomes:
                tell(turn, assessment)
