"""What a worker does with a case: each step goes to casework, into the audit, and to whoever watches.

Raises what casework raises, and Refused.
"""

from __future__ import annotations

from dataclasses import replace

from casework import agree, cases
from casework.ledger import find
from casework.notes import add_note, keep_draft, notes
from casework.pii import mask
from casework.reveal import reveal as revealed
from casework.staff import audit
from casework.store import Case, Claim, Message, Note, Worker
from desk.access import holds, may_read, may_reveal
from desk.errors import Refused
from desk.office import Office


def read(office: Office, worker: Worker, ref: str, verb: str = "case.viewed") -> Case:
    """The case, and the note that this worker read what the family wrote. Raises: Refused 403."""
    case = cases.case(office.store, ref)
    if not may_read(worker, case):
        raise Refused(403, "not_yours_held", holder=case.worker_name)
    audit(office.store, worker.id, verb, case.ref)
    return case


def claim(office: Office, worker: Worker, ref: str) -> Claim:
    claimed = cases.claim(office.store, ref, worker.id)
    _told(office, worker, "case.claimed", claimed.case)
    return claimed


def release(office: Office, worker: Worker, ref: str) -> Case:
    case = cases.release(office.store, ref, worker.id)
    _told(office, worker, "case.released", case)
    return case


def transfer(office: Office, worker: Worker, ref: str, to: str) -> Case:
    case = cases.transfer(office.store, ref, worker.id, to)
    _told(office, worker, "case.transferred", case)
    return case


def close(office: Office, worker: Worker, ref: str, outcome: str) -> Case:
    case = cases.close(office.store, ref, worker.id, outcome)
    _told(office, worker, "case.closed", case)
    return case


def ask_agreement(office: Office, worker: Worker, ref: str) -> None:
    """Ask the family whether it wants to be asked later how it went."""
    if agree.ask_agreement(office.store, ref, worker.id):
        office.notice(cases.case(office.store, ref).conversation)


def reply(office: Office, worker: Worker, ref: str, text: str, client_id: str) -> Message:
    message = cases.reply(office.store, ref, worker.id, text, client_id)
    keep_draft(office.store, ref, worker.id, "")
    office.notice(message.conversation)
    return message


def reveal(office: Office, worker: Worker, ref: str, seq: int, purpose: str) -> str:
    """One message as it was written. Raises: Refused 403 while the case is in other hands."""
    case = cases.case(office.store, ref)
    if not may_reveal(worker, case):
        raise Refused(403, "not_yours")
    return revealed(office.store, worker.id, case.conversation, seq, purpose)


def note(office: Office, worker: Worker, ref: str, text: str, client_id: str) -> None:
    """Words about the case for colleagues. Raises: Refused 403."""
    read(office, worker, ref, "note.added")
    add_note(office.store, ref, worker.id, text, client_id)


def keep(office: Office, worker: Worker, ref: str, text: str) -> None:
    """The reply as far as it is written. Raises: Refused 403."""
    if not may_read(worker, cases.case(office.store, ref)):
        raise Refused(403, "not_yours")
    keep_draft(office.store, ref, worker.id, text)


def noted(office: Office, worker: Worker, case: Case) -> list[Note]:
    """The notes on a case, numbers as dots for whoever may not look at them."""
    found = notes(office.store, case.ref)
    return found if may_reveal(worker, case) else [replace(each, text=mask(each.text)) for each in found]


def hold(office: Office, worker: Worker, case: Case) -> str | None:
    """Which sentence says why this worker may not write to the family now; None when they may."""
    conversation = find(office.store, case.conversation)
    if conversation is None or conversation.erased_at:
        return "erased"
    return None if holds(worker, case) else case.state


def _told(office: Office, worker: Worker, verb: str, case: Case) -> None:
    audit(office.store, worker.id, verb, case.ref)
    office.notice(case.conversation)
