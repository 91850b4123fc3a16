"""The same verbs as JSON for other systems (README, "The case desk")."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from casework.cases import case as find_case
from casework.cases import cases
from casework.ledger import messages
from casework.store import Case, Message
from desk import verbs
from desk.errors import Refused
from desk.given import members, text, whole_number
from desk.live import ALL
from desk.office import Office
from desk.packet import packet

STATES = ("waiting", "active", "closed")


class Api:
    """A colleague's case is listed with who holds it, but its words stay closed."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        one = "/api/cases/{ref}"
        return [
            Route("/api/cases", self.listed, methods=["GET"]),
            Route(one, self.case, methods=["GET"]),
            Route(f"{one}/claim", self.claim, methods=["POST"]),
            Route(f"{one}/release", self.release, methods=["POST"]),
            Route(f"{one}/transfer", self.transfer, methods=["POST"]),
            Route(f"{one}/messages", self.reply, methods=["POST"], name="api_reply"),
            Route(f"{one}/draft", self.draft, methods=["POST"], name="api_draft"),
            Route(f"{one}/numbers", self.numbers, methods=["POST"], name="api_numbers"),
            Route(f"{one}/close", self.close, methods=["POST"]),
        ]

    async def listed(self, request: Request) -> Response:
        state = request.query_params.get("state", "waiting")
        if state not in STATES:
            raise Refused(422, "wrong_state")
        found = await asyncio.to_thread(cases, self._office.store, state)
        return JSONResponse({"cases": [shown(case) for case in found]})

    async def case(self, request: Request) -> Response:
        return JSONResponse(await asyncio.to_thread(self._whole, request))

    def _whole(self, request: Request) -> dict[str, Any]:
        office, worker = self._office, request.state.visitor.worker
        case = find_case(office.store, request.path_params["ref"])
        if not verbs.may_look(office, worker, case):
            return shown(case)
        verbs.read(office, worker, case.ref)
        said = messages(office.store, case.conversation, limit=ALL)
        page = asdict(packet(office.library, said))
        return {**shown(case), "packet": page, "messages": [line(message) for message in said]}

    async def claim(self, request: Request) -> Response:
        claimed = await self._do(request, verbs.claim)
        return JSONResponse({"ref": claimed.case.ref, "conversation": claimed.case.conversation, "seq": claimed.seq})

    async def release(self, request: Request) -> Response:
        return JSONResponse(shown(await self._do(request, verbs.release)))

    async def transfer(self, request: Request) -> Response:
        to = text(await members(request), "to")
        return JSONResponse(shown(await self._do(request, verbs.transfer, to)))

    async def reply(self, request: Request) -> Response:
        given = await members(request)
        message = await self._do(request, verbs.reply, text(given, "text"), text(given, "client_id"))
        return JSONResponse({"seq": message.seq})

    async def draft(self, request: Request) -> Response:
        """Kept for this worker, sent to nobody; wakes nobody, for nothing has happened."""
        given = await members(request)
        worker, ref = request.state.visitor.worker, request.path_params["ref"]
        typed = given.get("text") if given.get("text") == "" else text(given, "text")
        await asyncio.to_thread(verbs.keep, self._office, worker, ref, typed)
        return JSONResponse({"kept": True})

    async def numbers(self, request: Request) -> Response:
        given = await members(request)
        worker, ref = request.state.visitor.worker, request.path_params["ref"]
        seq, purpose = whole_number(given, "seq"), text(given, "purpose")
        whole = await asyncio.to_thread(verbs.reveal, self._office, worker, ref, seq, purpose)
        return JSONResponse({"seq": seq, "text": whole})

    async def close(self, request: Request) -> Response:
        """Without `needs_none` nobody is asked: words without a reply become a matter of today."""
        given = await members(request)
        needs_none = [whole_number(given, "needs_none")] if "needs_none" in given else []
        return JSONResponse(shown(await self._do(request, verbs.close, text(given, "outcome"), *needs_none)))

    async def _do(self, request: Request, verb: Callable[..., Any], *values: str | int) -> Any:
        worker, ref = request.state.visitor.worker, request.path_params["ref"]
        done = await asyncio.to_thread(verb, self._office, worker, ref, *values)
        self._office.stir()
        return done


def shown(case: Case) -> dict[str, Any]:
    """A case without any word of the family; times in UTC."""
    return {
        "ref": case.ref,
        "conversation": case.conversation,
        "queue": case.queue,
        "urgency": case.urgency,
        "reason": case.reason,
        "state": case.state,
        "holder": case.worker_name if case.state == "active" else None,
        "waiting_since": case.waiting_since.isoformat(),
        "opened_at": case.opened_at.isoformat(),
        "claimed_at": case.claimed_at and case.claimed_at.isoformat(),
        "closed_at": case.closed_at and case.closed_at.isoformat(),
        "outcome": case.outcome,
    }


def line(message: Message) -> dict[str, Any]:
    return {
        "seq": message.seq,
        "from": message.sender,
        "worker": message.worker,
        "text": message.text,
        "masked": message.is_masked,
        "at": message.at.isoformat(),
    }
