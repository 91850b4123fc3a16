"""Pages to print: one that the family carries to an office, one slip for the office itself. Each with a QR code."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from casework.casefile import casefile
from casework.errors import NotFound
from casework.events import log_of
from casework.ledger import messages
from casework.rules import rules
from casework.store import Message
from desk import verbs
from desk.live import ALL
from desk.office import Office
from desk.qr import svg
from desk.render import page
from desk.words import words

# What of the conversation may be carried to an office; made in bot/slip.py, which the desk does not import.
MakeSlip = Callable[[Sequence[Message]], Any]


class Papers:
    """Nothing here names a person, an offence or an illness."""

    def __init__(self, office: Office, make_slip: MakeSlip, public_url: str) -> None:
        self._office, self._make_slip, self._public_url = office, make_slip, public_url

    def routes(self) -> list[Route]:
        return [
            Route("/cases/{ref}/paper", self.paper, methods=["GET"], name="paper"),
            Route("/cases/{ref}/referrals/{number}", self.referral, methods=["GET"], name="referral"),
        ]

    async def paper(self, request: Request) -> Response:
        return await asyncio.to_thread(self._paper, request)

    def _paper(self, request: Request) -> Response:
        """Of this conversation alone: what another about the same child said is on its own paper."""
        office, worker = self._office, request.state.visitor.worker
        case = verbs.read(office, worker, request.path_params["ref"], "paper.printed")
        slip = self._make_slip(messages(office.store, case.conversation, limit=ALL))
        site = self._public_url or f"{request.url.scheme}://{request.url.netloc}"
        codes = [_code(site, entry.id) for entry in slip.entries] if slip else []
        return page(request, "paper.html", case=case, slip=slip, codes=codes, now=office.store.clock())

    async def referral(self, request: Request) -> Response:
        return await asyncio.to_thread(self._referral, request)

    def _referral(self, request: Request) -> Response:
        office, worker = self._office, request.state.visitor.worker
        case = verbs.read(office, worker, request.path_params["ref"], "referral.printed")
        file = casefile(log_of(office.store, case.ref))
        sent = next((one for one in file.referrals if one.number == request.path_params["number"]), None)
        if sent is None:
            raise NotFound("referral")
        number = f"{case.ref}-{sent.number}"
        due = [
            matter.at for matter in file.matters.values() if matter.what == "receipt" and matter.about == sent.number
        ]
        return page(
            request,
            "referral.html",
            case=case,
            sent=sent,
            number=number,
            band=file.child.get("band"),
            receipt_by=due[0] if due else None,
            answer_days=next(rule["days"][0] for rule in rules("followup")["plan"] if rule["what"] == "answer"),
            lists={name: rules(name) for name in ("child", "referrals")},
            code=svg(number, words()["qr"]["number"]),
            now=office.store.clock(),
        )


def _code(site: str, policy: str) -> Markup:
    """Whoever scans it reads the public page of the entitlement, with clauses and check dates."""
    return svg(f"{site}/policies/{policy}", words()["qr"]["policy"])
