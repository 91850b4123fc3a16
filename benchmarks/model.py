"""One conversation, its family, workers, front doors and channel, small enough to walk through every order of events.

What may be done is asked of `casework/protocol.py`, the table that ledger and cases ask; what a front door does between
two transactions is written here as the gateway, `bot/answering.py`, `bot/protect.py` and the Telegram sender do it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from casework import protocol as p

DANGER = "f2"
# What a front door does with words of danger after it recorded them, one transaction each; then it says so.
HEEDING = ("show", "ask", "say asked")


class Plan(NamedTuple):
    """How large the world is, and how often the bad things may happen; `heeds` says whether alarms are owed.

    `is_asked`: somebody asked for a person before it begins.
    """

    keys: tuple[str, ...] = ("f1", DANGER)
    workers: tuple[int, ...] = (1, 2)
    doors: int = 2
    crashes: int = 1
    repeats: int = 1
    replies: int = 1
    is_pushed: bool = False
    lost_answers: int = 0
    heeds: bool = True
    is_asked: bool = True
    rules: Mapping[type, p.Rule] = p.RULES
    next_owed: Any = p.next_owed


class Owed(NamedTuple):
    """`not_before` is 0 for now, 1 for after a pause."""

    seq: int
    not_before: int
    is_open: bool = True


class Door(NamedTuple):
    """What a front door holds in memory: messages at hand, the turn under way, what its sender carries."""

    tasks: tuple[tuple[str, str], ...] = ()
    turn: tuple[int, ...] = ()
    carries: tuple[str, int] | None = None
    is_up: bool = True


class World(NamedTuple):
    """`log` holds lines and steps as they were committed; `posts` what each message's client knows."""

    standing: p.Standing
    doors: tuple[Door, ...]
    posts: tuple[str, ...]
    log: tuple[tuple[Any, ...], ...] = ()
    alarms: frozenset[str] = frozenset()
    owed: tuple[Owed, ...] = ()
    phone: tuple[int, ...] = ()
    unsure: int = 0
    crashes: int = 0
    repeats: int = 0
    replies: int = 0


Moves = Iterator[tuple[str, World]]


def begin(plan: Plan) -> World:
    world = World(p.Standing(), (Door(),) * plan.doors, ("unsent",) * len(plan.keys))
    return commit(world, plan, p.Asked(), ("opened", None, None)) if plan.is_asked else world


def commit(world: World, plan: Plan, event: Any, *entries: tuple[Any, ...], **more: Any) -> World:
    """One transaction: what the protocol allows is written, or nothing."""
    now = p.step(world.standing, event, plan.rules)
    if isinstance(now, p.No):
        return world
    seq, lines, owed = world.standing.last_seq, [], list(world.owed)
    for entry in entries:
        if entry[0] in ("family", "system", "bot", "worker"):
            seq += 1
            entry = (*entry, seq)
            if plan.is_pushed and entry[0] != "family":
                owed.append(Owed(seq, 0))
        lines.append(entry)
    return world._replace(standing=now, log=(*world.log, *lines), owed=tuple(owed), **more)


def has(world: World, sender: str, key: str) -> bool:
    return any(entry[:2] == (sender, key) for entry in world.log)


def moves(world: World, plan: Plan) -> Moves:
    yield from _family(world, plan)
    yield from _workers(world, plan)
    for place, door in enumerate(world.doors):
        for told, then in _door(world, plan, place, door):
            yield f"{told} (door {place})", then
    # A lease outlives whoever is carrying: time passes for the sender's pauses only while nobody carries.
    if any(each.not_before for each in world.owed if each.is_open) and not any(door.carries for door in world.doors):
        yield "time passes", world._replace(owed=tuple(each._replace(not_before=0) for each in world.owed))


def _put(world: World, place: int, **changes: Any) -> World:
    doors = list(world.doors)
    doors[place] = doors[place]._replace(**changes)
    return world._replace(doors=tuple(doors))


def _family(world: World, plan: Plan) -> Moves:
    """A message goes out when the one before was acknowledged or given up; one without an answer goes out again."""
    for number, (key, state) in enumerate(zip(plan.keys, world.posts, strict=True)):
        may_begin = number == 0 or world.posts[number - 1] != "unsent"
        is_again = state != "unsent"
        if not may_begin or (is_again and world.repeats >= plan.repeats):
            continue
        for place, door in enumerate(world.doors):
            if door.is_up and all(task[0] != key for task in door.tasks):
                yield (
                    f"{key} {'again' if is_again else 'arrives'} (door {place})",
                    _receive(world, plan, place, number, is_again),
                )


def _receive(world: World, plan: Plan, place: int, number: int, is_again: bool) -> World:
    key = plan.keys[number]
    alarms = {key} if key == DANGER and plan.heeds and not is_again else set()
    recorded = commit(world, plan, p.Heard(has(world, "family", key)), ("family", key), alarms=world.alarms | alarms)
    posts = (*world.posts[:number], "sent", *world.posts[number + 1 :]) if not is_again else world.posts
    counted = recorded._replace(posts=posts, repeats=world.repeats + is_again)
    first = HEEDING[0] if key == DANGER else "acknowledge"
    return _put(counted, place, tasks=(*counted.doors[place].tasks, (key, first)))


def _workers(world: World, plan: Plan) -> Moves:
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


def _door(world: World, plan: Plan, place: int, door: Door) -> Moves:
    if not door.is_up:
        yield "starts", start(world, plan, place)
        return
    if world.crashes < plan.crashes:
        unsure = world.unsure + (door.carries is not None and door.carries[0] == "sent")
        yield "is killed", _put(world._replace(crashes=world.crashes + 1, unsure=unsure), place, **_DEAD)
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
    return _put(world, place, is_up=True, tasks=tuple((key, HEEDING[0]) for key in keys))


def danger_of(world: World) -> list[tuple[Any, ...]]:
    return [entry for entry in world.log if entry[:2] == ("family", DANGER)]


def seq_of(entry: tuple[Any, ...]) -> int:
    return int(entry[-1])


def _work(world: World, plan: Plan, place: int, task: tuple[str, str]) -> World:
    """The next transaction of a message at hand."""
    key, verb = task
    tasks = tuple(each for each in world.doors[place].tasks if each != task)
    if verb == "acknowledge":
        number = plan.keys.index(key)
        posts = (*world.posts[:number], "known", *world.posts[number + 1 :])
        return _put(world._replace(posts=posts), place, tasks=tasks)
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
    return _put(then, place, tasks=(*tasks, (key, following)))


def _turn(world: World, plan: Plan, place: int, door: Door) -> Moves:
    """`Answering._try`: who holds it, what waits, the words of Rasa, the record; each at its own moment."""
    now = world.standing
    if not door.turn:
        if now.worker is None and now.family_seq > now.answered_seq:
            yield "looks who holds it", _put(world, place, turn=(now.epoch,))
    elif len(door.turn) == 1:
        waits = now.worker is None and now.family_seq > now.answered_seq
        yield "asks Rasa", _put(world, place, turn=(*door.turn, now.family_seq) if waits else ())
    else:
        epoch, answers = door.turn
        then = commit(world, plan, p.Answered(epoch, answers), ("bot", f"turn-{answers}-0"))
        yield "records the turn", _put(then, place, turn=())
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
            yield f"takes {found.seq}", _put(leased, place, carries=("takes", found.seq))
        return
    state, seq = door.carries
    if state == "takes":
        sent = world._replace(phone=(*world.phone, seq))
        yield f"sends {seq}", _put(sent, place, carries=("sent", seq))
        yield f"fails to send {seq}", _put(world, place, carries=None)
        if world.unsure < plan.lost_answers:
            yield f"sends {seq}, unheard", _put(sent._replace(unsure=world.unsure + 1), place, carries=None)
    else:
        yield f"marks {seq}", _put(world._replace(owed=_marked(world.owed, seq, is_open=False)), place, carries=None)


def _marked(owed: tuple[Owed, ...], seq: int, **changes: Any) -> tuple[Owed, ...]:
    return tuple(each._replace(**changes) if each.seq == seq else each for each in owed)
