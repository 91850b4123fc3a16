"""The page on which a supervisor turns the assistant off and on again."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from casework.switch import CAPABILITIES, switched_off, turn_off, turn_on
from desk.access import is_senior
from desk.errors import Refused
from desk.given import fields, text
from desk.office import Office
from desk.paths import link
from desk.render import page


class Assistant:
    """Everybody at the desk sees what is off; only a supervisor changes it."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        return [
            Route("/assistant", self.state, methods=["GET"], name="assistant"),
            Route("/assistant", self.switch, methods=["POST"]),
        ]

    async def state(self, request: Request) -> Response:
        off = await asyncio.to_thread(switched_off, self._office.store)
        may = is_senior(request.state.visitor.worker)
        return page(request, "assistant.html", off=off, capabilities=CAPABILITIES, may=may)

    async def switch(self, request: Request) -> Response:
        given = await fields(request)
        capability, turn = given.get("capability", ""), {"off": turn_off, "on": turn_on}.get(given.get("to", ""))
        if capability not in CAPABILITIES or turn is None:
            raise Refused(400, "malformed_form")
        worker = request.state.visitor.worker
        await asyncio.to_thread(turn, self._office.store, worker.id, capability, text(given, "why"))
        self._office.stir()
        return RedirectResponse(link(request, "assistant"), status_code=303)
