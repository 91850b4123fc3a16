"""How much one session and one address may ask of the desk; how much that is stands in permissions.yml."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from time import monotonic

from casework.bucket import Bucket, Rate
from desk.errors import Refused


class Limit:
    """Refuses what comes too fast."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = monotonic) -> None:
        self._bucket = Bucket(rate, clock)

    def take(self, key: str) -> None:
        """Raises: Refused 429 with the seconds until the next one may come."""
        if wait := self._bucket.take(key):
            raise Refused(429, "too_many", seconds=ceil(wait))
