"""The queue as it stands: open cases with the family's last line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from casework.cases import cases
from casework.ledger import find, messages
from casework.store import Case, Conversation, Store

FRESH = 0.9  # seconds; all streams share one look at the store
LOOKED_BACK = 50
# Five digits or more may be a telephone, an identity card or a bank card; ages, years and most sums are shorter.
NUMBER = re.compile(r"\d(?:[ \-]?\d){4,}[Xx]?")


@dataclass(frozen=True)
class Row:
    """`unanswered` counts the family's messages since a worker last wrote; `family_seq` is the newest of them all."""

    case: Case
    last_line: str
    unanswered: int
    family_seq: int


class Board:
    """Looks at the store at most about once a second however many people watch; keeps nothing that matters."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = Lock()
        self._rows: tuple[Row, ...] = ()
        self._looked = float("-inf")
        self._heard: dict[str, tuple[int, str, int]] = {}

    def expire(self) -> None:
        """Something was done: the next look goes to the store."""
        with self._lock:
            self._looked = float("-inf")

    def rows(self) -> tuple[Row, ...]:
        """Waiting and active cases in the store's order."""
        with self._lock:
            if monotonic() - self._looked > FRESH:
                opened = [*cases(self._store, "waiting"), *cases(self._store, "active")]
                self._rows = tuple(self._row(case) for case in opened)
                kept = {case.conversation for case in opened}
                self._heard = {name: heard for name, heard in self._heard.items() if name in kept}
                self._looked = monotonic()
            return self._rows

    def _row(self, case: Case) -> Row:
        held = find(self._store, case.conversation)
        if held is None or held.family_seq == 0:
            return Row(case, "", 0, 0)
        heard = self._heard.get(held.id)
        if heard is None or heard[0] != held.last_seq:
            heard = self._heard[held.id] = (held.last_seq, *self._listen(held))
        return Row(case, *heard[1:], family_seq=held.family_seq)

    def _listen(self, held: Conversation) -> tuple[str, int]:
        after = min(held.last_seq - LOOKED_BACK, held.family_seq - 1)
        recent = messages(self._store, held.id, after=max(0, after))
        family = [message for message in recent if message.sender == "family"]
        by_worker = max((message.seq for message in recent if message.sender == "worker"), default=0)
        return masked(family[-1].text), sum(message.seq > by_worker for message in family)


def masked(text: str) -> str:
    """The text in one line, long numbers as dots."""
    return NUMBER.sub(lambda match: "•" * len(match.group()), " ".join(text.split()))
