"""What a worker does with a case: each step goes to casework, into the audit, and to whoever watches.

Raises what casework raises, and Refused.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from casework import again, agree, cases
from casework.ledger import find
from casework.notes import add_note, keep_draft, notes
from casework.pii import mask
from casework.purpose import UNLOCKED, state, stated, unlocked_since
from casework.reveal import reveal as revealed
from casework.staff import audit
from casework.store import Case, Claim, Message, Note, Worker
from desk.access import holds, may, may_read, may_reveal
from desk.errors import Refused
from desk.office import Office
from desk.words import words

LOCK_STAYS_OPEN = timedelta(hours=1)


def read(office: Office, worker: Worker, ref: str, verb: str = "case.viewed") -> Case:
    """The case, and the note that this worker read what the family wrote.

    Raises: Refused 403, also for who has not said yet why they read it.
    """
    case = _open_to(office, worker, ref)
    if not stated(office.store, worker.id, case.ref):
        raise Refused(403, "purpose_first", ref=case.ref)
    audit(office.store, worker.id, verb, case.ref)
    return case


def may_look(office: Office, worker: Worker, case: Case) -> bool:
    return may_read(worker, as_open(office, worker, case))


def as_open(office: Office, worker: Worker, case: Case) -> Case:
    """The case as this worker may see it: without its lock for a while after a supervisor gave a reason."""
    if case.locked_at is None or not may(worker, "open_lock"):
        return case
    since = office.store.clock() - LOCK_STAYS_OPEN
    return replace(case, locked_at=None) if unlocked_since(office.store, worker.id, case.ref, since) else case


def state_once(office: Office, worker: Worker, ref: str, purpose: str) -> None:
    """Why this worker reads the case, unless that was said before. What may not be read needs no purpose."""
    case = cases.case(office.store, ref)
    if may_look(office, worker, case) and not stated(office.store, worker.id, case.ref):
        state(office.store, worker.id, case.ref, purpose)


def state_purpose(office: Office, worker: Worker, ref: str, purpose: str) -> None:
    """Raises: Refused 403."""
    state(office.store, worker.id, _open_to(office, worker, ref).ref, purpose)


def open_lock(office: Office, worker: Worker, ref: str, reason: str) -> None:
    """For this supervisor, for a while. Raises: Refused 403."""
    if not may(worker, "open_lock"):
        raise Refused(403, "not_senior_here")
    state(office.store, worker.id, cases.case(office.store, ref).ref, reason, UNLOCKED)


def _open_to(office: Office, worker: Worker, ref: str) -> Case:
    case = as_open(office, worker, cases.case(office.store, ref))
    if case.locked_at is not None:
        raise Refused(403, "locked", ref=case.ref)
    if not may_read(worker, case):
        raise Refused(403, "not_yours_held", holder=case.worker_name)
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


def close(office: Office, worker: Worker, ref: str, outcome: str, needs_none: int | None = None) -> Case:
    """A person says with `needs_none` up to which words the family needs no reply; programs are not asked."""
    case = cases.close(office.store, ref, worker.id, outcome, needs_none)
    _told(office, worker, "case.closed", case)
    return case


def reach_again(office: Office, worker: Worker, ref: str) -> Case:
    """Write to a family whose case is closed: by a new case, whose purpose is said by this step."""
    closed = read(office, worker, ref, "case.reached_again")
    claimed = again.reach_again(office.store, closed.ref, worker.id).case
    state_once(office, worker, claimed.ref, words()["read_to_reach"])
    _told(office, worker, "case.claimed", claimed)
    return claimed


def ask_agreement(office: Office, worker: Worker, ref: str) -> None:
    """Ask the family whether it wants to be asked later how it went."""
    if agree.ask_agreement(office.store, ref, worker.id):
        office.notice(cases.case(office.store, ref).conversation)


def reply(office: Office, worker: Worker, ref: str, text: str, client_id: str) -> Message:
    message = cases.reply(office.store, ref, worker.id, text, client_id)
    keep_draft(office.store, ref, worker.id, "")
    office.writing.ends(message.conversation, "worker")
    office.notice(message.conversation)
    return message


def reveal(office: Office, worker: Worker, ref: str, seq: int, purpose: str) -> str:
    """One message as it was written. Raises: Refused 403 while the case is in other hands."""
    case = as_open(office, worker, cases.case(office.store, ref))
    if not may_reveal(worker, case):
        raise Refused(403, "not_yours")
    return revealed(office.store, worker.id, case.conversation, seq, purpose)


def note(office: Office, worker: Worker, ref: str, text: str, client_id: str) -> None:
    """Words about the case for colleagues. Raises: Refused 403."""
    read(office, worker, ref, "note.added")
    add_note(office.store, ref, worker.id, text, client_id)


def keep(office: Office, worker: Worker, ref: str, text: str) -> None:
    """The reply as far as it is written. Raises: Refused 403."""
    case = cases.case(office.store, ref)
    if not may_look(office, worker, case):
        raise Refused(403, "not_yours")
    keep_draft(office.store, ref, worker.id, text)
    if holds(worker, case):
        _seen_writing(office, case.conversation, bool(text))


def _seen_writing(office: Office, conversation: str, writes: bool) -> None:
    """The family sees that somebody writes, and never what."""
    if not writes:
        office.writing.ends(conversation, "worker")
    if not writes or office.writing.begins(conversation, "worker"):
        office.notice(conversation)


def noted(office: Office, worker: Worker, case: Case) -> list[Note]:
    """The notes on a case, numbers as dots for whoever may not look at them."""
    found = notes(office.store, case.ref)
    if may_reveal(worker, as_open(office, worker, case)):
        return found
    return [replace(each, text=mask(each.text)) for each in found]


def hold(office: Office, worker: Worker, case: Case) -> str | None:
    """Which sentence says why this worker may not write to the family now; None when they may."""
    conversation = find(office.store, case.conversation)
    if conversation is None or conversation.erased_at:
        return "erased"
    return None if holds(worker, case) else case.state


def _told(office: Office, worker: Worker, verb: str, case: Case) -> None:
    audit(office.store, worker.id, verb, case.ref)
    office.notice(case.conversation)
