"""The worlds that are explored, and each with one guard taken away: then a promise must break, or nothing guards it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks.model import Plan
from casework import protocol as p

OWNERSHIP = Plan(keys=("f1", "f2"), doors=2, crashes=1, repeats=1, replies=1)
ALARM = Plan(keys=("f2", "f3"), doors=1, crashes=2, repeats=1, replies=0, is_asked=False)
DELIVERY = Plan(keys=("f1", "f2"), workers=(1,), doors=1, crashes=2, repeats=1, is_pushed=True, lost_answers=1)
ASKING = Plan(keys=("f1", "f3"), doors=1, crashes=1, repeats=0, replies=1, puts=2)

ERASING = Plan(
    keys=("f1", "f2"),
    workers=(),
    doors=1,
    crashes=1,
    repeats=1,
    replies=0,
    is_pushed=True,
    is_asked=False,
    erases=1,
    terms=1,
)
KEPT = Plan(keys=("f1", "f2"), workers=(1,), doors=1, crashes=1, repeats=1, replies=1, erases=1, terms=1)


def without(event: type, *guards: Callable[..., Any]) -> dict[type, p.Rule]:
    """The protocol in which these guards of an event are gone."""
    rule = p.RULES[event]
    left = tuple(guard for guard in rule.guards if guard not in guards)
    if len(left) != len(rule.guards) - len(guards):
        raise ValueError(f"{event.__name__} has no such guard")
    return {**p.RULES, event: rule._replace(guards=left)}


def _too_far(now: p.Standing, event: p.Answered) -> p.Standing:
    return p.RULES[p.Answered].effect(now, event)._replace(answered_seq=now.family_seq)


def _not_counted(now: p.Standing, event: Any) -> p.Standing:
    """As if two writers had read the same last seq."""
    return p.RULES[p.Heard].effect(now, event)._replace(last_seq=now.last_seq)


def _newest_first(owed: Sequence[Any], now: int) -> Any:
    return max((each for each in owed if each.not_before <= now), key=lambda each: each.seq, default=None)


def _forgotten(now: p.Standing, event: Any) -> p.Standing:
    """A change of hands after which the assistant still owes what it owed before."""
    return p.RULES[type(event)].effect(now, event)._replace(answered_seq=now.answered_seq)


def _not_mine(now: p.Standing, event: p.Claimed) -> p.No | None:
    return p.No.REPEATED if now.worker == event.worker else None


MUTANT_DEPTH = 7
SILENCE = (p.bot_holds, p.same_epoch)
CLAIMED = p.RULES[p.Claimed]
# What is taken away, and the fault that must follow.
MUTANTS: Mapping[str, tuple[Plan, str]] = {
    "a repeated message is recorded again": (OWNERSHIP._replace(rules=without(p.Heard, p.is_new)), "doubled"),
    "repeated safety words are shown again": (OWNERSHIP._replace(rules=without(p.Shown, p.is_new)), "doubled"),
    "what was answered is answered again": (OWNERSHIP._replace(rules=without(p.Answered, p.unanswered)), "doubled"),
    "an older turn is recorded after a newer one": (
        OWNERSHIP._replace(rules=without(p.Answered, p.unanswered), keys=("f1", "f3")),
        "out of order",
    ),
    "a turn answers more than it was asked": (
        OWNERSHIP._replace(rules={**p.RULES, p.Answered: p.RULES[p.Answered]._replace(effect=_too_far)}),
        "lost",
    ),
    "two writers take the same place": (
        OWNERSHIP._replace(rules={**p.RULES, p.Heard: p.RULES[p.Heard]._replace(effect=_not_counted)}),
        "lost",
    ),
    "the front door remarks beside a worker": (
        OWNERSHIP._replace(rules=without(p.Remarked, p.bot_holds)),
        "bot after claim",
    ),
    "a turn begun before the claim is said after it": (
        OWNERSHIP._replace(
            rules={
                **without(p.Answered, *SILENCE),
                p.Claimed: CLAIMED._replace(effect=_forgotten),
            }
        ),
        "bot after claim",
    ),
    "a second worker may claim": (
        OWNERSHIP._replace(rules={**p.RULES, p.Claimed: CLAIMED._replace(guards=(p.is_open, _not_mine))}),
        "two holders",
    ),
    "anybody may reply": (OWNERSHIP._replace(rules=without(p.Replied, p.holds)), "two holders"),
    "a question is put beside another worker": (ASKING._replace(rules=without(p.Put, p.no_other_holds)), "two holders"),
    "a question is put twice": (ASKING._replace(rules=without(p.Put, p.is_new)), "doubled"),
    "the newest is carried first": (DELIVERY._replace(next_owed=_newest_first), "out of order"),
    "words of danger may be erased before anybody saw them": (
        ERASING._replace(rules=without(p.Erased, p.heeded), keys=("f2", "f3")),
        "safety card",
    ),
    "a conversation that was erased takes words": (KEPT._replace(rules=without(p.Heard, p.exists)), "not erased"),
    "a turn begun before the erasing is said after it": (
        KEPT._replace(rules=without(p.Answered, p.exists)),
        "not erased",
    ),
    "forgetting leaves no mark, and Rasa stores late": (ERASING._replace(leaves_a_mark=False, terms=0), "not erased"),
    "who dies between erasing and forgetting is not made good": (
        ERASING._replace(erases_again=False, keys=("f1", "f3")),
        "not erased",
    ),
    "what was erased is carried all the same": (ERASING._replace(looks_before_sending=False), "not erased"),
    "what was carried is marked by a number that is given again": (ERASING._replace(marks_by_name=False), "lost"),
    "an erasing that comes again takes the next conversation": (ERASING._replace(knows_its_own=False), "lost"),
    "an alarm is not owed": (OWNERSHIP._replace(heeds=False, doors=1), "safety card"),
}
# Guards that another one stands behind: taking only these away breaks nothing.
BEHIND: Mapping[str, Plan] = {
    "a turn asks only for its epoch": OWNERSHIP._replace(rules=without(p.Answered, p.bot_holds)),
    "a turn asks only who holds it": OWNERSHIP._replace(rules=without(p.Answered, p.same_epoch)),
}
