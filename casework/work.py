"""What a worker records about a case beside the talk: checked, appended, and what is due kept in step with it.

Whether this worker may is for the desk to say. Each raises NotFound, and BadValue for what is on no list.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from casework.applications import Step, applications, check_step, to_data
from casework.casefile import casefile
from casework.errors import BadTransition, BadValue, Contradicted, Missing, NotFound
from casework.events import Event, append, case_id, read_log
from casework.evidence import Item, check_item, standing
from casework.follow import keep_up
from casework.followup import HERE
from casework.pii import mask
from casework.referrals import Slip, check_slip, next_number
from casework.rules import rules
from casework.staff import WORKS_HERE
from casework.store import Store
from casework.tables import case as cases_table
from casework.tables import worker


def describe(store: Store, ref: str, worker_id: int, child: Mapping[str, str]) -> None:
    """The child and the household: age band, who cares, place, members, words."""
    known = rules("child")
    for field, among in (("band", known["bands"]), ("carer", known["carers"])):
        if child.get(field) and child[field] not in among:
            raise BadValue(field)
    kept = {field: mask(text.strip()) for field, text in child.items() if text.strip()}
    _write(store, ref, worker_id, "child", None, kept)


def need(store: Store, ref: str, worker_id: int, what: str, is_met: bool = False) -> None:
    if what not in rules("child")["needs"]:
        raise BadValue("need")
    _write(store, ref, worker_id, "need_met" if is_met else "need", what)


def add_evidence(store: Store, ref: str, worker_id: int, item: Item) -> None:
    """Also when it speaks against what is recorded: that is then shown as stopped."""
    check_item(item)
    if item.seen_on > _today(store):
        raise BadValue("seen_on")
    told = {"about": item.about, "shows": item.shows, "grade": item.grade, "note": mask(item.note)}
    _write(store, ref, worker_id, "evidence", None, {**told, "seen_on": item.seen_on.isoformat()})


def record_category(store: Store, ref: str, worker_id: int, category: str, about: str) -> None:
    """Raises: Contradicted while evidence of the same person speaks against it; Missing without any for it."""
    with store.writing() as connection:
        of_case, events = _taken(store, connection, ref)
        now = standing(category, about, _today(store), casefile(events).evidence)
        if now.why:
            raise Contradicted(now.why)
        if now.strength is None:
            raise Missing("evidence")
        append(store, connection, of_case, "category", worker_id, category, data={"about": about})


def end_category(store: Store, ref: str, worker_id: int, category: str, about: str) -> None:
    if category not in rules("evidence")["categories"]:
        raise BadValue("category")
    _write(store, ref, worker_id, "category_ended", category, {"about": about})


def name_owner(store: Store, ref: str, worker_id: int, name: str) -> None:
    """The one person who answers for the case. Raises: NotFound when no worker has that name."""
    with store.writing() as connection:
        of_case = case_id(connection, ref, hold=True)
        if connection.execute(select(worker.c.id).where(worker.c.name == name, WORKS_HERE)).first() is None:
            raise NotFound("worker")
        append(store, connection, of_case, "owner", worker_id, name)


def name_coordinator(store: Store, ref: str, worker_id: int, office: str) -> None:
    if office not in rules("referrals")["offices"]:
        raise BadValue("office")
    _write(store, ref, worker_id, "coordinator", None, {"office": office})


def refer(store: Store, ref: str, worker_id: int, slip: Slip) -> str:
    """Send a slip to another office; its number. Raises: TooTelling."""
    check_slip(slip)
    with store.writing() as connection:
        of_case, events = _taken(store, connection, ref)
        number = next_number(events)
        told = {name: value for name, value in vars(slip).items() if value}
        append(store, connection, of_case, "referral", worker_id, number, data=told)
        keep_up(store, connection, of_case)
        return number


def heard_back(store: Store, ref: str, worker_id: int, number: str, words: str | None = None) -> None:
    """The office has the slip or, with its words, has answered. Again it is the same receipt."""
    kind = "received" if words is None else "answered"
    with store.writing() as connection:
        of_case, events = _taken(store, connection, ref)
        if not any(event.kind == "referral" and event.subject == number for event in events):
            raise NotFound("referral")
        if not any(event.kind == kind and event.subject == number for event in events):
            append(store, connection, of_case, kind, worker_id, number, data={"words": mask(words)} if words else None)
        keep_up(store, connection, of_case)


def take_step(store: Store, ref: str, worker_id: int, policy: str, step: Step) -> None:
    """An application goes on. Raises: BadTransition, Missing."""
    with store.writing() as connection:
        of_case, events = _taken(store, connection, ref)
        before = applications(events).get(policy)
        checked = check_step(before.state if before else None, step)
        if checked.on > _today(store) or (before and checked.on < before.steps[-1].on):
            raise BadValue("on")
        data = {**to_data(checked), "words": mask(checked.words)}
        append(store, connection, of_case, "application", worker_id, policy, data=data)
        keep_up(store, connection, of_case)


def visited(store: Store, ref: str, worker_id: int) -> None:
    """Somebody has seen the child."""
    _write(store, ref, worker_id, "visited", None)


def spot_check(store: Store, ref: str, worker_id: int, found: str) -> None:
    """A supervisor looked into it again."""
    if found not in rules("child")["checks"]:
        raise BadValue("found")
    _write(store, ref, worker_id, "checked", found)


def taught_back(store: Store, ref: str, worker_id: int, answer: str) -> None:
    """Whether the family could say in its own words where to go and what to bring: `yes` or `no`."""
    if answer not in ("yes", "no"):
        raise BadValue("understood")
    _write(store, ref, worker_id, "understood", answer)


def incident(store: Store, ref: str, worker_id: int, what: str) -> None:
    if what not in rules("child")["incidents"]:
        raise BadValue("incident")
    _write(store, ref, worker_id, "incident", what)


def link(store: Store, ref: str, worker_id: int, other: str, voice: str) -> None:
    """Two cases are about the same child: both get one reference, each keeps its own conversation and page.

    Raises: BadTransition when it is the same case, or linked already.
    """
    if voice not in rules("child")["voices"]:
        raise BadValue("voice")
    with store.writing() as connection:
        both = {each: _row(connection, each) for each in sorted({ref.strip().upper(), other.strip().upper()})}
        if len(both) == 1:
            raise BadTransition("linked", "link")
        one, two = both[ref.strip().upper()], both[other.strip().upper()]
        child = one.child_ref or one.ref
        if child == (two.child_ref or two.ref):
            raise BadTransition("linked", "link")
        # Whoever was one child with the other case is now one with this.
        same = (cases_table.c.child_ref == (two.child_ref or two.ref)) | cases_table.c.id.in_([one.id, two.id])
        connection.execute(update(cases_table).where(same).values(child_ref=child))
        data = {"ref": two.ref, "voice": voice}
        append(store, connection, one.id, "linked", worker_id, two.conversation_id, data=data)


def same_child(store: Store, child_ref: str | None, ref: str) -> list[str]:
    """The other cases about this child."""
    query = select(cases_table.c.ref).where(cases_table.c.child_ref == child_ref, cases_table.c.ref != ref)
    with store.reading() as connection:
        return list(connection.execute(query.order_by(cases_table.c.id)).scalars()) if child_ref else []


def _row(connection: Connection, ref: str) -> Any:
    case_id(connection, ref, hold=True)
    columns = cases_table.c.id, cases_table.c.ref, cases_table.c.conversation_id, cases_table.c.child_ref
    return connection.execute(select(*columns).where(cases_table.c.ref == ref)).one()


def _taken(store: Store, connection: Connection, ref: str) -> tuple[int, Sequence[Event]]:
    of_case = case_id(connection, ref, hold=True)
    return of_case, read_log(store, connection, of_case)


def _write(
    store: Store, ref: str, worker_id: int, kind: str, subject: str | None, data: Mapping[str, str] | None = None
) -> None:
    with store.writing() as connection:
        append(store, connection, case_id(connection, ref, hold=True), kind, worker_id, subject, data=data)


def _today(store: Store) -> Any:
    now: datetime = store.clock()
    return now.astimezone(HERE).date()
