"""An adopted, registered child: its birth parents no longer count (民法典 1111条), and that is said first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.known import to_json
from knowledge.policy import Combination

if TYPE_CHECKING:
    from actions.base import Turn

ADOPTION, FACT = "adoption", "child.adoption"
_ASKS = ("ask_eligibility", "tell", "ask_who", "ask_combine", "ask_duration", "ask_payment")
_SITUATIONS = ("father.situation", "mother.situation")


def asks_after_adoption(now: Turn) -> Combination | None:
    """What an adoption does to the money that is asked for; None where something is told of the adoptive parents."""
    known, _ = to_json(now.session.facts)
    policy = next((now.library.policies[each] for each in now.topics if _hangs_on_parents(now, each)), None)
    is_adopted = known.get(FACT) == "registered" and not any(name in known for name in _SITUATIONS)
    if policy is None or not is_adopted or now.intent not in _ASKS:
        return None
    return next(each for each in policy.combines if each.with_id == ADOPTION)


def _hangs_on_parents(now: Turn, name: str) -> bool:
    policy = now.library.policies.get(name)
    return policy is not None and any(each.with_id == ADOPTION and each.how == "choose_one" for each in policy.combines)


def tell_adopted(now: Turn, combination: Combination) -> None:
    """Nobody is asked how the parents are; the rest may still be looked at."""
    source = "；".join(now.library.cite(cite) for cite in combination.words.cites)
    now.reply.say("utter_any", words=combination.words.says, basis=source)
    now.reply.cite([source])
    start = now.library.words["start_everything"]
    now.reply.buttons = [{"title": start, "payload": start}]
    now.session.wanted.clear()
    now.reply.resumes = False
