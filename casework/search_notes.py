"""Find what colleagues noted. Notes are sealed and in no index: they are opened one by one, in memory only."""

from __future__ import annotations

from collections.abc import Callable

from casework.case_rows import CASES, to_case
from casework.grams import plain
from casework.notes import about_note
from casework.pii import mask
from casework.search import Found, excerpt
from casework.store import Case, Store
from casework.tables import case as cases_table
from casework.tables import note

# So many of the newest are opened; older ones are not searched.
MOST_OPENED = 5000


def search_notes(store: Store, words: str, may_read: Callable[[Case], bool], most: int = 50) -> list[Found]:
    """Notes that hold all the words, numbers as dots, the newest first; `seq` is 0."""
    wanted = plain(words).split()
    newest = CASES.add_columns(note.c.sealed.label("note"), note.c.at.label("noted_at"))
    newest = newest.join(note, note.c.case_id == cases_table.c.id).order_by(note.c.id.desc()).limit(MOST_OPENED)
    found: list[Found] = []
    readable: dict[int, bool] = {}
    with store.reading() as connection:
        for row in connection.execute(newest):
            case = to_case(store, row)
            if not readable.setdefault(row.id, may_read(case)):
                continue
            text = mask(store.seal.open(row.note, about_note(row.id)))
            if all(word in plain(text) for word in wanted):
                found.append(Found(case, 0, "note", excerpt(text, wanted[0]), row.noted_at))
            if len(found) == most:
                break
    return found
