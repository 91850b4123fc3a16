"""Working days of China, with the holidays and the make-up workdays of a kept calendar; pure.

The State Council publishes a year's holidays the November before; until the library has them, plain weeks are assumed
and called unconfirmed.
"""

from datetime import date
from typing import NamedTuple

import chinese_calendar


class Day(NamedTuple):
    is_workday: bool
    is_confirmed: bool


def day(on: date) -> Day:
    try:
        return Day(chinese_calendar.is_workday(on), True)
    except NotImplementedError:  # it does not know that year
        return Day(on.weekday() < 5, False)


def unconfirmed_years(today: date) -> list[int]:
    """Which of this year and the next the calendar does not know."""
    return [year for year in (today.year, today.year + 1) if not day(date(year, 1, 1)).is_confirmed]
