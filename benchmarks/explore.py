"""Walk the protocol through every order of events up to a depth, and show that each promise can be broken at all.

    uv run python benchmarks/explore.py [--depth 7] [--alarm-depth 10] [--delivery-depth 10] [--erasing-depth 9]
                                        [--asking-depth 9]

Prints worlds, schedules and faults; then every mutant, a protocol without one of its guards, and what it broke. Exit
status 1 when the protocol broke a promise, or a mutant did not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.judge import settle, wrong
from benchmarks.model import Plan, World, begin
from benchmarks.moves import moves
from benchmarks.mutants import ALARM, ASKING, DELIVERY, ERASING, KEPT, MUTANT_DEPTH, MUTANTS, OWNERSHIP


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


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--depth", type=int, default=7)
    parser.add_argument("--alarm-depth", type=int, default=10)
    parser.add_argument("--delivery-depth", type=int, default=10)
    parser.add_argument("--erasing-depth", type=int, default=9)
    parser.add_argument("--asking-depth", type=int, default=9)
    arguments = parser.parse_args()
    broken = 0
    for name, plan, depth in (
        ("ownership", OWNERSHIP, arguments.depth),
        ("alarm", ALARM, arguments.alarm_depth),
        ("delivery", DELIVERY, arguments.delivery_depth),
        ("erasing", ERASING, arguments.erasing_depth),
        ("kept", KEPT, arguments.erasing_depth),
        ("asking", ASKING, arguments.asking_depth),
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
        walk = explore(plan, MUTANT_DEPTH, frozenset({fault}))
        broken += not walk.faults[fault]
        story = next((" · ".join(story) for kind, story in walk.shown if kind == fault), "NOT SEEN")
        print(f"{name}: {fault}: {story}")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
