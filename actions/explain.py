"""“为什么问这个” and “依据是什么”."""

from __future__ import annotations

from actions.answers import likely
from actions.base import Turn, TurnAction
from actions.cards import hushed, title
from knowledge.policy import cited


class ActionExplain(TurnAction):
    """Why a question is asked, or which document an answer stands on."""

    def name(self) -> str:
        return "action_explain"

    def speak(self, turn: Turn) -> None:
        if turn.intent == "ask_basis":
            _basis(turn)
        elif turn.session.asking:
            fact = turn.library.facts[turn.session.asking]
            turn.reply.say("utter_why", why=fact.why_child if turn.session.is_child else fact.why)
        else:
            turn.reply.say("utter_why_nothing")


def _basis(now: Turn) -> None:
    told, topic = now.session.told, now.session.topic
    open_ones = [name for name in (topic, *told) if name and told.get(name) != "not_eligible"]
    name = next(iter(open_ones), None) or likely(now) or topic or next(iter(told), None)
    policy = now.library.policies.get(name or "")
    if policy is None:
        now.reply.say("utter_basis_unclear")
        return
    cites = policy.summary_child.cites if hushed(now, policy) else cited(policy)
    sources = [now.library.cite(cite) for cite in cites]
    now.reply.say("utter_basis", title=title(now, policy), basis="\n".join(f"· {each}" for each in sources[:6]))
    now.reply.cite(sources)
