from datetime import datetime, timedelta, timezone

import pytest

from desk.render import clock, since

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "span, words",
    [
        ({"seconds": 59}, "不到 1 分钟"),
        ({"seconds": -5}, "不到 1 分钟"),
        ({"minutes": 59}, "59 分钟"),
        ({"minutes": 61}, "1 小时 1 分"),
        ({"hours": 25}, "1 天 1 小时"),
    ],
)
def test_waiting_is_told_in_whole_minutes(span, words):
    assert words == since(NOW - timedelta(**span), NOW)


def test_times_are_those_of_shanghai():
    assert "09:00" == clock(NOW, NOW)
    assert "11-22 00:30" == clock(datetime(2026, 11, 21, 16, 30, tzinfo=timezone.utc), NOW + timedelta(days=1))
    assert "2026-11-22 09:00:00" == clock(NOW)
