"""What is due when, read off the events of one case. Pure; the lengths are in followup.yml."""

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from casework.applications import from_data
from casework.events import Event, of_kind
from casework.hours import day as day_kind
from casework.rules import rules

HERE = ZoneInfo("Asia/Shanghai")
MORNING = time(9)
HIGH = ("urgent", "emergency")
DISTRESS = ("opened", "raised", "again")  # where one of HIGH is its detail


@dataclass(frozen=True)
class Due:
    """One matter; `key` stays the same however often the plan is made, `about` is an application or a referral."""

    key: str
    what: str
    at: datetime
    about: str = ""


def plan(events: Sequence[Event]) -> dict[str, Due]:
    """Everything that is or was to be done by a day, by its key."""
    found = [*_after_events(events), *_decisions(events), *_triggers(events)]
    return {due.key: due for due in [*found, *_again(events, found)]}


def _after_events(events: Sequence[Event]) -> Iterator[Due]:
    for rule in rules("followup")["plan"]:
        for event in _starts(events, rule["after"]):
            for unit in ("days", "hours", "working_days"):
                for number in rule.get(unit, ()):
                    at = _later(event.at, unit, number)
                    if rule["after"] == "distress" and _is_heard_between(events, event, at):
                        continue
                    yield Due(f"{rule['what']}:{number}:{event.id}", rule["what"], at, event.subject or "")


def _starts(events: Sequence[Event], after: str) -> list[Event]:
    """The events whose clocks run: what came too late to matter starts none."""
    if after == "settled":
        # A case that was opened to ask how it went is such a call itself and begins no others.
        ends = () if of_kind(events, "reached") else ("closed",)
        return [event for event in events if event.kind in ends or _step(event) == "applied"][:1]
    if after == "distress":
        return _distress(events)
    if after == "unanswered":
        return of_kind(events, "unanswered")
    if after == "news":
        return _news(events)
    if after == "referral":
        got = {event.subject for event in of_kind(events, "received", "answered")}
        return [event for event in of_kind(events, "referral") if event.subject not in got]
    if after == "received":
        answered = {event.subject for event in of_kind(events, "answered")}
        return [event for event in of_kind(events, "received") if event.subject not in answered]
    if after == "reported":
        troubles = {name for name, report in rules("followup")["reports"].items() if report.get("trouble")}
        return [event for event in of_kind(events, "reported") if event.data.get("answer") in troubles]
    return [event for event in _standing(events) if _step(event) == after]


def _distress(events: Sequence[Event]) -> list[Event]:
    return [event for event in of_kind(events, *DISTRESS) if event.detail in HIGH]


def _is_heard_between(events: Sequence[Event], start: Event, until: datetime) -> bool:
    """Whether danger was heard anew before that call fell due; one that was due already is not excused by it."""
    return any(event.id > start.id and event.at < until for event in _distress(events))


def _standing(events: Sequence[Event]) -> list[Event]:
    """The newest step of each application."""
    return list({event.subject: event for event in of_kind(events, "application")}.values())


def _news(events: Sequence[Event]) -> list[Event]:
    """The last that the family told of an application, where no worker has written that down yet."""
    reports = rules("followup")["reports"]
    told = [event for event in of_kind(events, "reported") if "news_in" in reports[event.data["answer"]]][-1:]
    states = {_step(event) for event in _standing(events)} or {"none"}
    written = max((event.id for event in of_kind(events, "application")), default=0)
    return [one for one in told if one.id > written and states & set(reports[one.data["answer"]]["news_in"])]


def _decisions(events: Sequence[Event]) -> Iterator[Due]:
    for event in _standing(events):
        step = from_data(event.data)
        if step.to in ("applied", "accepted"):
            at = _morning(step.expected) if step.expected else _later(event.at, "days", rules("followup")["unpromised"])
            yield Due(f"decision:{event.id}", "decision", at, event.subject or "")


def _again(events: Sequence[Event], found: Sequence[Due]) -> Iterator[Due]:
    """Whatever is asked again while nothing has come of it, from the day on which it was done."""
    done = {event.subject: event for event in reversed(of_kind(events, "done"))}
    waiting = [due for due in found if due.what in rules("followup")["again_after"]]
    for due in waiting:
        if ended := done.get(due.key):
            at = _later(ended.at, "days", rules("followup")["again_after"][due.what])
            waiting.append(again := Due(f"{due.what}:again:{ended.id}", due.what, at, due.about))
            yield again


def _triggers(events: Sequence[Event]) -> Iterator[Due]:
    """Of the days as they are known now, from the moment each became known."""
    for name, (day, known_at) in known_days(events).items():
        for rule in rules("followup")["triggers"]:
            if rule["date"] != name.rpartition(".")[2]:
                continue
            end = months_later(day, 12 * rule.get("years", 0) + rule.get("months", 0))
            # Not the lead but the day itself must lie ahead: until then there is still time to act.
            if _morning(end) > known_at:
                at = max(_morning(end - timedelta(days=rule["lead"])), known_at)
                yield Due(f"{rule['what']}:{end.isoformat()}", rule["what"], at)


def known_days(events: Sequence[Event]) -> dict[str, tuple[date, datetime]]:
    """Each day by its name (`father.lost_since`), and since when it is known; what a worker wrote goes before facts."""
    told = of_kind(events, "dates")
    by_facts = [event for event in told if event.worker is None][-1:]
    by_workers = [event for event in told if event.worker]
    now = {name: day for event in [*by_facts, *by_workers] for name, day in event.data.items()}
    return {
        name: (date.fromisoformat(day), next(event.at for event in told if event.data.get(name) == day))
        for name, day in now.items()
        if day
    }


def _step(event: Event) -> str:
    return str(event.data.get("to", "")) if event.kind == "application" else ""


def _later(at: datetime, unit: str, number: int) -> datetime:
    if unit == "hours":
        return at + timedelta(hours=number)
    if unit == "days":
        return at + timedelta(days=number)
    return working_days_later(at, number)


def working_days_later(at: datetime, number: int) -> datetime:
    """By the kept calendar: holidays do not count, make-up workdays do."""
    local = at.astimezone(HERE)
    while number:
        local += timedelta(days=1)
        number -= day_kind(local.date()).is_workday
    return local.astimezone(at.tzinfo)


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, HERE)


def months_later(day: date, months: int) -> date:
    """The same day of the month, or its last: who is born on 29 February is of age on 28 February.

    `months` may be negative.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True)
class Matter:
    """A due matter and what became of it."""

    key: str
    what: str
    at: datetime
    about: str
    done_at: datetime | None = None
    done_by: str | None = None
    reminded_at: datetime | None = None
    escalated_at: datetime | None = None
    dropped_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.done_at is None and self.dropped_at is None

    @property
    def is_dropped(self) -> bool:
        return self.done_at is None and self.dropped_at is not None

    def escalates_at(self) -> datetime:
        return self.at + timedelta(days=rules("followup")["escalates"][self.what])


def matters(events: Sequence[Event]) -> dict[str, Matter]:
    """What was put down as due, by key, in the order of the days."""
    marks = {
        (event.kind, event.subject): event for event in of_kind(events, "done", "reminded", "escalated", "dropped")
    }

    def at(kind: str, key: str) -> datetime | None:
        return marks[kind, key].at if (kind, key) in marks else None

    found = {}
    for event in of_kind(events, "due"):
        key = str(event.subject)
        done = marks.get(("done", key))
        # Of one that was dropped and put down anew the newer counts.
        found[key] = Matter(
            key=key,
            what=key.partition(":")[0],
            at=event.due_at or event.at,
            about=event.data.get("about", ""),
            done_at=at("done", key),
            done_by=done.worker if done else None,
            reminded_at=at("reminded", key),
            escalated_at=at("escalated", key),
            dropped_at=at("dropped", key) if _is_after(marks.get(("dropped", key)), event) else None,
        )
    return {matter.key: matter for matter in sorted(found.values(), key=lambda matter: (matter.at, matter.key))}


def _is_after(mark: Event | None, event: Event) -> bool:
    return mark is not None and mark.id > event.id
