"""How much one session and one address may ask of the desk; how much that is stands in permissions.yml."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from time import monotonic

from desk.access import Rate
from desk.errors import Refused

FORGOTTEN_ABOVE = 10_000


class Limit:
    """A bucket per key, refilled with time; in memory, for it protects this process only."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> None:
        """Raises: Refused 429 with the seconds until the next one may come."""
        now = self._clock()
        left, since = self._left.get(key, (self._rate.at_once, now))
        left = min(self._rate.at_once, left + (now - since) * self._rate.a_second)
        if left < 1:
            raise Refused(429, "too_many", seconds=ceil((1 - left) / self._rate.a_second))
        self._forget(now)
        self._left[key] = (left - 1, now)

    def _forget(self, now: float) -> None:
        """Full buckets need no memory."""
        if len(self._left) >= FORGOTTEN_ABOVE:
            full = self._rate.at_once / self._rate.a_second
            self._left = {key: held for key, held in self._left.items() if now - held[1] < full}
