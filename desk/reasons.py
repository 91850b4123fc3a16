"""Before a case is opened: why. Asked once of each worker for each case; for a locked one each time anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from desk import verbs
from desk.given import fields, text
from desk.office import Office
from desk.paths import link, root


class Reasons:
    """Where the page that asks (purpose.html) sends its answer."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        return [
            Route("/cases/{ref}/purpose", self.state, methods=["POST"], name="purpose"),
            Route("/cases/{ref}/lock", self.open_lock, methods=["POST"], name="lock"),
        ]

    async def state(self, request: Request) -> Response:
        given = await fields(request)
        return await self._go_on(request, given, verbs.state_purpose)

    async def open_lock(self, request: Request) -> Response:
        given = await fields(request)
        return await self._go_on(request, given, verbs.open_lock)

    async def _go_on(self, request: Request, given: dict[str, str], verb: Callable[..., None]) -> Response:
        worker, ref = request.state.visitor.worker, request.path_params["ref"]
        await asyncio.to_thread(verb, self._office, worker, ref, text(given, "purpose"))
        case = link(request, "case", ref=ref)
        then = root(request) + given.get("then", "")
        # Only to a page of this very case.
        return RedirectResponse(then if then == case or then.startswith(f"{case}/") else case, status_code=303)
