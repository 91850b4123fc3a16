from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from knowledge.amount import Amount, amounts_at
from knowledge.errors import LapsedAmount
from knowledge.library import Library

DAY = date(2026, 11, 22)


def row(value: str | None, start: str, end: str | None = None, region: str = "35", checked: date = DAY) -> Amount:
    return Amount(
        says="",
        region=region,
        label="",
        value=Decimal(value) if value else None,
        unit="元/月",
        kind="floor",
        start=date.fromisoformat(start),
        end=date.fromisoformat(end) if end else None,
        grade="B",
        cites=(),
        checked=checked,
    )


def test_the_number_of_the_day_is_told_and_the_nearest_place_first() -> None:
    rows = (
        row("1792", "2024-07-01", "2025-06-30"),
        row("1891", "2025-07-01"),
        row("1900", "2025-07-01", region="3504"),
    )

    assert [Decimal("1792")] == [each.value for each in amounts_at(rows, "35", date(2025, 6, 30))]
    assert [Decimal("1891")] == [each.value for each in amounts_at(rows, "350123", DAY)]
    assert [Decimal("1900")] == [each.value for each in amounts_at(rows, "350404", DAY)]


def test_a_lapsed_number_raises() -> None:
    with pytest.raises(LapsedAmount):
        amounts_at((row("600", "2011-01-01", "2012-01-01"),), "35", DAY)


def test_a_number_not_looked_at_for_half_a_year_is_not_shown() -> None:
    assert () == amounts_at((row("1891", "2025-07-01", checked=date(2026, 1, 1)),), "35", DAY)


def test_a_number_of_the_past_is_told_for_its_own_days_only() -> None:
    past = replace(row("1663.8", "2021-03-25", "2021-03-25"), past=True)

    assert (past,) == amounts_at((past,), "35", date(2021, 3, 25))
    for open_ended in (past, replace(past, end=None)):
        with pytest.raises(LapsedAmount):
            amounts_at((open_ended,), "35", DAY)


def test_nobody_elses_number_is_told() -> None:
    rows = Library.load().policies["orphan_living"].amount

    assert {"", "35"} == {each.region for each in amounts_at(rows, "350404", DAY)}
    assert all(each.value is None for each in amounts_at(rows, "37", DAY))


def test_inner_mongolia_has_numbers_of_the_past_only() -> None:
    with pytest.raises(LapsedAmount):
        amounts_at(Library.load().policies["orphan_living"].amount, "150426", DAY)
