"""Whether a world of the model kept every promise: now, and once everything under way has ended."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from benchmarks.erasing import not_erased
from benchmarks.model import Plan, World, danger_of, has, seq_of
from benchmarks.moves import QUESTION, moves
from casework.trace import Line, Step, Trace, faults


@lru_cache(maxsize=200_000)
def _judged(log: tuple[tuple[Any, ...], ...], holder: str, waits: bool) -> tuple[str, ...]:
    """The trace checker on what was committed; places in the log are its times."""
    said: list[Line] = []
    steps: list[Step] = []
    for place, entry in enumerate(log):
        at: Any = place
        if entry[0] in ("family", "system", "bot", "worker"):
            writer = entry[2] if entry[0] == "worker" else None
            said.append(Line(entry[-1], entry[0], "", at, entry[1], writer, entry[1].startswith("safety-")))
        else:
            steps.append(Step(entry[0], entry[1], entry[2], at))
    found = faults(Trace("model", said, steps, holder, waits), at_rest=True)
    return tuple(sorted({fault.kind for fault in found}))


def wrong(world: World, plan: Plan, at_rest: bool = False) -> set[str]:
    """The kinds of promises that this world breaks; a card under way is torn only at rest."""
    now = world.standing
    waits = at_rest and now.worker is None and now.family_seq > now.answered_seq and not now.is_erased
    found = set(_judged(world.log, "bot" if now.worker is None else "worker", waits))
    if not at_rest:
        found.discard("safety card")
    elif danger_of(world) and not has(world, "system", f"safety-{seq_of(danger_of(world)[0])}-asked"):
        found.add("safety card")
    if _spoke_over(world):
        found.add("two holders")
    if world.is_unheard:
        found.add("safety card")
    if any(later < earlier for earlier, later in zip(world.phone, world.phone[1:], strict=False)):
        found.add("out of order")
    # A second copy on the phone is owed to a killed sender or a lost answer, never to us alone.
    if len(world.phone) - len(set(world.phone)) > world.unsure:
        found.add("doubled")
    if world.is_robbed or (at_rest and not now.is_erased and _unanswered(world)):
        found.add("lost")
    if plan.may_erase and not_erased(world, at_rest):
        found.add("not erased")
    if at_rest and plan.is_pushed and not now.is_erased and {each.seq for each in world.owed} != set(world.phone):
        found.add("lost")
    return found


def settle(world: World, plan: Plan, known: dict[World, World]) -> World:
    """Nobody does anything new and nothing breaks; every front door finishes. The family does not repeat itself.

    `known` remembers where each world on the way ends: many ways meet.
    """
    quiet = plan._replace(crashes=0, repeats=0, replies=0, puts=0, lost_answers=0, workers=(), erases=0)
    world = world._replace(crashes=0, repeats=0, replies=0, puts=0, terms=plan.terms)
    way: list[World] = []
    while world not in known:
        way.append(world)
        following = _next(world, quiet)
        if following is None:
            break
        world = following
    end = known.get(world, world)
    known.update(dict.fromkeys(way, end))
    return end


def _unanswered(world: World) -> bool:
    """Whether words said to the assistant since it last got the conversation have no turn that was asked for them."""
    waiting, is_claimed = 0, False
    for entry in world.log:
        if entry[0] == "claimed" or (is_claimed and entry[0] in ("released", "closed", "transferred")):
            waiting, is_claimed = 0, entry[0] in ("claimed", "transferred")
        elif entry[0] == "family" and not is_claimed:
            waiting = entry[-1]
        elif entry[0] == "bot" and int(entry[1].split("-")[1]) >= waiting:
            waiting = 0
    return waiting > 0


def _spoke_over(world: World) -> bool:
    """Whether a question was put into a conversation that another worker held: its line does not tell who put it."""
    holder = None
    for entry in world.log:
        if entry[0] in ("claimed", "transferred"):
            holder = entry[1] if entry[0] == "claimed" else entry[2]
        elif entry[0] in ("released", "closed"):
            holder = None
        elif entry[1] == QUESTION and holder not in (None, entry[2]):
            return True
    return False


IDLE = (" arrives", "fails to", "that it is slow")


def _next(world: World, quiet: Plan) -> World | None:
    return next(
        (then for told, then in moves(world, quiet) if then != world and not any(word in told for word in IDLE)), None
    )
