"""How long each conversation is kept, by what it was for; decided by a pure function, carried out once a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.engine import Connection

from casework.erasure import compact, discard, empty, has_words, lock, may_erase, scrub
from casework.errors import NotFound
from casework.rows import take
from casework.store import Store
from casework.tables import case, conversation, message

FILE = Path(__file__).with_name("retention.yml")
KEEP = "keep"


@dataclass(frozen=True)
class Term:
    """How long after the last word or the close, and what then: `erase`, `empty` or `lock`."""

    days: int
    then: str

    def is_over(self, since: datetime, now: datetime) -> bool:
        return now - since >= timedelta(days=self.days)


@dataclass(frozen=True)
class Terms:
    """`of_case` names the purpose by why a case was opened."""

    by_purpose: Mapping[str, Term]
    of_case: Mapping[str, str]


@dataclass(frozen=True)
class Kept:
    """What decides: when the last word fell, why cases were opened, and when each was closed (None: it is open)."""

    last_word: datetime
    harm: bool
    erased_by_family: bool
    cases: tuple[tuple[str, datetime | None], ...]


@cache
def terms() -> Terms:
    given: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    of_case = given.pop("cases")
    return Terms({name: Term(term["days"], term["then"]) for name, term in given.items()}, of_case)


def decide(kept: Kept, terms: Terms, now: datetime) -> str:
    """`keep`, or what its purpose says; of several cases the one that is kept longest decides."""
    idle = terms.by_purpose["consultation"]
    if not kept.cases:
        return idle.then if idle.is_over(kept.last_word, now) and not kept.harm else KEEP
    closed = [at for _, at in kept.cases if at is not None]
    if len(closed) < len(kept.cases):
        return KEEP
    # A reason that the terms do not know is an ordinary one.
    purposes = {"harm"} if kept.harm else {terms.of_case.get(reason, "casework") for reason, _ in kept.cases}
    if "harm" in purposes:
        harm = terms.by_purpose["harm"]
        return harm.then if kept.erased_by_family or harm.is_over(max(closed), now) else KEEP
    if not (kept.erased_by_family or idle.is_over(kept.last_word, now)):
        # Long after its case the family may still be talking with the assistant.
        return KEEP
    longest = max((terms.by_purpose[purpose] for purpose in purposes), key=lambda term: term.days)
    return longest.then if longest.is_over(max(closed), now) else KEEP


def keep_to_terms(store: Store, forget: Callable[[Iterable[str]], None] = lambda ids: None) -> Counter[str]:
    """Carry out what is due; how many conversations were erased, emptied, locked.

    `forget` erases what the dialogue knows of them. May run beside everything else, and twice.
    """
    now, done = store.clock(), Counter[str]()
    with store.reading() as connection:
        due = [name for name, kept in _standing(connection) if decide(kept, terms(), now) != KEEP]
    for conversation_id in due:
        what = _carry_out(store, conversation_id)
        if what in ("erase", "empty"):
            forget([conversation_id])
        done[what] += 1
    del done[KEEP]
    if done["erase"] or done["empty"]:
        compact(store)
    else:
        scrub(store)
    return +done


def _carry_out(store: Store, conversation_id: str) -> str:
    """Looked at once more, held: the family may have come back meanwhile. What was done, or `keep`."""
    with store.writing() as connection:
        try:
            held = take(connection, conversation_id)
        except NotFound:
            return KEEP
        [(_, kept)] = _standing(connection, conversation_id)
        what = decide(kept, terms(), store.clock())
        if what in ("erase", "empty") and not may_erase(connection, held):
            return KEEP
        if what == "lock" and not lock(connection, held.id, store.clock()):
            return KEEP
        if what == "empty":
            if not has_words(connection, held.id):
                return KEEP
            empty(store, connection, held)
        if what == "erase":
            discard(store, connection, held)
    return what


def _standing(connection: Connection, only: str | None = None) -> Iterator[tuple[str, Kept]]:
    last = (message.c.conversation_id == conversation.c.id) & (message.c.seq == conversation.c.last_seq)
    columns = [conversation.c[name] for name in ("id", "harm", "erased_at", "created_at")]
    held = select(*columns, message.c.at).select_from(conversation.outerjoin(message, last))
    opened = select(case.c.conversation_id, case.c.reason, case.c.closed_at)
    if only is not None:
        held, opened = held.where(conversation.c.id == only), opened.where(case.c.conversation_id == only)
    cases = defaultdict(list)
    for row in connection.execute(opened):
        cases[row.conversation_id].append((row.reason, row.closed_at))
    for row in connection.execute(held):
        last_word = row.at or row.created_at
        yield row.id, Kept(last_word, row.harm, row.erased_at is not None, tuple(cases[row.id]))
