"""Find cases by the words of people in them, two characters and more, among those that may be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.engine import Row
from sqlalchemy.sql import Select

from casework.case_rows import CASES, to_case
from casework.errors import BadValue
from casework.grams import grams, plain
from casework.store import Case, Store
from casework.tables import case as cases_table
from casework.tables import gram, message

# Around what was found, so that it can be told whether it is meant.
BEFORE, AFTER = 20, 60


@dataclass(frozen=True)
class Found:
    """One message; `excerpt` is cut around the first word that was looked for."""

    case: Case
    seq: int
    sender: str
    excerpt: str
    at: datetime


def search(store: Store, words: str, may_read: Callable[[Case], bool], most: int = 50) -> list[Found]:
    """Messages that hold all the words, the newest first. Raises: BadValue where a word has under two characters."""
    wanted = plain(words).split()
    pairs = [grams(word) for word in wanted]
    if not pairs or not all(pairs):
        raise BadValue("words")
    found: list[Found] = []
    with store.reading() as connection:
        for row in _readable(store, connection.execute(_query(set().union(*pairs))), wanted, may_read):
            found.append(row)
            if len(found) == most:
                break
    return found


def _query(pairs: set[str]) -> Select:
    has_all = (
        select(gram.c.conversation_id, gram.c.seq)
        .where(gram.c.gram.in_(sorted(pairs)))
        .group_by(gram.c.conversation_id, gram.c.seq)
        .having(func.count() == len(pairs))
        .subquery()
    )
    said = [message.c.seq.label("seq"), message.c.sender, message.c.text, message.c.at.label("said_at")]
    return (
        CASES.add_columns(*said)
        .join(has_all, has_all.c.conversation_id == cases_table.c.conversation_id)
        .join(message, (message.c.conversation_id == has_all.c.conversation_id) & (message.c.seq == has_all.c.seq))
        .order_by(message.c.at.desc(), message.c.seq.desc(), cases_table.c.id.desc())
    )


def _readable(
    store: Store, rows: Iterator[Row], wanted: list[str], may_read: Callable[[Case], bool]
) -> Iterator[Found]:
    """Each message once, with the newest of its cases that may be read; pairs may lie apart, words may not."""
    shown: set[tuple[str, int]] = set()
    for row in rows:
        key, text = (row.conversation_id, row.seq), plain(row.text)
        if key in shown or not all(word in text for word in wanted):
            continue
        case = to_case(store, row)
        if may_read(case):
            shown.add(key)
            yield Found(case, row.seq, row.sender, excerpt(row.text, wanted[0]), row.said_at)


def excerpt(text: str, word: str) -> str:
    """Cut where the word stands; a text whose plain form has another length is cut at its beginning."""
    form = plain(text)
    at = form.find(word) if len(form) == len(text) else 0
    start, end = max(0, at - BEFORE), at + len(word) + AFTER
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
