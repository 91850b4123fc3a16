"""The cases of one conversation, and how a worker writes to a family whose case is closed: by a new one in hand."""

from __future__ import annotations

from casework.case_rows import CASES, to_case
from casework.cases import case, claim, open_case
from casework.errors import BadTransition
from casework.events import append, case_id
from casework.store import Case, Claim, Store
from casework.tables import case as cases_table

REASON = "follow_up"


def siblings(store: Store, of: Case) -> list[Case]:
    """Of the same conversation, the newest first."""
    same = cases_table.c.conversation_id == of.conversation, cases_table.c.ref != of.ref
    with store.reading() as connection:
        rows = connection.execute(CASES.where(*same).order_by(cases_table.c.id.desc()))
        return [to_case(store, row) for row in rows]


def reach_again(store: Store, ref: str, worker_id: int) -> Claim:
    """A new case of a closed one's conversation, claimed; the one that is open already where there is one.

    Raises: BadTransition unless it is closed; HeldByAnother; NotFound when the family has erased the conversation.
    """
    old = case(store, ref)
    if old.state != "closed":
        raise BadTransition(old.state, "reach")
    new = next((one for one in siblings(store, old) if one.state != "closed"), None)
    if new is None:
        new = open_case(store, old.conversation, old.queue, "routine", REASON)
        with store.writing() as connection:
            # Nobody waited for this one: the figures of waiting leave it out.
            append(store, connection, case_id(connection, new.ref, hold=True), "reached", worker_id, old.ref)
    return claim(store, new.ref, worker_id)
