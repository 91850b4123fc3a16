"""Walk the protocol through every order of events up to a depth, and show that each promise can be broken at all.

    uv run python benchmarks/explore.py [--depth 7] [--alarm-depth 10] [--delivery-depth 10]

Prints worlds, schedules and faults; then every mutant, a protocol without one of its guards, and what it broke. Exit
status 1 when the protocol broke a promise, or a mutant did not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.judge import settle, wrong
from benchmarks.model import Plan, World, begin
from benchmarks.moves import moves
from casework import protocol as p

OWNERSHIP = Plan(keys=("f1", "f2"), doors=2, crashes=1, repeats=1, replies=1)
ALARM = Plan(keys=("f2", "f3"), doors=1, crashes=2, repeats=1, replies=0, is_asked=False)
DELIVERY = Plan(keys=("f1", "f2"), workers=(1,), doors=1, crashes=2, repeats=1, is_pushed=True, lost_answers=1)


@dataclass
class Walk:
    """`schedules` counts the orders of events that lead to the worlds of the last depth, each a different one."""

    worlds: int = 0
    steps: int = 0
    schedules: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    shown: list[tuple[str, Sequence[str]]] = field(default_factory=list)


def explore(plan: Plan, depth: int, stop_at: frozenset[str] = frozenset()) -> Walk:
    """Breadth first, each world once; ends early when a fault in `stop_at` was found.

    The next events depend on the world alone, so the number of schedules to a world is the sum over those before it.
    """
    walk, first, known = Walk(), begin(plan), dict[World, World]()
    ways: dict[World, int] = {first: 1}
    came: dict[World, tuple[World | None, str]] = {first: (None, "")}
    for _ in range(depth):
        following: Counter[World] = Counter()
        for world, count in ways.items():
            for told, then in moves(world, plan):
                walk.steps += 1
                following[then] += count
                if then not in came:
                    came[then] = (world, told)
                    _look(then, plan, walk, came, known)
                    if stop_at & walk.faults.keys():
                        walk.worlds = len(came)
                        return walk
        ways = following
        walk.schedules = sum(ways.values())
    walk.worlds = len(came)
    return walk


def _look(
    world: World, plan: Plan, walk: Walk, came: Mapping[World, tuple[World | None, str]], known: dict[World, World]
) -> None:
    found = wrong(world, plan) or wrong(settle(world, plan, known), plan, at_rest=True)
    for kind in found:
        walk.faults[kind] += 1
        if walk.faults[kind] == 1:
            walk.shown.append((kind, _story(world, came)))


def _story(world: World | None, came: Mapping[World, tuple[World | None, str]]) -> list[str]:
    told = []
    while world is not None:
        world, how = came[world]
        told.append(how)
    return told[-2::-1]


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
    "the newest is carried first": (DELIVERY._replace(next_owed=_newest_first), "out of order"),
    "an alarm is not owed": (OWNERSHIP._replace(heeds=False, doors=1), "safety card"),
}
# Guards that another one stands behind: taking only these away breaks nothing.
BEHIND: Mapping[str, Plan] = {
    "a turn asks only for its epoch": OWNERSHIP._replace(rules=without(p.Answered, p.bot_holds)),
    "a turn asks only who holds it": OWNERSHIP._replace(rules=without(p.Answered, p.same_epoch)),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depth", type=int, default=7)
    parser.add_argument("--alarm-depth", type=int, default=10)
    parser.add_argument("--delivery-depth", type=int, default=10)
    arguments = parser.parse_args()
    broken = 0
    for name, plan, depth in (
        ("ownership", OWNERSHIP, arguments.depth),
        ("alarm", ALARM, arguments.alarm_depth),
        ("delivery", DELIVERY, arguments.delivery_depth),
    ):
        began = time.monotonic()
        walk = explore(plan, depth)
        broken += sum(walk.faults.values())
        told = ", ".join(f"{kind} {count}" for kind, count in walk.faults.items()) or "none"
        seconds = time.monotonic() - began
        print(
            f"{name:<10} depth {depth}: {walk.worlds} worlds, {walk.steps} events, {walk.schedules} schedules of that"
            f" length, {seconds:.0f} s; faults: {told}"
        )
        for kind, story in walk.shown:
            print(f"  {kind}: {' · '.join(story)}")
    for name, (plan, fault) in MUTANTS.items():
        walk = explore(plan, 6, frozenset({fault}))
        broken += not walk.faults[fault]
        story = next((" · ".join(story) for kind, story in walk.shown if kind == fault), "NOT SEEN")
        print(f"{name}: {fault}: {story}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
