"""What may come next when words go: the family erases, a term ends, and what Rasa, senders and repeats do beside it.

It follows `casework/erasure.py`, `casework/retention.py`, `bot/state.py` and the Telegram channel.
"""

from __future__ import annotations

from benchmarks.model import Door, Moves, Plan, World, greet, put
from casework import protocol as p

WORDS = ("family", "system", "bot", "worker")
ERASED = ("erased", None, None)


def erasing_moves(world: World, plan: Plan) -> Moves:
    yield from _asked(world, plan)
    yield from _term(world, plan)
    yield from _forgotten(world, plan)
    for thought in world.thinking:
        yield "Rasa stores what it knows", _stored(world, thought)


def _asked(world: World, plan: Plan) -> Moves:
    """By the family, through a front door that then has to make the dialogue forget."""
    for place, door in enumerate(world.doors):
        if not door.is_up:
            continue
        if len(world.erased) < plan.erases and world.life not in world.erased:
            then = erase(world, plan, "closed" if world.standing.case != "none" else "deleted")
            if then is not world:
                told = put(then, place, tasks=(*then.doors[place].tasks, (str(world.life), "forget")))
                yield f"the family erases (door {place})", told
        if world.life and world.life - 1 in world.erased and world.repeats < plan.repeats:
            again = world._replace(repeats=world.repeats + 1)
            yield (
                f"the erasing comes again (door {place})",
                again if plan.knows_its_own else erase(again, plan, "deleted")._replace(is_robbed=True),
            )


def _term(world: World, plan: Plan) -> Moves:
    """In a process of its own, which may die before the dialogue has forgotten."""
    if world.terms < plan.terms and not world.errand and world.standing.case in ("none", "closed"):
        then = erase(world, plan, "emptied")
        if then is not world:
            yield "the term is over", then._replace(terms=world.terms + 1, errand=(world.life,))
    if world.errand:
        yield "the daily job forgets", forget(world, plan, world.errand)._replace(errand=())
        if world.crashes < plan.crashes:
            yield "the daily job is killed", world._replace(errand=(), crashes=world.crashes + 1)


def _forgotten(world: World, plan: Plan) -> Moves:
    """The next day: the journal knows what was erased."""
    if plan.erases_again and plan.terms and not world.errand:
        yield "another day", forget(world, plan, world.erased)


def erase(world: World, plan: Plan, how: str) -> World:
    """One transaction, or none while an alarm is owed."""
    now = p.step(world.standing, p.Erased(bool(world.alarms)), plan.rules)
    if isinstance(now, p.No) or world.standing.is_erased:
        return world
    log = tuple(entry for entry in world.log if how == "closed" or entry[0] not in WORDS)
    log = () if how == "deleted" else log
    erased = (*world.erased, world.life)
    return world._replace(
        standing=now,
        log=(*log, ERASED),
        owed=(),
        erased=erased,
        alarms=frozenset(),
        is_unheard=world.is_unheard or bool(world.alarms),
    )


def forget(world: World, plan: Plan, lives: tuple[int, ...]) -> World:
    left = "gone" if plan.leaves_a_mark else "none"
    stored = (left if life in lives else each for life, each in enumerate(world.dialogue))
    return world._replace(dialogue=tuple(stored))


def begin_again(world: World, plan: Plan) -> World:
    """A new conversation of the same family; the old one's rows are no part of it."""
    fresh = world._replace(
        standing=p.Standing(),
        posts=("unsent",) * len(plan.keys),
        log=(),
        owed=(),
        phone=(),
        unsure=0,
        life=world.life + 1,
        doors=tuple(_without_words(door) for door in world.doors),
        dialogue=(*world.dialogue, "none"),
    )
    return greet(fresh, plan) if plan.is_pushed else fresh


def _without_words(door: Door) -> Door:
    """What a front door does with words that are gone ends at its next transaction."""
    return door._replace(tasks=tuple(task for task in door.tasks if task[1] == "forget"))


def _stored(world: World, thought: tuple[int, str]) -> World:
    """As `bot.state.save`: refused where the row is not as it was read."""
    life, read = thought
    left = list(world.thinking)
    left.remove(thought)
    stored = list(world.dialogue)
    if stored[life] == read:
        stored[life] = "known"
    return world._replace(thinking=tuple(left), dialogue=tuple(stored))


def not_erased(world: World, at_rest: bool) -> bool:
    """Whether anything was said in an erased conversation, reached its telephone, or is known of it for good."""
    after = world.log[world.log.index(ERASED) + 1 :] if ERASED in world.log else ()
    is_said = any(entry[0] in WORDS for entry in after)
    is_known = at_rest and any(world.dialogue[life] == "known" for life in world.erased)
    return is_said or is_known or world.strays > 0
