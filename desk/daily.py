"""Daily work beside one conversation: offers between colleagues, where a case belongs, search, and who carries what."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from casework import daily
from casework.care import Spell, rest_due, spells_of_week
from casework.errors import BadValue
from casework.hours import unconfirmed_years
from casework.queue import Queued
from casework.rota import QUEUES, rota
from casework.routing import HERE, Wants, names, on_duty
from casework.search import Found, search
from casework.search_notes import search_notes
from casework.staff import audit, workers
from casework.store import Case, Worker
from desk.given import fields, text
from desk.lists import COUNTY
from desk.office import Office
from desk.paths import link
from desk.render import page
from desk.verbs import may_look
from desk.words import words
from knowledge.region import Regions


@dataclass(frozen=True)
class Load:
    """What one member of staff carries: `today` and `week` are severity times minutes."""

    worker: Worker
    is_on_duty: bool
    held: tuple[Queued, ...]
    today: float
    week: float
    rest: str | None


class Daily:
    """Words that are searched for travel in the body: addresses end up in histories and logs."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        one = "/cases/{ref}"
        return [
            Route("/search", self.search_page, methods=["GET"], name="search"),
            Route("/search", self.search, methods=["POST"]),
            Route("/team", self.team, methods=["GET"], name="team"),
            Route(f"{one}/offer", self.offer, methods=["POST"], name="offer"),
            Route(f"{one}/accept", self.accept, methods=["POST"], name="accept"),
            Route(f"{one}/decline", self.decline, methods=["POST"], name="decline"),
            Route(f"{one}/place", self.place, methods=["POST"], name="place"),
        ]

    async def search_page(self, request: Request) -> Response:
        return self._searched(request)

    async def search(self, request: Request) -> Response:
        given = await fields(request)
        looked_for, purpose = text(given, "words"), text(given, "purpose")
        worker = request.state.visitor.worker
        try:
            found = await asyncio.to_thread(self._found, worker, looked_for, purpose)
        except BadValue:
            line = words()["search"]["short"]
            return self._searched(request, 422, looked_for=looked_for, purpose=purpose, line=line)
        return self._searched(request, looked_for=looked_for, purpose=purpose, found=found)

    def _searched(self, request: Request, status: int = 200, **given: Any) -> Response:
        blank = {"looked_for": "", "purpose": "", "found": None, "line": ""}
        return page(request, "search.html", status, **{**blank, **given}, now=self._office.store.clock())

    def _found(self, worker: Worker, looked_for: str, purpose: str) -> list[Found]:
        """What may be read; each case of which a word is shown goes into the audit with the reason."""
        office = self._office

        def may_read(case: Case) -> bool:
            return may_look(office, worker, case)

        found = [*search(office.store, looked_for, may_read), *search_notes(office.store, looked_for, may_read)]
        found.sort(key=lambda each: each.at, reverse=True)
        for ref in dict.fromkeys(each.case.ref for each in found):
            audit(office.store, worker.id, "case.found", ref, purpose)
        return found

    async def team(self, request: Request) -> Response:
        return await asyncio.to_thread(self._team, request)

    def _team(self, request: Request) -> Response:
        office, now = self._office, self._office.store.clock()
        office.board.expire()
        staff, known = workers(office.store), rota()
        return page(
            request,
            "team.html",
            loads=loads(office, staff),
            strangers=sorted({shift.who for shift in known.shifts if shift.who} - {worker.name for worker in staff}),
            no_rota=not known.shifts,
            unconfirmed=unconfirmed_years(now.astimezone(HERE).date()),
            now=now,
        )

    async def offer(self, request: Request) -> Response:
        to = text(await fields(request), "to")
        return await self._do(request, "offered", daily.offer, to)

    async def accept(self, request: Request) -> Response:
        await fields(request)
        return await self._do(request, "accepted", daily.accept)

    async def decline(self, request: Request) -> Response:
        await fields(request)
        return await self._do(request, "declined", daily.decline, then="queue")

    async def place(self, request: Request) -> Response:
        """Labels come from a list: no word of a label may say what a family is ashamed of."""
        given = await fields(request)
        language, called = given.get("language", ""), given.get("region", "").strip()
        if language and language not in words()["languages"]:
            raise BadValue("language")
        region = code_of(self._office.library.regions, called) if called else None
        labels = [name for name in words()["labels"] if given.get(f"label-{name}")]
        return await self._do(request, "placed", daily.place, region, language or None, labels)

    async def _do(
        self, request: Request, verb: str, step: Callable[..., Case], *values: Any, then: str = "case"
    ) -> Response:
        worker, ref = request.state.visitor.worker, request.path_params["ref"]
        await asyncio.to_thread(self._carry_out, worker, ref, verb, step, values)
        self._office.stir()
        params = {"ref": ref} if then == "case" else {}
        return RedirectResponse(link(request, then, **params), status_code=303)

    def _carry_out(
        self, worker: Worker, ref: str, verb: str, step: Callable[..., Case], values: tuple[Any, ...]
    ) -> None:
        case = step(self._office.store, ref, worker.id, *values)
        audit(self._office.store, worker.id, f"case.{verb}", case.ref)
        self._office.notice(case.conversation)


def code_of(regions: Regions, called: str) -> str:
    """Of a place by its code, or by a name, from wherever it begins, that only one place has. Raises: BadValue."""
    if called.isdecimal() and regions.knows(called[:COUNTY]):
        return called
    found = [code for code, place in regions.by_code.items() if called in (place.name, *place.says)]
    # A name that several places have is told apart by what stands before it: 三明市尤溪县.
    found = found or [code for code in regions.by_code if regions.name(code).endswith(called)]
    if len(found) != 1:
        raise BadValue("region")
    return found[0]


def loads(office: Office, staff: list[Worker]) -> list[Load]:
    """Of everybody, those who carry most today first."""
    now = office.store.clock()
    spells, rows = spells_of_week(office.store), office.board.rows()
    there = {name for queue in QUEUES for name in names(on_duty(rota(), Wants(queue), now))}
    found = []
    for worker in staff:
        own = [spell for spell in spells if spell.worker == worker.name]
        held = tuple(row for row in rows if row.case.state == "active" and row.case.worker_id == worker.id)
        today, week = _sum(spell for spell in own if _is_today(spell, office)), _sum(own)
        found.append(Load(worker, worker.name in there, held, today, week, rest_due(own, now)))
    return sorted(found, key=lambda load: (-load.today, -len(load.held), load.worker.name))


def _is_today(spell: Spell, office: Office) -> bool:
    now = office.store.clock()
    return (spell.until or now).astimezone(HERE).date() == now.astimezone(HERE).date()


def _sum(spells: Iterable[Spell]) -> float:
    return sum((spell.strain for spell in spells), 0.0)


def rest_of(office: Office, worker: Worker) -> str | None:
    return rest_due(spells_of_week(office.store, worker.name), office.store.clock())
