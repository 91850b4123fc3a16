"""The queue as it stands: open cases with the family's last line."""

from __future__ import annotations

import re
from dataclasses import replace
from threading import Lock
from time import monotonic

from casework.queue import Queued, queue
from casework.store import Store

FRESH = 0.9  # seconds; all streams share one look at the store
# Five digits or more may be a telephone, an identity card or a bank card; ages, years and most sums are shorter.
NUMBER = re.compile(r"\d(?:[ \-]?\d){4,}[Xx]?")


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
                self._rows = tuple(replace(row, last_line=masked(row.last_line)) for row in queue(self._store))
                self._looked = monotonic()
            return self._rows


def masked(text: str) -> str:
    """The text in one line, long numbers as dots."""
    return NUMBER.sub(lambda match: "•" * len(match.group()), " ".join(text.split()))
