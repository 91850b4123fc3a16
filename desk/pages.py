"""The pages for people: the queue, one conversation, and what is done there."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from casework.cases import cases
from casework.errors import Unanswered
from casework.hours import unconfirmed_years
from casework.ledger import messages
from casework.notes import draft_of
from casework.rota import rota
from casework.routing import HERE
from casework.switch import switched_off
from desk import verbs
from desk.access import is_senior
from desk.daily import rest_of
from desk.given import fields, number, text
from desk.lists import asked, places
from desk.live import ALL, Watch, stream
from desk.office import Office
from desk.packet import packet
from desk.parts import case_parts, queue_part, title
from desk.paths import link
from desk.render import page
from desk.today import due_now
from desk.words import canned, words

CLOSED_SHOWN = 30


class Pages:
    """Looking is GET, doing is POST; both work without scripts."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        one = "/cases/{ref}"
        return [
            Route("/", self.queue, methods=["GET"], name="queue"),
            Route("/events", self.queue_events, methods=["GET"], name="events"),
            Route(one, self.conversation, methods=["GET"], name="case"),
            Route(f"{one}/events", self.case_events, methods=["GET"], name="case_events"),
            Route(f"{one}/claim", self.claim, methods=["POST"], name="claim"),
            Route(f"{one}/release", self.release, methods=["POST"], name="release"),
            Route(f"{one}/transfer", self.transfer, methods=["POST"], name="transfer"),
            Route(f"{one}/close", self.close, methods=["POST"], name="close"),
            Route(f"{one}/again", self.reach_again, methods=["POST"], name="again"),
            Route(f"{one}/messages", self.reply, methods=["POST"], name="reply"),
            Route(f"{one}/notes", self.note, methods=["POST"], name="note"),
            Route(f"{one}/numbers", self.numbers, methods=["POST"], name="numbers"),
        ]

    async def queue(self, request: Request) -> Response:
        return await asyncio.to_thread(self._queue, request)

    def _queue(self, request: Request) -> Response:
        worker = request.state.visitor.worker
        self._office.board.expire()
        own = None if is_senior(worker) else worker.id
        closed = cases(self._office.store, "closed", limit=CLOSED_SHOWN, worker_id=own)
        return page(
            request,
            "queue.html",
            title=title(self._office),
            queue=queue_part(self._office, request, worker),
            closed=closed,
            off=switched_off(self._office.store),
            rest=rest_of(self._office, worker),
            due=due_now(self._office, worker),
            no_rota=not rota().shifts,
            unconfirmed=unconfirmed_years(self._office.store.clock().astimezone(HERE).date()),
            chosen=asked(request.query_params),
            places=places(self._office.board.rows()),
            regions=self._office.library.regions,
            query=f"?{request.url.query}" if asked(request.query_params) else "",
            now=self._office.store.clock(),
        )

    async def conversation(self, request: Request) -> Response:
        return await asyncio.to_thread(self._conversation, request)

    def _conversation(self, request: Request) -> Response:
        office, worker = self._office, request.state.visitor.worker
        case = verbs.read(office, worker, request.path_params["ref"])
        said = messages(office.store, case.conversation, limit=ALL)
        drawn = case_parts(office, request, worker, case, said, packet(office.library, said))
        parts = {part.id: part for part in drawn}
        office.board.expire()
        return page(
            request,
            "case.html",
            title=title(office, parts),
            case=case,
            said=said,
            parts=parts,
            queue=queue_part(office, request, worker, case),
            why=verbs.hold(office, worker, case),
            draft=draft_of(office.store, case.ref, worker.id),
            canned=canned(),
            client_id=secrets.token_urlsafe(12),
            now=office.store.clock(),
        )

    async def queue_events(self, request: Request) -> Response:
        return self._stream(Watch(self._office, request, request.state.visitor.worker))

    async def case_events(self, request: Request) -> Response:
        worker, ref = request.state.visitor.worker, request.path_params["ref"]
        after = number(request.headers.get("last-event-id") or request.query_params.get("after"))
        case = await asyncio.to_thread(verbs.read, self._office, worker, ref, "case.watched")
        return self._stream(Watch(self._office, request, worker, case.ref, after))

    def _stream(self, watch: Watch) -> Response:
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(stream(self._office, watch), media_type="text/event-stream", headers=headers)

    async def claim(self, request: Request) -> Response:
        await fields(request)
        return await self._do(request, "case", verbs.claim)

    async def release(self, request: Request) -> Response:
        await fields(request)
        return await self._do(request, "queue", verbs.release)

    async def transfer(self, request: Request) -> Response:
        given = await fields(request)
        return await self._do(request, "queue", verbs.transfer, text(given, "to"))

    async def close(self, request: Request) -> Response:
        given = await fields(request)
        outcome, needs_none = text(given, "outcome"), number(given.get("needs_none"))
        if given.get("note", "").strip():
            outcome = words()["outcome_with_note"].format(outcome=outcome, note=text(given, "note"))
        try:
            closed = await self._do(request, "queue", verbs.close, outcome, needs_none)
        except Unanswered as left:
            again = {name: given[name] for name in ("outcome", "note", "agree") if given.get(name)}
            return page(request, "close.html", 409, ref=request.path_params["ref"], seq=left.seq, again=again)
        if given.get("agree") == "ask":
            await asyncio.to_thread(
                verbs.ask_agreement, self._office, request.state.visitor.worker, request.path_params["ref"]
            )
        return closed

    async def reach_again(self, request: Request) -> Response:
        await fields(request)
        worker, ref = request.state.visitor.worker, request.path_params["ref"]
        case = await asyncio.to_thread(verbs.reach_again, self._office, worker, ref)
        self._office.stir()
        return RedirectResponse(link(request, "case", ref=case.ref), status_code=303)

    async def reply(self, request: Request) -> Response:
        given = await fields(request)
        return await self._do(request, "case", verbs.reply, text(given, "text"), text(given, "client_id"))

    async def note(self, request: Request) -> Response:
        given = await fields(request)
        return await self._do(request, "case", verbs.note, text(given, "note"), text(given, "client_id"))

    async def numbers(self, request: Request) -> Response:
        """The message as it was written, in the answer to the form only: no address leads here again."""
        given = await fields(request)
        seq, purpose = number(given.get("seq")), text(given, "purpose")
        worker, ref = request.state.visitor.worker, request.path_params["ref"]
        whole = await asyncio.to_thread(verbs.reveal, self._office, worker, ref, seq, purpose)
        return page(request, "number.html", ref=ref, seq=seq, text=whole, purpose=purpose)

    async def _do(self, request: Request, then: str, verb: Callable[..., Any], *values: str | int) -> Response:
        """Carry it out, wake whoever watches, and go where the work goes on."""
        ref = request.path_params["ref"]
        await asyncio.to_thread(verb, self._office, request.state.visitor.worker, ref, *values)
        self._office.stir()
        params = {"ref": ref} if then == "case" else {}
        return RedirectResponse(link(request, then, **params), status_code=303)
