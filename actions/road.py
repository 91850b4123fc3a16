"""The road: the interview, and “看结果” with everything that is decided or still open."""

from __future__ import annotations

from actions.base import Turn, TurnAction
from actions.cards import tell, tell_in_one_line, title
from actions.interview import AT_MOST, interview
from actions.introduce import name_of
from actions.meant import by_weight
from actions.wanted import assessed
from knowledge.assess import Assessment
from knowledge.interview import opened
from knowledge.remarks import received

MOST_NAMED = 3


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
        # 那你说说我孙子能领啥, before anything was asked or told, is no look back.
        if turn.session.everything and not turn.session.told and not turn.session.asking:
            interview(turn)
            return
        held = received(turn.library, turn.session.facts) - {*turn.session.wanted}
        outcomes = [each for each in assessed(turn) if each.id not in held]
        if not outcomes:
            turn.reply.say("utter_nothing_yet")
            return
        if len(turn.session.children) > 1:
            turn.reply.say("utter_results_of", name=name_of(turn, turn.session.child))
        named = {each.id: each for each in outcomes}
        ordered = [named[name] for name in by_weight(turn, named)]
        found = [each for wanted in ("eligible", "ask_local") for each in ordered if each.outcome == wanted]
        for assessment in found[:AT_MOST]:
            tell(turn, assessment)
        tell_in_one_line(turn, found[AT_MOST:])
        _tell_open(turn, [each for each in outcomes if each.outcome == "needs_facts"])
        if not turn.reply.results:
            for assessment in outcomes[:AT_MOST]:
                tell(turn, assessment)
            tell_in_one_line(turn, outcomes[AT_MOST:])


def _tell_open(now: Turn, open_ones: list[Assessment]) -> None:
    """One is told with what is missing; many are named in one line, what a stated fact opened first."""
    if not open_ones:
        return
    if len(open_ones) == 1:
        for assessment in open_ones:
            tell(now, assessment)
        return
    called = {*opened(now.library, now.session.on(now.as_of), now.as_of), *now.session.wanted}
    first = sorted(open_ones, key=lambda each: each.id not in called)
    titles = "、".join(title(now, now.library.policies[each.id]) for each in first[:MOST_NAMED])
    now.reply.say("utter_many_open", count=str(len(open_ones)), titles=titles)
    now.reply.results.update({each.id: each for each in first})
