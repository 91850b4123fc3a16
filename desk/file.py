"""The page of a case beside its talk: the child, needs, evidence, applications, referrals, and what is due."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from casework.again import siblings
from casework.applications import Application, next_steps
from casework.casefile import CaseFile, casefile
from casework.events import Event, log_of, of_kind
from casework.follow import agreement, owner
from casework.followup import HERE, known_days
from casework.ledger import messages
from casework.routing import wants
from casework.rules import rules
from casework.staff import workers
from casework.work import same_child
from desk import verbs
from desk.access import is_senior
from desk.filelog import endless, moves, undo
from desk.filework import CHILD, record
from desk.given import fields
from desk.live import ALL
from desk.office import Office
from desk.packet import Packet, packet
from desk.paths import link
from desk.render import page
from knowledge.library import Library

# Further ahead a matter is told, but nothing has to be done about it yet.
SOON = timedelta(days=100)


@dataclass(frozen=True)
class Way:
    """An application as the page shows it; `appeal` is told once it was refused, with its clauses."""

    policy: str
    name: str
    application: Application
    next: tuple[str, ...]
    appeal: str
    clauses: tuple[str, ...]
    instead: tuple[str, ...]


class CaseFilePages:
    """Server-rendered forms, each with one deed (desk/filework.py)."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        return [
            Route("/cases/{ref}/file", self.shown, methods=["GET"], name="file"),
            Route("/cases/{ref}/file", self.record, methods=["POST"]),
        ]

    async def shown(self, request: Request) -> Response:
        return await asyncio.to_thread(self._shown, request)

    def _shown(self, request: Request) -> Response:
        office, worker = self._office, request.state.visitor.worker
        case = verbs.read(office, worker, request.path_params["ref"], "file.viewed")
        events = log_of(office.store, case.ref)
        file, now = casefile(events), office.store.clock()
        said = messages(office.store, case.conversation, limit=ALL)
        talk, days = packet(office.library, said), known_days(events)
        return page(
            request,
            "file.html",
            case=case,
            file=file,
            undo=undo(events),
            moves=moves(events),
            same=siblings(office.store, case),
            told={name: file.child.get(name, "") for name in CHILD},
            owner=owner(events),
            agreed=agreement(events, case.conversation),
            is_asked=bool(of_kind(events, "asked_to_agree")),
            reports=reports(events),
            days={name: day for name, (day, _) in days.items()},
            endless=endless(said, days),
            talk=talk,
            wanted=wants(case, next((one.text for one in reversed(said) if one.sender == "family"), "")),
            ways=ways(office.library, file),
            policies=open_policies(office.library, file, talk),
            kin=same_child(office.store, case.child_ref, case.ref),
            staff=workers(office.store),
            lists={name: rules(name) for name in ("child", "evidence", "applications", "referrals", "followup")},
            first_steps=next_steps(None),
            library=office.library,
            senior=is_senior(worker),
            today=now.astimezone(HERE).date(),
            soon=now + SOON,
            now=now,
        )

    async def record(self, request: Request) -> Response:
        given = await fields(request)
        worker, ref = request.state.visitor.worker, request.path_params["ref"]
        await asyncio.to_thread(record, self._office, worker, ref, given)
        self._office.stir()
        # Back to where the work goes on: the part of the page that the form stands in.
        part = given.get("part", "") if given.get("part", "").isalpha() else ""
        return RedirectResponse(link(request, "file", ref=ref) + (f"#{part}" if part else ""), status_code=303)


def ways(library: Library, file: CaseFile) -> list[Way]:
    """A policy that is no longer in the library is still shown by its id."""
    found = []
    for policy_id, application in file.applications.items():
        policy = library.policies.get(policy_id)
        refused = application.state == "refused" and policy is not None
        found.append(
            Way(
                policy=policy_id,
                name=policy.short if policy else policy_id,
                application=application,
                next=next_steps(application.state),
                appeal=policy.appeal.says if policy and refused else "",
                clauses=tuple(library.cite(cite) for cite in policy.appeal.cites) if policy and refused else (),
                instead=tuple(library.policies[one].short for one in policy.instead) if policy and refused else (),
            )
        )
    return found


def open_policies(library: Library, file: CaseFile, talk: Packet) -> tuple[list[tuple[str, str]], ...]:
    """What an application may be begun for: what the family was told of as possible, then everything else."""
    told = {one.id for child in talk.children for one in child.outcomes if one.outcome in ("eligible", "ask_local")}
    free = [
        (policy.id, policy.short)
        for policy in library.policies.values()
        if policy.id not in file.applications and policy.ended is None
    ]
    return [one for one in free if one[0] in told], [one for one in free if one[0] not in told]


def reports(events: Sequence[Event]) -> list[tuple[Any, str]]:
    """What the family answered, newest first."""
    known = rules("followup")["reports"]
    return [(event.at, known[event.data["answer"]]["title"]) for event in reversed(of_kind(events, "reported"))]
