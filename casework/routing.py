"""To whom a case goes by what it needs, where it is and which language it speaks; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from casework import hours
from casework.rota import Rota, Shift
from casework.store import Case

HERE = ZoneInfo("Asia/Shanghai")
LOOKED_AHEAD = 30  # days; the longest holiday with its weekends is shorter
# Where the child lives now counts for who goes there, before where it is registered.
REGION_FACTS = ("child.residence_region", "child.hukou_region")
# Scripts that no Chinese text uses, and whose language they are.
SCRIPTS = (
    ("\u1800", "\u18af", "mn"),
    ("\u0400", "\u04ff", "mn"),
    ("\u0f00", "\u0fff", "bo"),
    ("\u0600", "\u06ff", "ug"),
)


@dataclass(frozen=True)
class Wants:
    """What a case needs; a region or language that is not known excludes nobody."""

    queue: str
    region: str | None = None
    language: str | None = None


@dataclass(frozen=True)
class Turn:
    """One turn of duty on one day; `is_confirmed` unless the calendar does not know that day yet."""

    shift: Shift
    begin: datetime
    end: datetime
    is_confirmed: bool


def wants(case: Case, last_line: str = "") -> Wants:
    return Wants(case.queue, case.region or region_told(case), case.language or language_of(last_line))


def region_told(case: Case) -> str | None:
    """Where the child at hand is by what the family said; None while that is open."""
    for name in REGION_FACTS:
        for child in case.packet.get("children", ())[:1]:
            for fact in child.get("facts", ()):
                if fact["id"] == name and isinstance(fact["value"], str):
                    return fact["value"]
    return None


def language_of(text: str) -> str | None:
    """By a script that only that language uses here; None for all others."""
    for first, last, language in SCRIPTS:
        if any(first <= sign <= last for sign in text):
            return language
    return None


def suits(shift: Shift, wanted: Wants) -> bool:
    by_region = not shift.regions or wanted.region is None or any(lie(wanted.region, code) for code in shift.regions)
    by_language = wanted.language is None or wanted.language in shift.languages
    return shift.queue == wanted.queue and by_region and by_language


def on_duty(rota: Rota, wanted: Wants, now: datetime) -> list[Turn]:
    """Whose turn it is now for such a case: who looks after the smallest place first."""
    now_there = [turn for turn in _turns(rota, wanted, _days(now, 1)) if turn.begin <= now < turn.end]
    return sorted(now_there, key=lambda turn: (-_nearness(turn.shift, wanted), turn.shift.who or ""))


def next_turn(rota: Rota, wanted: Wants, now: datetime) -> Turn | None:
    """The first that begins after now; None when none is written down for the weeks to come."""
    later = [turn for turn in _turns(rota, wanted, _days(now, LOOKED_AHEAD)) if turn.begin > now]
    return min(later, key=lambda turn: turn.begin, default=None)


def names(turns: list[Turn]) -> list[str]:
    """Those who are named, each once."""
    return list(dict.fromkeys(turn.shift.who for turn in turns if turn.shift.who))


def _turns(rota: Rota, wanted: Wants, days: list[date]) -> Iterator[Turn]:
    for shift in rota.shifts:
        for on in days if suits(shift, wanted) else ():
            kind = hours.day(on)
            if on not in rota.closed and _is_on(shift, on, kind.is_workday):
                begin = datetime.combine(on, shift.begin, HERE)
                over_night = timedelta(days=shift.end <= shift.begin)
                is_confirmed = kind.is_confirmed or shift.days == "every"
                yield Turn(shift, begin, datetime.combine(on, shift.end, HERE) + over_night, is_confirmed)


def _is_on(shift: Shift, on: date, is_workday: bool) -> bool:
    if shift.weekdays:
        return is_workday and on.isoweekday() in shift.weekdays
    return shift.days == "every" or is_workday == (shift.days == "workdays")


def _days(now: datetime, ahead: int) -> list[date]:
    """From yesterday, whose night may not be over."""
    today = now.astimezone(HERE).date()
    return [today + timedelta(days=each) for each in range(-1, ahead)]


def lie(place: str, code: str) -> bool:
    """Whether one of the two lies in the other: a family that named only its city may belong to any county of it."""
    return place.startswith(code) or code.startswith(place)


def _nearness(shift: Shift, wanted: Wants) -> int:
    return max((len(code) for code in shift.regions if wanted.region and lie(wanted.region, code)), default=0)
