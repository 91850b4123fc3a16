"""The queue as it stands: open cases with the family's last line."""

from __future__ import annotations

from threading import Lock
from time import monotonic

from casework.queue import Queued, queue
from casework.store import Store

FRESH = 0.9  # seconds; all streams share one look at the store


class Board:
    """Looks at the store at most about once a second however many people watch; keeps nothing that matters."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._rows: tuple[Queued, ...] = ()
        self._looked = float("-inf")

    def expire(self) -> None:
        """Something was done: the next look goes to the store."""
        with self._lock:
            self._looked = float("-inf")

    def rows(self) -> tuple[Queued, ...]:
        """Waiting and active cases in the store's order."""
        with self._lock:
            if monotonic() - self._looked > FRESH:
                self._rows = tuple(queue(self._store))
                self._looked = monotonic()
            return self._rows
