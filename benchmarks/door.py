"""What a front door of the model does between two transactions, and its sender with what is owed to the telephone.

It follows the gateway, `bot/answering.py`, `bot/protect.py` and the Telegram sender.
"""

from __future__ import annotations

from typing import Any

from benchmarks.erasing import forget
from benchmarks.model import DANGER, HEEDING, Door, Moves, Owed, Plan, World, commit, danger_of, has, put, seq_of
from casework import protocol as p


def door_moves(world: World, plan: Plan, place: int, door: Door) -> Moves:
    if not door.is_up:
        yield "starts", start(world, plan, place)
        return
    if world.crashes < plan.crashes:
        unsure = world.unsure + (door.carries is not None and door.carries[0] == "sent")
        yield "is killed", put(world._replace(crashes=world.crashes + 1, unsure=unsure), place, **_DEAD)
    for task in door.tasks:
        yield f"{task[1]} {task[0]}", _work(world, plan, place, task)
    yield from _turn(world, plan, place, door)
    if plan.is_pushed:
        yield from _sender(world, plan, place, door)


_DEAD = Door(is_up=False)._asdict()


def start(world: World, plan: Plan, place: int) -> World:
    """`Gateway._take_up`: the alarms that are owed, or, where they are not, those among the words that wait."""
    if plan.heeds:
        keys = sorted(world.alarms)
    else:
        waiting = world.standing.worker is None
        keys = [DANGER] if waiting and any(seq_of(e) > world.standing.answered_seq for e in danger_of(world)) else []
    if plan.erases_again:
        world = forget(world, plan, world.erased)
    return put(world, place, is_up=True, tasks=tuple((key, HEEDING[0]) for key in keys))


def _work(world: World, plan: Plan, place: int, task: tuple[str, str]) -> World:
    """The next transaction of a message at hand."""
    key, verb = task
    tasks = tuple(each for each in world.doors[place].tasks if each != task)
    if verb == "forget":
        return put(forget(world, plan, (int(key),)), place, tasks=tasks)
    if world.standing.is_erased:
        return put(world, place, tasks=tasks)
    if verb == "acknowledge":
        number = plan.keys.index(key)
        posts = (*world.posts[:number], "known", *world.posts[number + 1 :])
        return put(world._replace(posts=posts), place, tasks=tasks)
    card = f"safety-{seq_of(danger_of(world)[0])}-"
    if verb == "ask":
        is_new = world.standing.case not in ("waiting", "active") and not has(world, "system", f"{card}asked")
        then = commit(world, plan, p.Asked(), *([("opened", None, None)] if is_new else [])) if is_new else world
    else:
        line = card + ("0" if verb == "show" else "asked")
        then = commit(world, plan, p.Shown(has(world, "system", line)), ("system", line))
    following = (*HEEDING, "acknowledge")[HEEDING.index(verb) + 1]
    if following == "acknowledge":
        then = then._replace(alarms=then.alarms - {key})
    return put(then, place, tasks=(*tasks, (key, following)))


def _turn(world: World, plan: Plan, place: int, door: Door) -> Moves:
    """`Answering._try`: who holds it, what waits, the words of Rasa, the record; each at its own moment."""
    now = world.standing
    if not door.turn:
        if now.worker is None and now.family_seq > now.answered_seq and not now.is_erased:
            yield "looks who holds it", put(world, place, turn=(now.epoch,))
    elif len(door.turn) == 1:
        waits = now.worker is None and now.family_seq > now.answered_seq and not now.is_erased
        if waits and plan.may_erase:
            world = world._replace(thinking=(*world.thinking, (world.life, world.dialogue[world.life])))
        yield "asks Rasa", put(world, place, turn=(*door.turn, now.family_seq, world.life) if waits else ())
    else:
        epoch, answers, life = door.turn
        if life != world.life:
            yield "drops the turn", put(world, place, turn=())
            return
        then = commit(world, plan, p.Answered(epoch, answers), ("bot", f"turn-{answers}-0"))
        yield "records the turn", put(then, place, turn=())
        away = f"away-{answers}"
        if not has(world, "system", away):
            said = commit(world, plan, p.Remarked(), ("system", away))
            if said is not world:
                yield "says that it is slow", said


def _sender(world: World, plan: Plan, place: int, door: Door) -> Moves:
    if door.carries is None:
        owed = [each for each in world.owed if each.is_open]
        if (found := plan.next_owed(owed, 0)) is not None:
            leased = world._replace(owed=_marked(world.owed, found.seq, not_before=1))
            yield f"takes {found.seq}", put(leased, place, carries=("takes", found.seq, found.number, world.life))
        return
    state, seq, number, life = door.carries
    is_ours = life == world.life and not world.standing.is_erased
    if state == "takes" and not is_ours:
        # Who looks and sends does both at once here: what is in the network when it is erased is in the network.
        strays = world.strays + (not plan.looks_before_sending)
        yield f"sends {seq} or not", put(world._replace(strays=strays), place, carries=None)
    elif state == "takes":
        sent = world._replace(phone=(*world.phone, seq))
        yield f"sends {seq}", put(sent, place, carries=("sent", seq, number, life))
        yield f"fails to send {seq}", put(world, place, carries=None)
        if world.unsure < plan.lost_answers:
            yield f"sends {seq}, unheard", put(sent._replace(unsure=world.unsure + 1), place, carries=None)
    else:
        rows = [each.seq for each in world.owed if each.number == number]
        marked = [seq] if is_ours else [] if plan.marks_by_name else rows
        owed = _marked(world.owed, marked[0], is_open=False) if marked else world.owed
        yield f"marks {seq}", put(world._replace(owed=owed), place, carries=None)


def _marked(owed: tuple[Owed, ...], seq: int, **changes: Any) -> tuple[Owed, ...]:
    return tuple(each._replace(**changes) if each.seq == seq else each for each in owed)
