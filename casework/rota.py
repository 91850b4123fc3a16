"""The rota of duty as values, read from rota.yml with suspicion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any

from casework.rules import rules

QUEUES = ("caseworker", "counselor")
DAYS = ("workdays", "restdays", "every")
FIELDS = {"who", "queue", "regions", "languages", "days", "from", "to"}


class BadRota(ValueError):
    """rota.yml is not as it must be; the line names the shift, the field and what may stand there."""


@dataclass(frozen=True)
class Shift:
    """`who` None: the desk is open and nobody is named. `weekdays` empty: see `days`."""

    who: str | None
    queue: str
    regions: tuple[str, ...]
    languages: tuple[str, ...]
    days: str
    weekdays: tuple[int, ...]
    begin: time
    end: time


@dataclass(frozen=True)
class Rota:
    shifts: tuple[Shift, ...]
    closed: frozenset[date]
    acknowledge: Mapping[str, int]


@cache
def rota() -> Rota:
    """Raises: BadRota."""
    return read(rules("rota"))


def read(given: Mapping[str, Any]) -> Rota:
    """Raises: BadRota."""
    shifts = tuple(_shift(number, line) for number, line in enumerate(given.get("shifts") or (), 1))
    closed = given.get("closed") or []
    if not all(isinstance(day, date) for day in closed):
        raise BadRota("rota.yml: closed: must be days, 2026-12-31")
    return Rota(shifts, frozenset(closed), given["acknowledge"])


def _shift(number: int, line: Any) -> Shift:
    def refuse(field: str, wanted: str) -> BadRota:
        return BadRota(f"rota.yml: shift {number}: {field}: must be {wanted}")

    if not isinstance(line, dict) or not line.keys() <= FIELDS:
        raise refuse("fields", f"among {', '.join(sorted(FIELDS))}")
    if line.get("queue") not in QUEUES:
        raise refuse("queue", f"one of {', '.join(QUEUES)}")
    who = line.get("who")
    if who is not None and not (isinstance(who, str) and who.strip()):
        raise refuse("who", "the name of a member of staff, or left out")
    days = line.get("days")
    is_list = isinstance(days, list) and days and all(type(day) is int and 1 <= day <= 7 for day in days)
    if days not in DAYS and not is_list:
        raise refuse("days", f"{', '.join(DAYS)} or numbers from 1 (Monday) to 7")
    named, weekdays = ("workdays", tuple(days)) if isinstance(days, list) else (str(days), ())
    regions, languages = line.get("regions") or (), line.get("languages") or ("zh",)
    if not all(isinstance(code, str) and code.isdigit() for code in regions):
        raise refuse("regions", 'codes of places in quotes, "3504"')
    return Shift(
        who,
        line["queue"],
        tuple(regions),
        tuple(languages),
        named,
        weekdays,
        *(_time(line.get(field), refuse(field, 'a time of day in quotes, "09:00"')) for field in ("from", "to")),
    )


def _time(given: Any, refusal: BadRota) -> time:
    try:
        return datetime.strptime(given, "%H:%M").time()
    except (TypeError, ValueError):
        raise refusal from None
