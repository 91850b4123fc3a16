"""Who may do what with a conversation, and what then changes: the whole protocol as one pure table.

`ledger` and `cases` ask it under the lock of the conversation and write down what it answers; `benchmarks/explore.py`
walks the same table through every order of events. `docs/protocol.md` shows it to people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, NamedTuple


class Standing(NamedTuple):
    """All that decides. `worker` None: the assistant holds it; `case` is none, waiting, active or closed.

    `epoch` rises with every change of hands; the assistant owes nothing up to `answered_seq`.
    """

    epoch: int = 1
    worker: int | None = None
    last_seq: int = 0
    family_seq: int = 0
    answered_seq: int = 0
    case: str = "none"
    is_erased: bool = False


class No(Enum):
    """Why an event changes nothing."""

    REPEATED = "it was done before, with the same key"
    GONE = "the family has erased the conversation"
    LATE = "a worker holds it, it changed hands, or that was answered"
    HELD = "another worker holds it"
    NOT_YOURS = "only who holds it may"
    UNHEEDED = "words of danger in it wait to be seen to"
    NO_STEP = "a case in that state has no such step"


class Heard(NamedTuple):
    """The family's words."""

    is_repeat: bool = False


class Shown(NamedTuple):
    """A line of the system that everybody must see: safety words, or that something cannot be read."""

    is_repeat: bool = False


class Put(NamedTuple):
    """A fixed question that a worker puts to the family; it is nobody's reply."""

    worker: int
    is_repeat: bool = False


class Remarked(NamedTuple):
    """A line of the system about the assistant."""

    is_repeat: bool = False


class Answered(NamedTuple):
    """A turn of the assistant begun in `epoch`, for the family's words up to `answers`."""

    epoch: int
    answers: int
    lines: int = 1


class Replied(NamedTuple):
    worker: int
    is_repeat: bool = False


class Asked(NamedTuple):
    """Somebody is wanted: a case is opened, or the open one raised."""


class Claimed(NamedTuple):
    worker: int


class Released(NamedTuple):
    """`is_senior`: a supervisor may for whoever holds it."""

    worker: int
    is_senior: bool = False


class Transferred(NamedTuple):
    worker: int
    to: int | None
    is_senior: bool = False


class Closed(NamedTuple):
    worker: int


class Erased(NamedTuple):
    """By the family or by a term that is over. `is_unheeded`: an alarm is owed for words in it."""

    is_unheeded: bool = False


Guard = Callable[[Standing, Any], "No | None"]
Effect = Callable[[Standing, Any], Standing]


class Rule(NamedTuple):
    """Guards are asked in order; the first that objects is the answer."""

    guards: tuple[Guard, ...]
    effect: Effect


def step(now: Standing, event: Any, rules: Mapping[type, Rule] | None = None) -> Standing | No:
    """What stands after the event, or why nothing changes."""
    rule = (RULES if rules is None else rules)[type(event)]
    for guard in rule.guards:
        if objection := guard(now, event):
            return objection
    return rule.effect(now, event)


# Guards: each says one thing that must hold.


def exists(now: Standing, event: Any) -> No | None:
    return No.GONE if now.is_erased else None


def is_new(now: Standing, event: Any) -> No | None:
    return No.REPEATED if event.is_repeat else None


def bot_holds(now: Standing, event: Any) -> No | None:
    return No.LATE if now.worker is not None else None


def no_other_holds(now: Standing, event: Put) -> No | None:
    return No.HELD if now.worker not in (None, event.worker) else None


def same_epoch(now: Standing, event: Answered) -> No | None:
    return No.LATE if event.epoch != now.epoch else None


def unanswered(now: Standing, event: Answered) -> No | None:
    return No.LATE if event.answers <= now.answered_seq else None


def was_written(now: Standing, event: Answered) -> No | None:
    """Raises: ValueError; a fault of ours."""
    if event.answers > now.family_seq:
        raise ValueError(f"the family has not written message {event.answers} yet")
    return None


def heeded(now: Standing, event: Erased) -> No | None:
    return No.UNHEEDED if event.is_unheeded and not now.is_erased else None


def is_open(now: Standing, event: Any) -> No | None:
    return None if now.case in ("waiting", "active") else No.NO_STEP


def is_active(now: Standing, event: Any) -> No | None:
    return None if now.case == "active" else No.NO_STEP


def nobody_else(now: Standing, event: Claimed) -> No | None:
    return No.HELD if now.case == "active" and now.worker != event.worker else None


def not_claimed(now: Standing, event: Claimed) -> No | None:
    return No.REPEATED if now.case == "active" else None


def holds(now: Standing, event: Any) -> No | None:
    return None if now.case == "active" and now.worker == event.worker else No.NOT_YOURS


def holds_or_senior(now: Standing, event: Any) -> No | None:
    return None if event.is_senior else holds(now, event)


def holds_or_waits(now: Standing, event: Closed) -> No | None:
    return None if now.case == "waiting" else holds(now, event)


# Effects.


def _heard(now: Standing, event: Heard) -> Standing:
    return now._replace(last_seq=now.last_seq + 1, family_seq=now.last_seq + 1)


def _said(now: Standing, event: Any) -> Standing:
    return now._replace(last_seq=now.last_seq + 1)


def _answered(now: Standing, event: Answered) -> Standing:
    return now._replace(last_seq=now.last_seq + event.lines, answered_seq=event.answers)


def _asked(now: Standing, event: Asked) -> Standing:
    return now if now.case in ("waiting", "active") else now._replace(case="waiting")


def _hand_over(now: Standing, worker: int | None, case: str) -> Standing:
    """Whoever gets it, the assistant never answers what the family said until now."""
    return now._replace(worker=worker, case=case, epoch=now.epoch + 1, answered_seq=now.family_seq)


def _closed(now: Standing, event: Closed) -> Standing:
    """A waiting case left the conversation with the assistant, whose turn under way must not be thrown away."""
    return now._replace(case="closed") if now.case == "waiting" else _hand_over(now, None, "closed")


RULES: Mapping[type, Rule] = {
    Heard: Rule((exists, is_new), _heard),
    Shown: Rule((exists, is_new), _said),
    Put: Rule((exists, is_new, no_other_holds), _said),
    Remarked: Rule((exists, is_new, bot_holds), _said),
    Answered: Rule((exists, bot_holds, same_epoch, unanswered, was_written), _answered),
    Replied: Rule((is_new, holds, exists), _said),
    Asked: Rule((exists,), _asked),
    Claimed: Rule((is_open, nobody_else, not_claimed), lambda now, event: _hand_over(now, event.worker, "active")),
    Released: Rule((is_active, holds_or_senior), lambda now, event: _hand_over(now, None, "waiting")),
    Transferred: Rule((is_active, holds_or_senior), lambda now, event: _hand_over(now, event.to, "active")),
    Closed: Rule((is_open, holds_or_waits), _closed),
    Erased: Rule((heeded,), lambda now, event: now._replace(is_erased=True)),
}
