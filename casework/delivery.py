"""When and in which order what is owed to channels that push goes out; pure, like `casework.protocol`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

LEASE = timedelta(seconds=60)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
TRIES = 30  # with these pauses, a day


class Owed(Protocol):
    """One message that a push channel owes."""

    @property
    def seq(self) -> int: ...
    @property
    def not_before(self) -> datetime: ...


def next_owed(owed: Iterable[Owed], now: datetime) -> Owed | None:
    """Of what one conversation is still owed, the oldest, once its lease or pause is over; never one behind it.

    `outbox.due` asks the database the same for all conversations at once.
    """
    oldest = min(owed, key=lambda each: each.seq, default=None)
    return None if oldest is None or oldest.not_before > now else oldest


def after_failure(tries: int) -> tuple[timedelta, bool]:
    """How long to wait after that many failed tries before this one, and whether to give up."""
    return min(FIRST_PAUSE * 2 ** min(tries, 12), LONGEST_PAUSE), tries + 1 >= TRIES
