"""The web chat and its JSON: conversations are opened with a token and with nothing else."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.errors import Refused
from bot.gateway import FAMILY_ID, Gateway
from bot.limits import Limit, Rate
from bot.protect import shown_safety
from bot.words import words
from casework.ledger import by_token, find, start
from casework.reveal import for_family
from casework.store import Conversation, Message

HERE = Path(__file__).parent
COOKIE = "key"
# As long as an idle conversation is kept: whoever comes back in a week should find the caseworker's answer.
COOKIE_SECONDS = 30 * 24 * 3600
LARGEST_BODY = 512 * 1024
ALL = 100_000

templates = Jinja2Templates(directory=HERE / "templates")


class WebChat:
    """The routes of the web channel; limits live as long as the process."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self._speaking = Limit(Rate(at_once=60, a_second=2), "too_fast")
        # A school or a village may share one address.
        self._opening = Limit(Rate(at_once=60, a_second=1), "too_many")

    def routes(self) -> list[Route | Mount]:
        one = "/api/conversations/{conversation}"
        return [
            Route("/", self.page, methods=["GET"]),
            Route("/api/conversations", self.open, methods=["POST"]),
            Route(one, self.erase, methods=["DELETE"]),
            Route(f"{one}/messages", self.read, methods=["GET"]),
            Route(f"{one}/messages", self.write, methods=["POST"]),
            Route(f"{one}/stream", self.stream, methods=["GET"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ]

    async def page(self, request: Request) -> Response:
        """Says whether this browser has a conversation, shows none of it until it is asked for."""
        held = await asyncio.to_thread(by_token, self.gateway.store, request.cookies.get(COOKIE, ""))
        context = {"page": words()["page"], "conversation": held.id if held else ""}
        return templates.TemplateResponse(request, "chat.html", context)

    async def open(self, request: Request) -> Response:
        address = request.client.host if request.client else ""
        # A proxy that hides addresses, a test, a benchmark: all of them come from this machine.
        if address not in ("127.0.0.1", "::1"):
            self._opening.take(address)
        held, token = await asyncio.to_thread(start, self.gateway.store)
        answer = JSONResponse({"conversation": held.id, "token": token}, status_code=201)
        secure = request.url.scheme == "https"
        answer.set_cookie(COOKIE, token, max_age=COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure)
        return answer

    async def write(self, request: Request) -> Response:
        held = await self._own(request)
        body = await _body(request)
        client_id, text = body.get("client_id"), body.get("text")
        if not isinstance(client_id, str) or not isinstance(text, str) or not 0 < len(client_id) <= FAMILY_ID:
            raise Refused(422, "wrong_fields")
        self._speaking.take(held.id)
        message = await self.gateway.receive(held.id, client_id, text)
        return JSONResponse({"seq": message.seq}, status_code=202)

    async def read(self, request: Request) -> Response:
        held = await self._own(request)
        after = _after(request.query_params.get("after"))
        said = await asyncio.to_thread(for_family, self.gateway.store, held.id, after, ALL)
        # Read again: the holder must not be older than the messages.
        now = await asyncio.to_thread(find, self.gateway.store, held.id) or held
        return JSONResponse({"messages": [shown(message) for message in said], "holder": now.holder})

    async def stream(self, request: Request) -> Response:
        held = await self._own(request)
        after = _after(request.headers.get("last-event-id") or request.query_params.get("after"))
        headers = {"X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(held.id, after), media_type="text/event-stream", headers=headers)

    async def _events(self, conversation_id: str, after: int) -> AsyncIterator[str]:
        with self.gateway.metrics.streams.track_inprogress():
            yield "retry: 2000\n\n"
            async for new in self.gateway.watch(conversation_id, after):
                for message in new:
                    yield f"id: {message.seq}\ndata: {json.dumps(shown(message), ensure_ascii=False)}\n\n"
                if not new:
                    yield ": alive\n\n"

    async def erase(self, request: Request) -> Response:
        held = await self._own(request)
        done = await self.gateway.erase(held.id)
        line = words()["system"]["erased" if done.erased else f"kept_{done.kept}"]
        answer = JSONResponse({"erased": done.erased, "kept": done.kept, "text": line})
        answer.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return answer

    async def _own(self, request: Request) -> Conversation:
        """Raises: Refused 401 without a known token, 404 with the token of another conversation."""
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        token = bearer.strip() if scheme.lower() == "bearer" else request.cookies.get(COOKIE, "")
        held = await asyncio.to_thread(by_token, self.gateway.store, token) if token else None
        if held is None:
            raise Refused(401, "no_key")
        if held.id != request.path_params["conversation"]:
            raise Refused(404, "not_found")
        return held


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


def _after(given: str | None) -> int:
    if not given:
        return 0
    if not re.fullmatch(r"-?[0-9]{1,11}", given):
        raise Refused(422, "wrong_after")
    return max(0, int(given))


async def _body(request: Request) -> dict[str, Any]:
    """Raises: Refused 413 when it is larger than any message, 400 when it is not JSON, 422 when it is no object."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refused(413, "too_big")
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Refused(400, "malformed") from None
    if not isinstance(given, dict):
        raise Refused(422, "wrong_fields")
    return given
