"""How much may come in a burst and how much after it: the token bucket of the front door and of the desk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

FORGOTTEN_ABOVE = 10_000


@dataclass(frozen=True)
class Rate:
    """`at_once` may come in a burst, then `a_second`."""

    at_once: float
    a_second: float


class Bucket:
    """One a key, refilled with time; in memory, for it protects this process only."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._clock = rate, clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, key: str) -> float:
        """The seconds until the next one may come; 0 when this one was taken."""
        now = self._clock()
        left, since = self._left.get(key, (self._rate.at_once, now))
        left = min(self._rate.at_once, left + (now - since) * self._rate.a_second)
        if left < 1:
            return (1 - left) / self._rate.a_second
        self._forget(now)
        self._left[key] = (left - 1, now)
        return 0.0

    def _forget(self, now: float) -> None:
        """Full buckets need no memory."""
        if len(self._left) >= FORGOTTEN_ABOVE:
            full = self._rate.at_once / self._rate.a_second
            self._left = {key: held for key, held in self._left.items() if now - held[1] < full}
