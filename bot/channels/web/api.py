"""What the page's script and other programs call: conversations are opened with a token and with nothing else."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.channels.web import keys
from bot.channels.web.doorway import Doorway, body
from bot.errors import Refused
from bot.gateway import FAMILY_ID
from bot.protect import shown_safety
from bot.words import words
from casework.ledger import find
from casework.reveal import for_family
from casework.store import Conversation, Message

ALL = 100_000


class Api:
    """The JSON calls of docs/http.md; bot.gate has put the conversation that the token opens into `request.state`."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway, self._gateway, self._store = doorway, doorway.gateway, doorway.gateway.store

    def routes(self) -> list[Route]:
        one = "/api/conversations/{conversation}"
        return [
            Route("/api/conversations", self.open, methods=["POST"]),
            Route(one, self.erase, methods=["DELETE"]),
            Route(f"{one}/messages", self.read, methods=["GET"]),
            Route(f"{one}/messages", self.write, methods=["POST"]),
            Route(f"{one}/stream", self.stream, methods=["GET"]),
            Route(f"{one}/writing", self.writing, methods=["POST"]),
        ]

    async def open(self, request: Request) -> Response:
        held, token = await self._doorway.begin(request)
        answer = JSONResponse({"conversation": held.id, "token": token}, status_code=201)
        keys.give_key(answer, request, token)
        return answer

    async def write(self, request: Request) -> Response:
        held: Conversation = request.state.held
        given = await _json(request)
        client_id, text = given.get("client_id"), given.get("text")
        if not isinstance(client_id, str) or not isinstance(text, str) or not 0 < len(client_id) <= FAMILY_ID:
            raise Refused(422, "wrong_fields")
        message = await self._doorway.receive(held, client_id, text)
        answer = JSONResponse({"seq": message.seq}, status_code=202)
        keys.keep_open(answer, request)
        return answer

    async def read(self, request: Request) -> Response:
        held: Conversation = request.state.held
        after = _after(request.query_params.get("after"))
        said = await asyncio.to_thread(for_family, self._store, held.id, after, ALL)
        # Read again: the holder must not be older than the messages.
        now = await asyncio.to_thread(find, self._store, held.id) or held
        answer = JSONResponse({"messages": [shown(message) for message in said], "holder": now.holder})
        keys.keep_open(answer, request)
        return answer

    async def stream(self, request: Request) -> Response:
        held: Conversation = request.state.held
        after = _after(request.headers.get("last-event-id") or request.query_params.get("after"))
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(held.id, after), media_type="text/event-stream", headers=headers)

    async def writing(self, request: Request) -> Response:
        """That something is being written, for the worker who holds the conversation; never a word of it."""
        held: Conversation = request.state.held
        if held.holder == "worker":
            self._gateway.writing.begins(held.id, "family")
        return Response(status_code=204)

    async def _events(self, conversation_id: str, after: int) -> AsyncIterator[str]:
        with self._gateway.metrics.streams.track_inprogress():
            yield "retry: 2000\n\n"
            wrote = False
            async for new in self._gateway.watch(conversation_id, after):
                for message in new:
                    yield f"id: {message.seq}\ndata: {json.dumps(shown(message), ensure_ascii=False)}\n\n"
                writes = self._gateway.writing.writes(conversation_id, "worker")
                if writes != wrote:
                    wrote = writes
                    yield f"event: writing\ndata: {json.dumps(writes)}\n\n"
                elif not new:
                    yield ": alive\n\n"

    async def erase(self, request: Request) -> Response:
        held: Conversation = request.state.held
        done = await self._gateway.erase(held.id)
        answer = JSONResponse({"erased": done.erased, "kept": done.kept, "text": erased_line(done.kept)})
        keys.take_key(answer)
        return answer


def shown(message: Message) -> dict[str, Any]:
    """One message as the family sees it: safety cards are marked, workers are not named."""
    card = shown_safety(message)
    line: dict[str, Any] = {
        "seq": message.seq,
        "from": message.sender,
        "text": message.text,
        "buttons": [dict(button) for button in message.buttons],
        "turn": None if card else message.turn,
        "at": message.at.isoformat(),
    }
    if card:
        line["safety"] = card
    if message.sender == "family":
        line["client_id"] = message.client_id
    return line


def erased_line(kept: str | None) -> str:
    line: str = words()["system"][f"kept_{kept}" if kept else "erased"]
    return line


def _after(given: str | None) -> int:
    if not given:
        return 0
    if not re.fullmatch(r"-?[0-9]{1,11}", given):
        raise Refused(422, "wrong_after")
    return max(0, int(given))


async def _json(request: Request) -> dict[str, Any]:
    """Raises: Refused 413 when it is too large, 400 when it is not JSON, 422 when it is no object."""
    try:
        given = json.loads(await body(request))
    except (ValueError, RecursionError):
        raise Refused(400, "malformed") from None
    if not isinstance(given, dict):
        raise Refused(422, "wrong_fields")
    return given
