"""Signing in and out, and the password."""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from casework.errors import TooManyTries, WeakPassword
from casework.staff import SHORTEST_PASSWORD, audit, change_password, check_password, end_sessions
from desk.given import fields, open_fields
from desk.office import Office
from desk.paths import link
from desk.render import page
from desk.second import ask_code, welcome
from desk.session import begin, came_from, forget, recognise, remember
from desk.words import words


class Signing:
    """The only pages that open to strangers are here."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        return [
            Route("/login", self.ask, methods=["GET"], name="login"),
            Route("/login", self.sign_in, methods=["POST"]),
            Route("/logout", self.sign_out, methods=["POST"], name="logout"),
            Route("/logout/everywhere", self.sign_out_everywhere, methods=["POST"], name="logout_everywhere"),
            Route("/password", self.ask_password, methods=["GET"], name="password"),
            Route("/password", self.change, methods=["POST"]),
        ]

    async def ask(self, request: Request) -> Response:
        if await asyncio.to_thread(recognise, self._office, request, False):
            return RedirectResponse(link(request, "queue"), status_code=303)
        return page(request, "login.html", line=None, name="")

    async def sign_in(self, request: Request) -> Response:
        given = await open_fields(request)
        name, password = given.get("name", "").strip(), given.get("password", "")
        try:
            member = await asyncio.to_thread(check_password, self._office.store, name, password, came_from(request))
        except TooManyTries:
            return page(request, "login.html", 429, line=words()["sign_in"]["locked"], name=name)
        if member is None:
            return page(request, "login.html", 401, line=words()["sign_in"]["wrong"], name=name)
        return (
            ask_code(self._office, request, member)
            if member.has_second
            else await welcome(self._office, request, member)
        )

    async def sign_out(self, request: Request) -> Response:
        await fields(request)
        return await self._left(request, "signed_out")

    async def sign_out_everywhere(self, request: Request) -> Response:
        await fields(request)
        await asyncio.to_thread(end_sessions, self._office.store, request.state.visitor.worker.id)
        return await self._left(request, "signed_out_everywhere")

    async def _left(self, request: Request, verb: str) -> Response:
        await asyncio.to_thread(audit, self._office.store, request.state.visitor.worker.id, verb, "desk")
        # Drafts lie in the browser's storage, which the next person at this machine must not find.
        clear = {"Clear-Site-Data": '"storage"'}
        answer = RedirectResponse(link(request, "login"), status_code=303, headers=clear)
        await asyncio.to_thread(forget, self._office, request, answer)
        return answer

    async def ask_password(self, request: Request) -> Response:
        return page(request, "password.html", line=None, minimum=SHORTEST_PASSWORD)

    async def change(self, request: Request) -> Response:
        given = await fields(request)
        member = request.state.visitor.worker
        old, new = given.get("old", ""), given.get("new", "")
        said = words()["sign_in"]
        status, line = 422, said["differs"]
        if new == given.get("again"):
            try:
                changed = await asyncio.to_thread(change_password, self._office.store, member.id, old, new)
                status, line = 422, said["wrong_old"]
            except WeakPassword as weak:
                changed, line = None, said["weak"].format(minimum=weak.minimum)
            except TooManyTries:
                changed, status, line = None, 429, said["locked"]
            if changed:
                await asyncio.to_thread(audit, self._office.store, member.id, "password_changed", "desk")
                answer = RedirectResponse(link(request, "queue"), status_code=303)
                await asyncio.to_thread(begin, self._office, request, changed)
                remember(self._office, request, answer)
                return answer
        return page(request, "password.html", status, line=line, minimum=SHORTEST_PASSWORD)
