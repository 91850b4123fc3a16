"""How fast one conversation may speak and one address may open conversations."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from bot.errors import Refused
from casework.bucket import Bucket, Rate


class Limit:
    """Refuses with `word` what comes too fast."""

    def __init__(self, rate: Rate, word: str, clock: Callable[[], float] = monotonic) -> None:
        self._bucket, self._word = Bucket(rate, clock), word

    def take(self, key: str) -> None:
        """Raises: Refused(429) with the seconds until the next one may come."""
        if wait := self._bucket.take(key):
            raise Refused(429, self._word, retry_after=round(wait) + 1)
