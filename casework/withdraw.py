"""Take back what was recorded by a slip: the log keeps both, everything read off it forgets them."""

from __future__ import annotations

from casework.errors import BadTransition, NotFound
from casework.events import REVERSIBLE, TAKEN_BACK, append, case_id, of_kind, read_log
from casework.follow import keep_up
from casework.store import Store


def withdraw(store: Store, ref: str, worker_id: int, event_id: int) -> None:
    """That event of this case; of the steps of an application only the last, for others stand on it.

    Raises: NotFound also when it was taken back before; BadTransition.
    """
    with store.writing() as connection:
        of_case = case_id(connection, ref, hold=True)
        events = read_log(store, connection, of_case)
        found = next((event for event in of_kind(events, *REVERSIBLE) if event.id == event_id and event.worker), None)
        if found is None:
            raise NotFound("matter")
        later = [event for event in of_kind(events, found.kind) if event.id > found.id]
        if found.kind == "application" and any(event.subject == found.subject for event in later):
            raise BadTransition("application", "withdraw")
        append(store, connection, of_case, TAKEN_BACK, worker_id, str(found.id))
        keep_up(store, connection, of_case)
