"""A clock for stores: it stands still until the test moves it."""

from datetime import datetime, timedelta, timezone

START = datetime(2026, 11, 22, 1, 0, tzinfo=timezone.utc)


class Clock:
    def __init__(self, now=START):
        self.now = now

    def __call__(self):
        return self.now

    def forward(self, **span):
        self.now += timedelta(**span)
