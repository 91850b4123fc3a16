"""The pieces of a page that stay live: drawn once with the page, and again whenever they change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from markupsafe import Markup
from starlette.requests import Request

from casework.queue import Queued
from casework.staff import workers
from casework.store import Case, Message, Worker
from desk.access import holds, in_order, is_senior, may_move
from desk.office import Office
from desk.packet import Packet
from desk.render import render
from desk.verbs import hold, noted
from desk.words import words

HIGH = ("urgent", "emergency")


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
    rows = {row.case.ref: row for row in office.board.rows()}
    ordered = [rows[case.ref] for case in in_order(worker, [row.case for row in rows.values()])]
    groups: dict[str, list[Queued]] = {
        "waiting": [row for row in ordered if row.case.state == "waiting"],
        "mine": [row for row in ordered if holds(worker, row.case)],
    }
    if is_senior(worker):
        groups["others"] = [row for row in ordered if row.case.state == "active" and not holds(worker, row.case)]
    ref = current.ref if current else None
    return _part(office, request, "queue", groups=groups, current=ref)


def case_parts(
    office: Office, request: Request, worker: Worker, case: Case, said: Sequence[Message], page: Packet
) -> tuple[Part, ...]:
    """Everything beside the transcript of one conversation; `page` is the packet of what was said."""
    why = hold(office, worker, case)
    others = [one for one in workers(office.store) if one.id != case.worker_id]
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
        ),
        _part(office, request, "hold", why=why, case=case),
        _part(office, request, "packet", packet=page),
        _part(office, request, "notes", notes=noted(office, worker, case)),
    )


def ringing(page: Packet, said: Sequence[Message]) -> tuple[Any, ...]:
    """High risks that no worker has written after."""
    answered = max((message.seq for message in said if message.sender == "worker"), default=0)
    return tuple(risk for risk in page.risks if risk.level in HIGH and risk.seq > answered)


def message_html(office: Office, request: Request, ref: str, message: Message) -> str:
    return render(request, "_message.html", ref=ref, message=message, now=office.store.clock())


def _part(office: Office, request: Request, name: str, **context: Any) -> Part:
    html = render(request, f"_{name}.html", now=office.store.clock(), **context)
    return Part(name, Markup(html), sha256(html.encode()).hexdigest()[:12])
