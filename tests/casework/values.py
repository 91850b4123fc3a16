"""Values for pure functions, so that a test names only what it is about."""

from datetime import datetime, timezone

from casework.store import Case

THEN = datetime(2026, 11, 23, 1, 0, tzinfo=timezone.utc)


def case_of(ref="TX-222222", **fields):
    """A routine case that waits since `THEN`, for a caseworker."""
    plain = dict.fromkeys(("worker_id", "worker_name", "claimed_at", "closed_at", "outcome"))
    told = {"conversation": "c", "queue": "caseworker", "urgency": "routine", "reason": "asked", "state": "waiting"}
    return Case(ref=ref, **{**plain, **told, "opened_at": THEN, "waiting_since": THEN, "packet": {}, **fields})
