"""What has to be done today and what is overdue, over all cases that this worker may read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casework.follow import Task, tasks
from casework.followup import HERE
from casework.rules import rules
from casework.store import Worker
from desk.access import is_senior, may_read
from desk.office import Office
from desk.render import page

AHEAD = timedelta(days=7)


class Today:
    """Escalated matters come to every supervisor, all others to whoever answers for the case."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        return [Route("/today", self.shown, methods=["GET"], name="today")]

    async def shown(self, request: Request) -> Response:
        return await asyncio.to_thread(self._shown, request)

    def _shown(self, request: Request) -> Response:
        office, worker = self._office, request.state.visitor.worker
        now = office.store.clock()
        found = [task for task in tasks(office.store, now + AHEAD) if is_for(worker, task)]
        return page(
            request,
            "today.html",
            groups=grouped(found, now),
            names=rules("followup")["names"],
            library=office.library,
            now=now,
        )


def due_now(office: Office, worker: Worker) -> tuple[int, int]:
    """How much of theirs is due by the end of today, and how much of that is late."""
    now = office.store.clock()
    groups = grouped([task for task in tasks(office.store, now + AHEAD) if is_for(worker, task)], now)
    late = len(groups["escalated"]) + len(groups["late"])
    return late + len(groups["today"]), late


def _tomorrow(now: datetime) -> datetime:
    """The day ends at midnight here."""
    return datetime.combine(now.astimezone(HERE).date() + timedelta(days=1), time(), HERE)


def is_for(worker: Worker, task: Task) -> bool:
    """A supervisor sees all; others what they own, and what nobody owns among what they may read."""
    if is_senior(worker):
        return True
    return task.owner == worker.name if task.owner else may_read(worker, task.case)


def grouped(found: Sequence[Task], now: datetime) -> dict[str, list[Task]]:
    """By how pressing; what a family waits for is of today, however long it may take."""
    tomorrow, at_once = _tomorrow(now), rules("followup")["at_once"]
    groups: dict[str, list[Task]] = {"escalated": [], "late": [], "today": [], "soon": []}
    for task in found:
        is_late = task.matter.at < tomorrow - timedelta(days=1)
        name = "escalated" if task.matter.escalated_at else "late" if is_late else "soon"
        is_today = task.matter.at < tomorrow or task.matter.what in at_once
        groups["today" if name == "soon" and is_today else name].append(task)
    return groups
