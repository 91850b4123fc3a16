"""Words of a family that wait for whoever has it in hand: after some hours they are a matter of that worker's day."""

from __future__ import annotations

from datetime import datetime, timedelta

from casework.events import append, case_id, read_log
from casework.follow import keep_up
from casework.followup import matters
from casework.ledger import messages
from casework.queue import Queued, queue
from casework.rules import rules
from casework.store import Message, Store

LOOKED_BACK = 200


def note_silence(store: Store) -> list[str]:
    """Put down what has waited too long, once until somebody replied; the cases it was put down for."""
    known, now, noted = rules("followup")["silence"], store.clock(), []
    for row in queue(store):
        if row.case.state != "active" or not row.unanswered:
            continue
        said = _unanswered(store, row)
        begun = max(said[0].at, row.case.claimed_at or said[0].at) if said else now
        if said and now - begun >= timedelta(hours=known[row.case.urgency]) and _note(store, row.case.ref, said[-1].at):
            noted.append(row.case.ref)
    return noted


def _unanswered(store: Store, row: Queued) -> list[Message]:
    said = messages(store, row.case.conversation, after=max(0, row.family_seq - LOOKED_BACK))
    replied = max((message.seq for message in said if message.sender == "worker"), default=0)
    return [message for message in said if message.sender == "family" and message.seq > replied]


def _note(store: Store, ref: str, last: datetime) -> bool:
    """False where it stands already, or where the worker said since that these words need no reply."""
    with store.writing() as connection:
        of_case = case_id(connection, ref, hold=True)
        log = read_log(store, connection, of_case)
        known = [matter for matter in matters(log).values() if matter.what == "unanswered"]
        if any(matter.is_open or (matter.done_at and matter.done_at >= last) for matter in known):
            return False
        append(store, connection, of_case, "unanswered")
        keep_up(store, connection, of_case)
        return True
