"""Who may see and do what at the desk."""

from __future__ import annotations

from collections.abc import Sequence

from casework.staff import SENIOR
from casework.store import Case, Worker


def is_senior(worker: Worker) -> bool:
    return worker.role in SENIOR


def holds(worker: Worker, case: Case) -> bool:
    return case.state == "active" and case.worker_id == worker.id


def may_read(worker: Worker, case: Case) -> bool:
    """Whether the words of the family are open to this worker: a colleague's case is not."""
    return is_senior(worker) or case.state == "waiting" or case.worker_id in (worker.id, None)


def may_reveal(worker: Worker, case: Case) -> bool:
    """Whether numbers of people are open to this worker: to whoever has or had the case in hand, and to supervisors."""
    return is_senior(worker) or case.worker_id == worker.id


def may_move(worker: Worker, case: Case) -> bool:
    """Whether this worker may give the case back or hand it on; casework asks the same again."""
    return case.state == "active" and (is_senior(worker) or case.worker_id == worker.id)


def in_order(worker: Worker, cases: Sequence[Case]) -> list[Case]:
    """The store's order (urgency, then waiting time); a counselor sees the counselor queue first."""
    if worker.role != "counselor":
        return list(cases)
    return sorted(cases, key=lambda case: case.queue != "counselor")
