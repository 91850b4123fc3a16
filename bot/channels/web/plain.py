"""The page without a script: forms, a short wait for the answer, and the same page again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.channels.web import form, keys
from bot.channels.web.api import ALL, erased_line
from bot.channels.web.doorway import Doorway
from bot.channels.web.page import View, draw, fill, view
from bot.errors import Refused
from bot.gateway import is_visible
from bot.protect import recent
from bot.slip import make_slip, slip_words
from bot.words import words
from casework.ledger import find
from casework.reveal import for_family
from casework.store import Conversation
from knowledge.library import Library

# Seconds; the front door's own honest line comes soon after.
PATIENCE, LOOK = 8.0, 0.1
BEGUN = 200
TALK = "/talk#now"


class Plain:
    """The routes that answer with a page."""

    def __init__(self, doorway: Doorway) -> None:
        self._doorway, self._gateway, self._store = doorway, doorway.gateway, doorway.gateway.store
        # Of forms that opened a conversation: whoever taps twice has sent both before the first brings the key.
        self._begun: dict[str, asyncio.Future[tuple[Conversation, str]]] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/", self.first, methods=["GET"]),
            Route("/talk", self.talk, methods=["GET"]),
            Route("/slip", self.slip, methods=["GET"]),
            Route("/leave", self.leave, methods=["GET", "POST"]),
            Route("/again", self.again, methods=["POST"]),
            Route("/say", self.say, methods=["POST"]),
            Route("/erase", self.erase, methods=["POST"]),
        ]

    async def first(self, request: Request) -> Response:
        """Says whether this browser has a conversation, shows none of it until it is asked for."""
        held = await keys.held_by_cookie(self._store, request)
        return draw(request, View(held.id if held else ""))

    async def talk(self, request: Request) -> Response:
        held = await self._opened(request)
        if held is None:
            return _to("/")
        answer = draw(request, await self._view(held, whole="all" in request.query_params))
        keys.keep_open(answer, request)
        return answer

    async def again(self, request: Request) -> Response:
        held = await keys.held_by_cookie(self._store, request)
        answer = _to(TALK if held else "/")
        if held and keys.is_own_page(request):
            keys.keep_open(answer, request)
        return answer

    async def say(self, request: Request) -> Response:
        """What cannot be taken comes back in the box, with the reason."""
        given: Mapping[str, str] = {}
        try:
            given = await form.fields(request)
            return await self._say(request, given)
        except Refused as error:
            held = await self._opened(request)
            shown = await self._view(held) if held else View()
            problem = words()["errors"][error.word]
            return draw(request, _with(shown, draft=form.text(given), problem=problem), error.status)

    async def _say(self, request: Request, given: Mapping[str, str]) -> Response:
        held, text, token = await keys.held_by_cookie(self._store, request), form.text(given), ""
        if not any(is_visible(sign) for sign in text):
            raise Refused(422, "empty")
        to = given.get("to") or self._opened_by(given, held)
        if to not in ("", "new") and (held is None or held.id != to):
            return draw(
                request, View(held.id if held else "", draft=text, problem=words()["page"]["state"]["gone"]), 404
            )
        if held and not to:
            return draw(request, View(held.id, draft=text, asks=True))
        if held is None or to == "new":
            held, token = await self._begin(request, given.get("once", ""))
        client_id = form.client_id(token or request.cookies[keys.KEY], given.get("once", ""), text)
        message = await self._doorway.receive(held, client_id, text)
        await self._wait(held, message.seq)
        # What stood in the box while a choice was tapped stays there; an address is no place for it.
        left = given.get("text", "") if given.get("choice") else ""
        answer = draw(request, await self._view(held, draft=left)) if left.strip() else _to(TALK)
        keys.give_key(answer, request, token) if token else keys.keep_open(answer, request)
        return answer

    async def erase(self, request: Request) -> Response:
        held = await keys.held_by_cookie(self._store, request)
        if held is None or not keys.is_own_page(request):
            return _to("/")
        done = await self._gateway.erase(held.id)
        answer = draw(request, View(notice=erased_line(done.kept)))
        keys.take_key(answer)
        return answer

    async def leave(self, request: Request) -> Response:
        """From here on nothing is shown until it is asked for, also not by going back."""
        answer = _to(words()["page"]["leave_to"]) if request.method == "GET" else Response(status_code=204)
        keys.close(answer)
        return answer

    async def slip(self, request: Request) -> Response:
        """Raises: Refused 401 for a token that is not known."""
        if "authorization" in request.headers:
            held: Conversation | None = await keys.held(self._store, request)
        else:
            held = await self._opened(request)
        if held is None:
            return _to("/")
        said = await asyncio.to_thread(recent, self._store, held.id)
        slip = await asyncio.to_thread(make_slip, Library.load(), said)
        answer = fill(request, "slip.html", {"page": words()["page"], "words": slip_words(), "slip": slip})
        keys.keep_open(answer, request)
        return answer

    async def _opened(self, request: Request) -> Conversation | None:
        return await keys.held_by_cookie(self._store, request) if keys.is_open(request) else None

    async def _view(self, held: Conversation, **more: Any) -> View:
        said = await asyncio.to_thread(for_family, self._store, held.id, 0, ALL)
        now = await asyncio.to_thread(find, self._store, held.id) or held
        return view(now, said, **more)

    async def _begin(self, request: Request, once: str) -> tuple[Conversation, str]:
        begun = self._begun.get(once) or asyncio.ensure_future(self._doorway.begin(request))
        if once:
            self._begun[once] = begun
            while len(self._begun) > BEGUN:
                del self._begun[next(iter(self._begun))]
        try:
            return await asyncio.shield(begun)
        except Refused:
            self._begun.pop(once, None)
            raise

    def _opened_by(self, given: Mapping[str, str], held: Conversation | None) -> str:
        """The conversation that this very form has opened before: it was sent again."""
        begun = self._begun.get(given.get("once", ""))
        if held is None or begun is None or not begun.done() or begun.exception():
            return ""
        return held.id if begun.result()[0].id == held.id else ""

    async def _wait(self, held: Conversation, seq: int) -> None:
        """Until it is answered or anything is said to it, for a while."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._answered(held.id, seq), PATIENCE)

    async def _answered(self, conversation_id: str, seq: int) -> None:
        while True:
            now = await asyncio.to_thread(find, self._store, conversation_id)
            # A worker may take hours; and an assistant that is off says so only now and then.
            if now is None or now.holder != "bot" or now.answered_seq >= seq:
                return
            said = await asyncio.to_thread(for_family, self._store, conversation_id, seq)
            if any(message.sender != "family" for message in said):
                return
            await asyncio.sleep(LOOK)


def _with(shown: View, **more: Any) -> View:
    return View(**{**vars(shown), **more})


def _to(address: str) -> Response:
    return RedirectResponse(address, status_code=303)
