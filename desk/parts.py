"""The pieces of a page that stay live: drawn once with the page, and again whenever they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from markupsafe import Markup
from starlette.requests import Request

from casework.again import siblings
from casework.cases import events
from casework.events import MOVED
from casework.routing import wants
from casework.staff import workers
from casework.store import Case, Message, Worker
from desk.access import holds, may_move
from desk.lists import HIGH, Filter, asked, duty, grouped, wanted_by
from desk.office import Office
from desk.packet import Packet
from desk.render import render
from desk.verbs import hold, noted
from desk.words import words


@dataclass(frozen=True)
class Part:
    """`version` tells two drawings apart without comparing them."""

    id: str
    html: Markup
    version: str


def title(office: Office, parts: Mapping[str, Part] | None = None) -> str:
    """Neutral, with the number of cases that wait, and a sign while an emergency waits or this conversation rings."""
    waiting = [row for row in office.board.rows() if row.case.state == "waiting"]
    rings = bool(parts and parts["ring"].html.strip())
    alert = words()["alert"] if rings or any(row.case.urgency == "emergency" for row in waiting) else ""
    count = f"({len(waiting)}) " if waiting else ""
    return f"{alert}{count}{words()['title']}"


def queue_part(office: Office, request: Request, worker: Worker, current: Case | None = None) -> Part:
    """Beside a conversation the whole queue, on its own page as far as it was asked for."""
    now = office.store.clock()
    chosen = Filter() if current else asked(request.query_params)
    groups = grouped(worker, office.board.rows(), chosen, now)
    listed = [row for rows in groups.values() for row in rows]
    on_duty = {row.case.ref: duty(row, now) for row in listed if row.case.state == "waiting"}
    wanted = {row.case.ref: wanted_by(row) for row in listed}
    ref = current.ref if current else None
    names = office.library.regions
    return _part(office, request, "queue", groups=groups, current=ref, on_duty=on_duty, wanted=wanted, places=names)


def case_parts(
    office: Office, request: Request, worker: Worker, case: Case, said: Sequence[Message], page: Packet
) -> tuple[Part, ...]:
    """Everything beside the transcript of one conversation; `page` is the packet of what was said."""
    why = hold(office, worker, case)
    staff = workers(office.store)
    others = [one for one in staff if one.id != case.worker_id]
    names = {one.id: one.name for one in staff}
    return (
        _part(office, request, "ring", ring=ringing(page, said)),
        _part(
            office,
            request,
            "controls",
            case=case,
            mine=holds(worker, case),
            may_move=may_move(worker, case),
            others=others,
            asked=names.get(case.offered_to) if case.offered_to else None,
            turned_down=turned_down(office, case),
            same=siblings(office.store, case),
            is_erased=why == "erased",
            is_asked=case.offered_to == worker.id,
            wanted=wants(case, next((one.text for one in reversed(said) if one.sender == "family"), "")),
            places=office.library.regions,
        ),
        _part(office, request, "hold", why=why, case=case),
        _part(office, request, "typing", writes=office.writing.writes(case.conversation, "family")),
        _part(office, request, "packet", packet=page),
        _part(office, request, "notes", notes=noted(office, worker, case)),
    )


def turned_down(office: Office, case: Case) -> str | None:
    """Who did not take over what its holder asked them to, until the case moves on."""
    moved = [one for one in events(office.store, case.ref) if one.kind in (*MOVED, "offered", "declined")]
    last = moved[-1] if moved else None
    is_answer = last is not None and last.kind == "declined" and last.worker != case.worker_name
    return last.worker if last and is_answer and case.state == "active" else None


def ringing(page: Packet, said: Sequence[Message]) -> tuple[Any, ...]:
    """High risks that no worker has written after."""
    answered = max((message.seq for message in said if message.sender == "worker"), default=0)
    return tuple(risk for risk in page.risks if risk.level in HIGH and risk.seq > answered)


def message_html(office: Office, request: Request, ref: str, message: Message) -> str:
    return render(request, "_message.html", ref=ref, message=message, now=office.store.clock())


def _part(office: Office, request: Request, name: str, **context: Any) -> Part:
    html = render(request, f"_{name}.html", now=office.store.clock(), **context)
    return Part(name, Markup(html), sha256(html.encode()).hexdigest()[:12])
