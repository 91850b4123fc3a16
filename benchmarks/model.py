"""One conversation, its family, workers, front doors and channel, small enough to walk through every order of events.

What may be done is asked of `casework/protocol.py`, the table that ledger and cases ask; what each of them does then is
in benchmarks/moves.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from casework import protocol as p
from casework.delivery import next_owed

DANGER = "f2"
# What a front door does with words of danger after it recorded them, one transaction each; then it says so.
HEEDING = ("show", "ask", "say asked")


class Plan(NamedTuple):
    """How large the world is, and how often the bad things may happen; `heeds` says whether alarms are owed.

    `is_asked`: somebody asked for a person before it begins. `puts`: how often a worker asks whether we may ask again.
    `erases` and `terms`: how often the family erases, and the time of what is kept is over; the last five say what then
    holds, and mutants take one away.
    """

    keys: tuple[str, ...] = ("f1", DANGER)
    workers: tuple[int, ...] = (1, 2)
    doors: int = 2
    crashes: int = 1
    repeats: int = 1
    replies: int = 1
    puts: int = 0
    is_pushed: bool = False
    lost_answers: int = 0
    heeds: bool = True
    is_asked: bool = True
    rules: Mapping[type, p.Rule] = p.RULES
    next_owed: Any = next_owed
    erases: int = 0
    terms: int = 0
    leaves_a_mark: bool = True
    erases_again: bool = True
    looks_before_sending: bool = True
    marks_by_name: bool = True
    knows_its_own: bool = True

    @property
    def may_erase(self) -> bool:
        return bool(self.erases or self.terms)


class Owed(NamedTuple):
    """`not_before` is 0 for now, 1 for after a pause; `number` is the row's, which the database may give again."""

    seq: int
    not_before: int
    is_open: bool = True
    number: int = 0


class Door(NamedTuple):
    """What a front door holds in memory: messages at hand, the turn under way, what its sender carries."""

    tasks: tuple[tuple[str, str], ...] = ()
    turn: tuple[int, ...] = ()
    carries: tuple[Any, ...] | None = None
    is_up: bool = True


class World(NamedTuple):
    """`log` holds lines and steps as they were committed; `posts` what each message's client knows.

    `life` counts the family's conversations: after one was erased its next words begin another. `dialogue` is what
    the dialogue has stored of each (none, known, gone), `thinking` what Rasa has read and will store.
    """

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
    puts: int = 0
    life: int = 0
    dialogue: tuple[str, ...] = ("none",)
    thinking: tuple[tuple[int, str], ...] = ()
    errand: tuple[int, ...] = ()
    erased: tuple[int, ...] = ()
    strays: int = 0
    is_robbed: bool = False
    is_unheard: bool = False
    terms: int = 0


Moves = Iterator[tuple[str, World]]


def begin(plan: Plan) -> World:
    world = World(p.Standing(), (Door(),) * plan.doors, ("unsent",) * len(plan.keys))
    if plan.erases and plan.is_pushed:
        world = greet(world, plan)
    return commit(world, plan, p.Asked(), ("opened", None, None)) if plan.is_asked else world


def greet(world: World, plan: Plan) -> World:
    return commit(world, plan, p.Remarked(), ("system", "first"))


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
                owed.append(Owed(seq, 0, number=max((each.number for each in owed), default=0) + 1))
        lines.append(entry)
    return world._replace(standing=now, log=(*world.log, *lines), owed=tuple(owed), **more)


def has(world: World, sender: str, key: str) -> bool:
    return any(entry[:2] == (sender, key) for entry in world.log)


def danger_of(world: World) -> list[tuple[Any, ...]]:
    return [entry for entry in world.log if entry[:2] == ("family", DANGER)]


def seq_of(entry: tuple[Any, ...]) -> int:
    return int(entry[-1])


def put(world: World, place: int, **changes: Any) -> World:
    doors = list(world.doors)
    doors[place] = doors[place]._replace(**changes)
    return world._replace(doors=tuple(doors))
