"""What a worker may record on the page of a case, by the name its form carries; each is read with suspicion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from casework import work
from casework.applications import Step
from casework.errors import BadValue, Missing
from casework.evidence import Item
from casework.follow import finish, know_dates
from casework.referrals import Slip
from casework.store import Worker
from casework.withdraw import withdraw
from desk import verbs
from desk.access import is_senior
from desk.errors import Refused
from desk.office import Office
from desk.words import words

Given = Mapping[str, str]
LONGEST = 500
CHILD = ("band", "carer", "place", "household", "words")


def record(office: Office, worker: Worker, ref: str, given: Given) -> None:
    """Carry out one form. Raises: Refused 403, 422; what casework raises."""
    name = given.get("do", "")
    if name not in DEEDS:
        raise Refused(400, "malformed_form")
    if name in SENIOR_DEEDS and not is_senior(worker):
        raise Refused(403, "not_senior_here")
    case = verbs.read(office, worker, ref, f"file.{name}")
    long = next((field for field, value in given.items() if len(value) > LONGEST), None)
    if long:
        raise Refused(422, "too_long", field=words()["field"].get(long, words()["other"]), longest=LONGEST)
    DEEDS[name](office, worker, case.ref, given)


def _child(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.describe(office.store, ref, worker.id, {name: given.get(name, "") for name in CHILD})


def _need(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.need(office.store, ref, worker.id, given.get("need", ""))


def _need_met(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.need(office.store, ref, worker.id, given.get("need", ""), is_met=True)


def _evidence(office: Office, worker: Worker, ref: str, given: Given) -> None:
    told = {name: given.get(name, "") for name in ("about", "shows", "grade", "note")}
    work.add_evidence(office.store, ref, worker.id, Item(**told, seen_on=_day(given, "seen_on")))


def _category(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.record_category(office.store, ref, worker.id, *_category_of(given))


def _category_ended(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.end_category(office.store, ref, worker.id, *_category_of(given))


def _category_of(given: Given) -> tuple[str, str]:
    """A choice of the list names both, as `lost_contact:mother`."""
    category, _, about = given.get("category", "").partition(":")
    return category, about


def _owner(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.name_owner(office.store, ref, worker.id, given.get("owner", ""))


def _coordinator(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.name_coordinator(office.store, ref, worker.id, given.get("office", ""))


def _refer(office: Office, worker: Worker, ref: str, given: Given) -> None:
    told = {name: given.get(name, "").strip() for name in ("office", "asks", "place", "contact", "more")}
    work.refer(office.store, ref, worker.id, Slip(**told))


def _received(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.heard_back(office.store, ref, worker.id, given.get("number", ""))


def _answered(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.heard_back(office.store, ref, worker.id, given.get("number", ""), _filled(given, "words"))


def _application(office: Office, worker: Worker, ref: str, given: Given) -> None:
    policy = given.get("policy", "")
    if policy not in office.library.policies:
        raise BadValue("policy")
    told = {name: given.get(name, "").strip() for name in ("to", "reason", "words", "month", "amount")}
    expected = _day(given, "expected") if given.get("expected") else None
    work.take_step(office.store, ref, worker.id, policy, Step(on=_day(given, "on"), expected=expected, **told))


def _date(office: Office, worker: Worker, ref: str, given: Given) -> None:
    know_dates(office.store, ref, {given.get("date", ""): _day(given, "on")}, worker.id)


def _done(office: Office, worker: Worker, ref: str, given: Given) -> None:
    finish(office.store, ref, given.get("key", ""), worker.id, given.get("how", "").strip())


def _agree(office: Office, worker: Worker, ref: str, given: Given) -> None:
    verbs.ask_agreement(office, worker, ref)


def _visited(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.visited(office.store, ref, worker.id)


def _link(office: Office, worker: Worker, ref: str, given: Given) -> None:
    """The words of the other conversation must be open to this worker too."""
    verbs.state_once(office, worker, given.get("other", ""), words()["read_to_link"])
    other = verbs.read(office, worker, given.get("other", ""), "file.link")
    work.link(office.store, ref, worker.id, other.ref, given.get("voice", ""))


def _checked(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.spot_check(office.store, ref, worker.id, given.get("found", ""))


def _understood(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.taught_back(office.store, ref, worker.id, given.get("understood", ""))


def _incident(office: Office, worker: Worker, ref: str, given: Given) -> None:
    work.incident(office.store, ref, worker.id, given.get("incident", ""))


def _withdraw(office: Office, worker: Worker, ref: str, given: Given) -> None:
    number = given.get("event", "")
    if not (number.isascii() and number.isdigit()) or len(number) > 12:
        raise BadValue("event")
    withdraw(office.store, ref, worker.id, int(number))


def _filled(given: Given, field: str) -> str:
    if not given.get(field, "").strip():
        raise Missing(field)
    return given[field].strip()


def _day(given: Given, field: str) -> date:
    try:
        return date.fromisoformat(_filled(given, field))
    except ValueError:
        raise BadValue(field) from None


DEEDS: dict[str, Callable[[Office, Worker, str, Given], None]] = {
    "child": _child,
    "need": _need,
    "need_met": _need_met,
    "evidence": _evidence,
    "category": _category,
    "category_ended": _category_ended,
    "owner": _owner,
    "coordinator": _coordinator,
    "refer": _refer,
    "received": _received,
    "answered": _answered,
    "application": _application,
    "date": _date,
    "done": _done,
    "agree": _agree,
    "visited": _visited,
    "link": _link,
    "understood": _understood,
    "checked": _checked,
    "incident": _incident,
    "withdraw": _withdraw,
}
SENIOR_DEEDS = ("checked", "incident")
