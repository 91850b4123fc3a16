"""Every event that may come next in a world of the model: of the family, the workers, and each front door."""

from __future__ import annotations

from typing import Any

from benchmarks.door import door_moves
from benchmarks.erasing import begin_again, erasing_moves
from benchmarks.model import DANGER, HEEDING, Moves, Plan, World, commit, has, put
from casework import protocol as p

QUESTION = "agree-1"


def moves(world: World, plan: Plan) -> Moves:
    yield from _family(world, plan)
    yield from _workers(world, plan)
    for place, door in enumerate(world.doors):
        for told, then in door_moves(world, plan, place, door):
            yield f"{told} (door {place})", then
    if plan.may_erase or world.thinking:
        yield from erasing_moves(world, plan)
    # A lease outlives whoever is carrying: time passes for the sender's pauses only while nobody carries.
    if any(each.not_before for each in world.owed if each.is_open) and not any(door.carries for door in world.doors):
        yield "time passes", world._replace(owed=tuple(each._replace(not_before=0) for each in world.owed))


def _family(world: World, plan: Plan) -> Moves:
    """A message goes out when the one before was acknowledged or given up; one without an answer goes out again."""
    for number, (key, state) in enumerate(zip(plan.keys, world.posts, strict=True)):
        may_begin = number == 0 or world.posts[number - 1] != "unsent"
        is_again = state != "unsent"
        if not may_begin or (is_again and (world.repeats >= plan.repeats or world.standing.is_erased)):
            continue
        for place, door in enumerate(world.doors):
            if door.is_up and all(task[0] != key for task in door.tasks):
                yield (
                    f"{key} {'again' if is_again else 'arrives'} (door {place})",
                    _receive(world, plan, place, number, is_again),
                )


def _receive(world: World, plan: Plan, place: int, number: int, is_again: bool) -> World:
    if world.standing.is_erased and plan.is_pushed:
        world = begin_again(world, plan)
    key = plan.keys[number]
    if p.step(world.standing, p.Heard(has(world, "family", key)), plan.rules) is p.No.GONE:
        return world
    alarms = {key} if key == DANGER and plan.heeds and not is_again else set()
    recorded = commit(world, plan, p.Heard(has(world, "family", key)), ("family", key), alarms=world.alarms | alarms)
    posts = (*world.posts[:number], "sent", *world.posts[number + 1 :]) if not is_again else world.posts
    counted = recorded._replace(posts=posts, repeats=world.repeats + is_again)
    first = HEEDING[0] if key == DANGER else "acknowledge"
    return put(counted, place, tasks=(*counted.doors[place].tasks, (key, first)))


def _workers(world: World, plan: Plan) -> Moves:
    if world.puts < plan.puts:
        yield from _question(world, plan)
    case = world.standing.case
    if case not in ("waiting", "active"):
        return
    for who in plan.workers:
        events: list[tuple[str, Any, tuple[Any, ...]]] = [
            ("claims", p.Claimed(who), ("claimed", who, None)),
            ("releases", p.Released(who), ("released", who, None)),
            ("closes", p.Closed(who), ("closed", who, None)),
            *(("transfers", p.Transferred(who, to), ("transferred", who, to)) for to in plan.workers if to != who),
        ]
        for verb, event, entry in events:
            then = commit(world, plan, event, entry)
            if then is not world:
                yield f"{who} {verb}", then
        if world.replies < plan.replies:
            key = f"w{world.replies}"
            then = commit(world, plan, p.Replied(who), ("worker", key, who), replies=world.replies + 1)
            if then is not world:
                yield f"{who} replies", then


def _question(world: World, plan: Plan) -> Moves:
    """Put by anybody who may work with the case, also while nobody holds it; a second time it is the same question."""
    for who in plan.workers:
        event = p.Put(who, has(world, "system", QUESTION))
        then = commit(world, plan, event, ("system", QUESTION, who), puts=world.puts + 1)
        if then is not world:
            yield f"{who} puts a question", then
