"""The state machine of a case: waiting, active, closed; every step is an event and moves the conversation's epoch."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql.elements import ColumnElement

from casework.case_rows import (
    CASES,
    MOST_URGENT_FIRST,
    URGENCIES,
    change_case,
    move,
    moved,
    note_event,
    row_of,
    sealed,
    take_case,
    to_case,
)
from casework.errors import Missing, NotFound, Unanswered
from casework.events import append
from casework.follow import keep_up, replied
from casework.followup import DISTRESS, HIGH
from casework.pii import mask
from casework.protocol import Asked, Claimed, Closed, No, Released, Replied, Transferred, step
from casework.rows import add, left_open, line, said_before, standing, take
from casework.rules import rules
from casework.staff import SENIOR, WORKS_HERE
from casework.store import Case, CaseEvent, Claim, Message, Store
from casework.tables import case as cases_table
from casework.tables import case_event, worker

QUEUES = ("caseworker", "counselor")
REF_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 O 1 I L U: read out on the telephone


def open_case(
    store: Store, conversation_id: str, queue: str, urgency: str, reason: str, packet: Mapping[str, Any] | None = None
) -> Case:
    """Ask for a human. A case that is open already is raised, never lowered, and stays with whoever holds it.

    Raises: NotFound also when the family has erased the conversation.
    """
    if queue not in QUEUES or urgency not in URGENCIES:
        raise ValueError(f"no such queue or urgency: {queue}, {urgency}")
    with store.writing() as connection:
        held = take(connection, conversation_id)
        if step(standing(held), Asked()) is No.GONE:
            raise NotFound("conversation")
        query = CASES.where(cases_table.c.conversation_id == conversation_id, cases_table.c.state != "closed")
        found = connection.execute(query).first()
        if found is None:
            ref = _open(store, connection, conversation_id, queue, urgency, reason, packet)
        else:
            ref = _raise(store, connection, found, queue, urgency, reason, packet)
        return to_case(store, row_of(connection, ref))


def _open(
    store: Store, connection: Connection, conversation_id: str, queue: str, urgency: str, reason: str, packet: Any
) -> str:
    now = store.clock()
    ref = _new_ref(connection)
    values = {
        "ref": ref,
        "conversation_id": conversation_id,
        "queue": queue,
        "urgency": urgency,
        "reason": reason,
        "state": "waiting",
        "packet": sealed(store, ref, packet),
        "opened_at": now,
        "waiting_since": now,
    }
    connection.execute(insert(cases_table), [values])
    note_event(store, connection, row_of(connection, ref), "opened", None, urgency)
    return ref


def _raise(store: Store, connection: Connection, found: Row, queue: str, urgency: str, reason: str, packet: Any) -> str:
    higher_urgency = max(found.urgency, urgency, key=URGENCIES.index)
    higher_queue = max(found.queue, queue, key=QUEUES.index)
    values: dict[str, Any] = {} if packet is None else {"packet": sealed(store, found.ref, packet)}
    if (higher_urgency, higher_queue) != (found.urgency, found.queue):
        values |= {"urgency": higher_urgency, "queue": higher_queue, "reason": reason}
        note_event(store, connection, found, "raised", None, higher_urgency)
    elif reason == "danger" and _is_anew(store, connection, found):
        note_event(store, connection, found, "again", None, urgency)
    if values:
        change_case(connection, found, **values)
    return found.ref


def _is_anew(store: Store, connection: Connection, found: Row) -> bool:
    """Whether danger is heard after a pause, and not in the next sentence of what was heard before."""
    since = store.clock() - timedelta(minutes=rules("followup")["again"])
    query = select(case_event.c.id).where(
        case_event.c.case_id == found.id,
        case_event.c.kind.in_(DISTRESS),
        case_event.c.detail.in_(HIGH),
        case_event.c.at > since,
    )
    return connection.execute(query).first() is None


def claim(store: Store, ref: str, worker_id: int) -> Claim:
    """Take the conversation from the bot; again by the same worker is the same claim.

    Raises: HeldByAnother when somebody was faster; BadTransition when it is closed.
    """
    with store.writing() as connection:
        row, held = take_case(connection, ref)
        now = moved(row, held, Claimed(worker_id), "claim")
        if not isinstance(now, No):
            if not works_here(connection, worker.c.id == worker_id):
                raise NotFound("worker")
            at = store.clock()
            values = {"worker_id": worker_id, "claimed_at": at, "claim_seq": held.last_seq + 1}
            move(store, connection, row, now, "claimed", worker_id, **values)
        claimed = row_of(connection, row.ref)
        return Claim(to_case(store, claimed), claimed.claim_seq)


def release(store: Store, ref: str, worker_id: int) -> Case:
    """Give the conversation back to the bot and the case back to the queue; a supervisor may for a colleague.

    Raises: NotYours, BadTransition.
    """
    with store.writing() as connection:
        row, held = take_case(connection, ref)
        now = moved(row, held, Released(worker_id, _is_senior(connection, worker_id)), "release")
        values = {"worker_id": None, "claim_seq": None, "waiting_since": store.clock()}
        return move(store, connection, row, now, "released", worker_id, **values)


def transfer(store: Store, ref: str, worker_id: int, to_worker_name: str) -> Case:
    """Hand the case to a colleague; a supervisor may for whoever holds it.

    Raises: NotYours, BadTransition; NotFound when no worker has that name.
    """
    with store.writing() as connection:
        return hand_over(store, connection, ref, worker_id, to_worker_name)


def hand_over(store: Store, connection: Connection, ref: str, worker_id: int, to_worker_name: str) -> Case:
    """The same inside a transaction: an offer that is accepted moves the case in the one that read it."""
    row, held = take_case(connection, ref)
    other = works_here(connection, worker.c.name == to_worker_name)
    now = moved(row, held, Transferred(worker_id, other, _is_senior(connection, worker_id)), "transfer")
    if other is None:
        raise NotFound("worker")
    return move(store, connection, row, now, "transferred", worker_id, to_worker_name, worker_id=other)


def close(store: Store, ref: str, worker_id: int, outcome: str, needs_none: int | None = None) -> Case:
    """End the case, saying how; a number in the outcome is kept as dots only, its place is a note.

    `needs_none`: the family's words up to that seq need no reply, as somebody says who was asked; None: nobody was
    asked, and words without a reply become a matter of today.
    Raises: Missing without an outcome; NotYours, BadTransition; Unanswered when `needs_none` falls short.
    """
    if not outcome.strip():
        raise Missing("outcome")
    with store.writing() as connection:
        row, held = take_case(connection, ref)
        now = moved(row, held, Closed(worker_id), "close")
        # While a case waits the assistant replies.
        left = left_open(connection, held) if row.state == "active" else 0
        if needs_none is not None and left > needs_none:
            raise Unanswered(left)
        values = {"outcome": mask(outcome), "closed_at": store.clock()}
        closed = move(store, connection, row, now, "closed", worker_id, **values)
        if left:
            append(store, connection, row.id, "unanswered" if needs_none is None else "no_reply", worker_id)
            keep_up(store, connection, row.id)
        return closed


def reply(store: Store, ref: str, worker_id: int, text: str, client_id: str) -> Message:
    """The worker's words to the family; the same client id again is the same message.

    Raises: NotYours unless this worker holds it; BadTransition when the family has erased the conversation.
    """
    if not text.strip():
        raise Missing("text")
    new = line("worker", text, client_id, worker_id=worker_id)
    with store.writing() as connection:
        row, held = take_case(connection, ref)
        before = said_before(connection, held.id, new)
        now = moved(row, held, Replied(worker_id, before is not None), "reply")
        if isinstance(now, No):
            return before
        replied(store, connection, held.id, worker_id)
        return add(store, connection, held, now, [new])[0]


def cases(store: Store, state: str, limit: int | None = None, worker_id: int | None = None) -> list[Case]:
    """Cases in that state, of one worker or of all: the most urgent first, then the longest waiting; closed ones
    newest first.
    """
    order = [MOST_URGENT_FIRST, cases_table.c.waiting_since, cases_table.c.id]
    if state == "closed":
        order = [cases_table.c.closed_at.desc(), cases_table.c.id.desc()]
    own = [] if worker_id is None else [cases_table.c.worker_id == worker_id]
    query = CASES.where(cases_table.c.state == state, *own).order_by(*order).limit(limit)
    with store.reading() as connection:
        return [to_case(store, row) for row in connection.execute(query)]


def case(store: Store, ref: str) -> Case:
    """Raises: NotFound."""
    with store.reading() as connection:
        return to_case(store, row_of(connection, ref))


def events(store: Store, ref: str) -> list[CaseEvent]:
    """What happened to the case, oldest first. Raises: NotFound."""
    with store.reading() as connection:
        query = (
            select(case_event.c.kind, worker.c.name.label("worker"), case_event.c.detail, case_event.c.at)
            .select_from(case_event.outerjoin(worker))
            .where(case_event.c.case_id == row_of(connection, ref).id)
            .order_by(case_event.c.id)
        )
        return [CaseEvent(**row._mapping) for row in connection.execute(query)]


def works_here(connection: Connection, who: ColumnElement[bool]) -> int | None:
    """The id of that member of staff, who cannot be removed until the transaction ends; None when there is none."""
    query = select(worker.c.id).where(who, WORKS_HERE).with_for_update(read=True)
    found: int | None = connection.execute(query).scalar()
    return found


def _is_senior(connection: Connection, worker_id: int) -> bool:
    """A supervisor may move what a colleague holds, who may have gone home."""
    return connection.execute(select(worker.c.role).where(worker.c.id == worker_id)).scalar() in SENIOR


def _new_ref(connection: Connection) -> str:
    while True:
        ref = "TX-" + "".join(secrets.choice(REF_LETTERS) for _ in range(6))
        if connection.execute(select(cases_table.c.id).where(cases_table.c.ref == ref)).first() is None:
            return ref
