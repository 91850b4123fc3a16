"""The second factor: asked for after the password, set up and taken away by its owner."""

from __future__ import annotations

import asyncio

from itsdangerous import BadSignature
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from casework.errors import TooManyTries
from casework.second_factor import address, check_code, new_secret, turn_off, turn_on
from casework.staff import audit, worker
from casework.store import Worker
from desk.access import lacks_second
from desk.given import fields, open_fields
from desk.office import Office
from desk.paths import link
from desk.qr import svg
from desk.render import page
from desk.session import begin, remember
from desk.words import words

# Seconds between password and code, and for setting it up.
PATIENCE = 600
ASKED, SETTING_UP = "desk-code", "desk-second"
GROUP = 4


class SecondFactor:
    """Nothing is kept between two steps: a sealed ticket in the form says how far they came."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def routes(self) -> list[Route]:
        return [
            Route("/login/code", self.sign_in, methods=["POST"], name="login_code"),
            Route("/second", self.shown, methods=["GET"], name="second"),
            Route("/second", self.change, methods=["POST"]),
        ]

    async def sign_in(self, request: Request) -> Response:
        given = await open_fields(request)
        member = await asyncio.to_thread(self._asked, given.get("ticket", ""))
        if member is None:
            return RedirectResponse(link(request, "login"), status_code=303)
        try:
            good = await asyncio.to_thread(check_code, self._office.store, member.id, given.get("code", ""))
        except TooManyTries:
            return ask_code(self._office, request, member, 429, words()["sign_in"]["locked"])
        if not good:
            return ask_code(self._office, request, member, 401, words()["sign_in"]["wrong_code"])
        return await welcome(self._office, request, member)

    def _asked(self, ticket: str) -> Worker | None:
        """Who has given the right password a moment ago."""
        try:
            worker_id, epoch = self._office.seal.loads(ticket, max_age=PATIENCE, salt=ASKED)
        except BadSignature:
            return None
        member = worker(self._office.store, worker_id)
        return member if member and member.session_epoch == epoch else None

    async def shown(self, request: Request) -> Response:
        return self._page(request, new_secret())

    def _page(self, request: Request, secret: str, status: int = 200, line: str | None = None) -> Response:
        member = request.state.visitor.worker
        ticket = self._office.seal.dumps([member.id, secret], salt=SETTING_UP)
        given = {
            "ticket": ticket,
            "groups": [secret[at : at + GROUP] for at in range(0, len(secret), GROUP)],
            "picture": svg(address(secret, str(member.id), "Tongxing"), words()["second_picture"]),
        }
        must = lacks_second(member)
        return page(
            request, "second.html", status, line=line, codes=(), must=must, **({} if member.has_second else given)
        )

    async def change(self, request: Request) -> Response:
        given = await fields(request)
        member, store = request.state.visitor.worker, self._office.store
        if member.has_second:
            return await self._turn_off(request, member, given.get("code", ""))
        try:
            worker_id, secret = self._office.seal.loads(given.get("ticket", ""), max_age=PATIENCE, salt=SETTING_UP)
        except BadSignature:
            worker_id, secret = None, ""
        codes = None
        if worker_id == member.id:
            codes = await asyncio.to_thread(turn_on, store, member.id, secret, given.get("code", ""))
        if codes is None:
            return self._page(request, secret or new_secret(), 422, words()["sign_in"]["wrong_code"])
        await asyncio.to_thread(audit, store, member.id, "second_factor_on", "desk")
        await self._begin_again(request, member)
        answer = page(request, "second.html", line=None, codes=codes)
        remember(self._office, request, answer)
        return answer

    async def _turn_off(self, request: Request, member: Worker, code: str) -> Response:
        """Only for who has it in hand: a desk left open must not be enough."""
        store = self._office.store
        try:
            good = await asyncio.to_thread(check_code, store, member.id, code)
        except TooManyTries:
            return self._page(request, "", 429, words()["sign_in"]["locked"])
        if not good:
            return self._page(request, "", 422, words()["sign_in"]["wrong_code"])
        await asyncio.to_thread(turn_off, store, member.id)
        await asyncio.to_thread(audit, store, member.id, "second_factor_off", "desk")
        await self._begin_again(request, member)
        answer = RedirectResponse(link(request, "second"), status_code=303)
        remember(self._office, request, answer)
        return answer

    async def _begin_again(self, request: Request, member: Worker) -> None:
        """All sessions that were begun before are over."""
        changed = await asyncio.to_thread(worker, self._office.store, member.id)
        assert changed is not None
        await asyncio.to_thread(begin, self._office, request, changed)


def ask_code(office: Office, request: Request, member: Worker, status: int = 200, line: str | None = None) -> Response:
    """The page between password and desk."""
    ticket = office.seal.dumps([member.id, member.session_epoch], salt=ASKED)
    return page(request, "code.html", status, line=line, ticket=ticket)


async def welcome(office: Office, request: Request, member: Worker) -> Response:
    """Signed in."""
    await asyncio.to_thread(audit, office.store, member.id, "signed_in", "desk")
    answer = RedirectResponse(link(request, "password" if member.must_change else "queue"), status_code=303)
    await asyncio.to_thread(begin, office, request, member)
    remember(office, request, answer)
    return answer
