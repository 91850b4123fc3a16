"""Who is writing just now, kept in memory for seconds: never a word of it, and nothing outlives the process."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import monotonic

SIDES = ("family", "worker")
LASTS = 6.0  # seconds after the last key; whoever goes on writing says so again
MOST = 10_000


class Writing:
    """Safe from threads; what is not heard again in time is over."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._until: dict[tuple[str, str], float] = {}

    def begins(self, conversation: str, side: str) -> bool:
        """Whether this is new."""
        now = self._clock()
        with self._lock:
            was = self._until.get((conversation, side), 0.0) > now
            if len(self._until) >= MOST:
                self._until = {key: until for key, until in self._until.items() if until > now}
            self._until[conversation, side] = now + LASTS
        return not was

    def ends(self, conversation: str, side: str) -> None:
        """The words are sent, or thrown away."""
        with self._lock:
            self._until.pop((conversation, side), None)

    def writes(self, conversation: str, side: str) -> bool:
        with self._lock:
            return self._until.get((conversation, side), 0.0) > self._clock()
