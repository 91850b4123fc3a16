"""Keeps what is due in step with what happened, and says what is due now: for the desk and the job that follows up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import String, cast, select
from sqlalchemy.engine import Connection

from casework.case_rows import CASES, to_case
from casework.errors import BadValue, NotFound
from casework.events import TAKEN_BACK, Event, append, case_id, log_of, newest, of_kind, read_log
from casework.followup import Matter, matters, plan
from casework.rules import rules
from casework.staff import WORKS_HERE
from casework.store import Case, Store
from casework.tables import case as cases_table
from casework.tables import case_event, worker

DATES = frozenset(rule["date"] for rule in rules("followup")["triggers"])


@dataclass(frozen=True)
class Task:
    """An open matter of a case and its owner, None also when that one no longer works here.

    `agreed` is what the family said to being asked, None for nothing.
    """

    case: Case
    matter: Matter
    owner: str | None
    agreed: bool | None


def keep_up(store: Store, connection: Connection, of_case: int) -> None:
    """Put down what has become due, drop what no longer is. Inside the transaction of whatever happened."""
    events = read_log(store, connection, of_case)
    planned, known = plan(events), matters(events)
    for key, due in planned.items():
        if key not in known or known[key].is_dropped:
            about = {"about": due.about} if due.about else None
            append(store, connection, of_case, "due", subject=key, due_at=due.at, data=about)
    for key, matter in known.items():
        if key not in planned and matter.is_open:
            append(store, connection, of_case, "dropped", subject=key)


def catch_up(store: Store, ref: str) -> None:
    """The same after a step of the state machine; writes only where something is new. Raises: NotFound."""
    events = log_of(store, ref)
    known = matters(events)
    planned = plan(events)
    is_missing = any(key not in known or known[key].is_dropped for key in planned)
    if is_missing or any(known[key].is_open for key in known.keys() - planned.keys()):
        with store.writing() as connection:
            keep_up(store, connection, case_id(connection, ref, hold=True))


def know_dates(store: Store, ref: str, dates: Mapping[str, date], worker_id: int | None = None) -> bool:
    """Days by name (`father.lost_since`), from facts all of them or from a worker one; whether anything is new.

    A name ends in one of those of followup.yml, triggers. Raises: NotFound, BadValue.
    """
    if any(name.rpartition(".")[2] not in DATES for name in dates):
        raise BadValue("date")
    told = {name: day.isoformat() for name, day in dates.items()}
    with store.writing() as connection:
        of_case = case_id(connection, ref, hold=True)
        same = [event for event in of_kind(read_log(store, connection, of_case), "dates") if not event.worker]
        if worker_id is None and told == (dict(same[-1].data) if same else {}):
            return False
        append(store, connection, of_case, "dates", worker_id, data=told)
        keep_up(store, connection, of_case)
        return True


def finish(store: Store, ref: str, key: str, worker_id: int | None, how: str = "") -> None:
    """The matter is done; again it is the same deed. Raises: NotFound also when there is no such matter."""
    if key not in matters(log_of(store, ref)):
        raise NotFound("matter")
    _mark(store, ref, "done", key, worker_id, {"how": how} if how else None)


def replied(store: Store, connection: Connection, conversation_id: str, worker_id: int) -> None:
    """A worker has written to that family: what its closed cases left without a reply has one."""
    left = (
        select(case_event.c.case_id)
        .join(cases_table, cases_table.c.id == case_event.c.case_id)
        .where(cases_table.c.conversation_id == conversation_id, case_event.c.kind == "unanswered")
        .distinct()
    )
    for of_case in connection.execute(left).scalars().all():
        for matter in matters(read_log(store, connection, of_case)).values():
            if matter.what == "unanswered" and matter.is_open:
                append(store, connection, of_case, "done", worker_id, matter.key)


def remind(store: Store, ref: str, key: str, how: str) -> None:
    """`how` is `message` when the family was asked in its channel, `task` when it is left to the worker."""
    _mark(store, ref, "reminded", key, None, {"how": how})


def _mark(
    store: Store, ref: str, kind: str, key: str, worker_id: int | None, data: Mapping[str, str] | None = None
) -> None:
    with store.writing() as connection:
        of_case = case_id(connection, ref, hold=True)
        marked = of_kind(read_log(store, connection, of_case), kind)
        if all(event.subject != key for event in marked):
            append(store, connection, of_case, kind, worker_id, key, data=data)


def escalate(store: Store, now: datetime) -> list[tuple[str, str]]:
    """Hand on what is overdue to the supervisors, each once; case and key of those that were."""
    late = [
        (task.case.ref, task.matter.key)
        for task in tasks(store, now)
        if task.matter.escalated_at is None and task.matter.escalates_at() <= now
    ]
    for ref, key in late:
        _mark(store, ref, "escalated", key, None)
    return late


def tasks(store: Store, until: datetime) -> list[Task]:
    """What is open and due until then, in any case, the oldest first."""
    marked, taken_back = case_event.alias(), case_event.alias()
    is_taken_back = (
        select(taken_back.c.id)
        .where(
            taken_back.c.case_id == marked.c.case_id,
            taken_back.c.kind == TAKEN_BACK,
            taken_back.c.subject == cast(marked.c.id, String),
        )
        .exists()
    )
    is_settled = (
        select(marked.c.id)
        .where(
            marked.c.case_id == case_event.c.case_id,
            marked.c.subject == case_event.c.subject,
            marked.c.kind.in_(("done", "dropped")),
            # What was dropped and is planned again was put down anew.
            (marked.c.kind == "done") | (marked.c.id > case_event.c.id),
            ~is_taken_back,
        )
        .exists()
    )
    open_now = (case_event.c.kind == "due") & (case_event.c.due_at <= until) & ~is_settled
    with store.reading() as connection:
        found = set(connection.execute(select(case_event.c.case_id).where(open_now)).scalars())
        rows = connection.execute(CASES.where(cases_table.c.id.in_(found))).all()
        logs = [(row, read_log(store, connection, row.id)) for row in rows]
        here = set(connection.execute(select(worker.c.name).where(WORKS_HERE)).scalars())
    listed = [
        Task(to_case(store, row), matter, answers if answers in here else None, agreement(events, row.conversation_id))
        for row, events in logs
        for answers in [owner(events)]
        for matter in matters(events).values()
        if matter.is_open and matter.at <= until
    ]
    return sorted(listed, key=lambda task: (task.matter.at, task.case.ref))


def owner(events: list[Event]) -> str | None:
    """Whoever was named last, else whoever claimed or was handed the case last."""
    named = newest(events, "owner")
    if named:
        return named.subject
    moved = newest(events, "claimed", "transferred")
    if moved is None:
        return None
    return moved.detail if moved.kind == "transferred" else moved.worker


def agreement(events: list[Event], conversation_id: str) -> bool | None:
    """Whether the family of that conversation wants to be asked how it went; None when it has not said."""
    said = [event for event in of_kind(events, "agreed") if event.subject == conversation_id]
    return bool(said[-1].data["yes"]) if said else None


def moved_lately(store: Store, within: timedelta) -> list[str]:
    """Cases that anything happened to within that time, and those that are open."""
    recent = select(case_event.c.case_id).where(case_event.c.at >= store.clock() - within)
    query = select(cases_table.c.ref).where((cases_table.c.state != "closed") | cases_table.c.id.in_(recent))
    with store.reading() as connection:
        return list(connection.execute(query.order_by(cases_table.c.id)).scalars())


def is_asked(what: str) -> bool:
    """Whether the family itself is asked about such a matter."""
    return what in rules("followup")["asks"]
