"""What one child receives: a number of a place from a day on, or who sets it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from knowledge.conditions import Builder
from knowledge.errors import LapsedAmount
from knowledge.files import Fields
from knowledge.source import check_cite

STALE = timedelta(days=180)  # local.md R55 and §3: a number not looked at for longer is not shown


@dataclass(frozen=True)
class Amount:
    """One row: a number of a place from a day on, or (`value` None) who sets it. Money is Decimal yuan.

    A `past` number is known not to hold any more, or too old to be told, and no newer one was found.
    """

    says: str
    region: str
    label: str
    value: Decimal | None
    unit: str
    kind: str
    start: date | None
    end: date | None
    grade: str
    cites: tuple[str, ...]
    checked: date | None
    past: bool = False


def load_amount(path: Path, field: str, record: Any, builder: Builder) -> Amount:
    """Raises KnowledgeError naming the file and the row."""
    fields = Fields(path, field, record)
    by_local = fields.take("by", str, "") == "local"
    text = fields.take("value", (str, int), "" if by_local else ...)
    row = Amount(
        says=fields.take("says", str, ""),
        region=fields.take("region", str, ""),
        label=fields.take("class", str, ""),
        value=None if by_local else _decimal(fields, text),
        unit=fields.take("unit", str, "" if by_local else ...),
        kind=fields.take("kind", str, "local" if by_local else ...),
        start=fields.take("from", date, None if by_local else ...),
        end=fields.take("until", date, None),
        grade=fields.take("grade", str, "A" if by_local else ...),
        cites=check_cite(path, field, fields.take("cite", (str, list)), builder.sources),
        checked=fields.take("checked", date, None if by_local else ...),
        past=fields.take("past", bool, False),
    )
    fields.done()
    if row.kind not in ("floor", "standard", "average", "local"):
        raise fields.fault("kind", "must be floor, standard, average or local")
    return row


def _decimal(fields: Fields, text: str | int) -> Decimal:
    try:
        return Decimal(str(text))
    except InvalidOperation as error:
        raise fields.fault("value", f"{text!r} is not a number") from error


def amounts_at(rows: Collection[Amount], region: str | None, as_of: date) -> tuple[Amount, ...]:
    """The rows that hold on that day in that place, the nearest place first, then who sets it.

    Raises: LapsedAmount when the numbers of a place have all ended before `as_of`, or are of the past.
    Source: 国办发〔2010〕54号 and 民发〔2019〕62号 leave standards to provinces and below.
    """
    numbers = [row for row in rows if row.value is not None and (region or "").startswith(row.region)]
    begun = [row for row in numbers if row.start is None or row.start <= as_of]
    current = [row for row in begun if _holds(row, as_of)]
    if begun and not current:
        raise LapsedAmount
    fresh = [row for row in current if row.checked and as_of - row.checked <= STALE]
    longest = max((len(row.region) for row in fresh), default=0)
    nearest = [row for row in fresh if len(row.region) == longest]
    return (*nearest, *who_sets(rows, region))


def who_sets(rows: Collection[Amount], region: str | None) -> tuple[Amount, ...]:
    """The sentences without a number: those of the whole country, and of the place."""
    return tuple(row for row in rows if row.value is None and (region or "").startswith(row.region))


def _holds(row: Amount, day: date) -> bool:
    return day <= row.end if row.end else not row.past
