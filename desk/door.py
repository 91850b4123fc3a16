"""Every path is closed until somebody is recognised, and every answer carries the same headers."""

from __future__ import annotations

import asyncio

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.access import lacks_second, table
from desk.errors import Refused
from desk.gate import open_paths
from desk.office import Office
from desk.paths import is_api, link, where
from desk.rates import Limit
from desk.render import refused
from desk.session import SAFE, Visitor, came_from, carries, is_own_page, recognise

# The sign-in pages, and what they are drawn with.
OPEN = {*open_paths(), "/static/desk.css", "/static/icon.svg"}
NEVER_COUNTED = {*OPEN, "/logout", "/logout/everywhere"}
BEFORE_NEW_PASSWORD = ("/password", "/logout", "/logout/everywhere")
BEFORE_SECOND = ("/second", *BEFORE_NEW_PASSWORD)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # Not no-referrer as at the front door: browsers then send `Origin: null` with forms, which tells nothing.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


class Door:
    """ASGI middleware: puts the visitor into `request.state.visitor` or turns the request away."""

    def __init__(self, app: ASGIApp, office: Office) -> None:
        self._app, self._office = app, office
        rates = table().rates
        self._sessions, self._addresses = Limit(rates["session"]), Limit(rates["address"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive)
        visitor = await asyncio.to_thread(recognise, self._office, request, is_api(request))
        turned_away = _turned_away(request, visitor) or self._asks_too_much(request, visitor)
        if turned_away:
            await turned_away(scope, receive, sealed)
            return
        request.state.visitor = visitor
        await self._app(scope, receive, sealed)

    def _asks_too_much(self, request: Request, visitor: Visitor | None) -> Response | None:
        """What a page is drawn with and the ways in and out are never counted."""
        path = where(request)
        if visitor is None or path in NEVER_COUNTED or path.startswith("/static/"):
            return None
        address = came_from(request)
        try:
            self._sessions.take(visitor.csrf or f"token {visitor.worker.id}")
            if address:
                self._addresses.take(address)
        except Refused as error:
            request.state.visitor = visitor
            return refused(request, error)
        return None


def _turned_away(request: Request, visitor: Visitor | None) -> Response | None:
    path = where(request)
    by_token = visitor is not None and visitor.csrf is None
    changes = request.method not in SAFE and not by_token
    if changes and not is_own_page(request):
        return refused(request, Refused(403, "foreign"))
    if path in OPEN:
        return None
    # A form that stays on its page must not take the way to the sign-in page for success.
    if visitor is None and request.headers.get("x-stay"):
        return refused(request, Refused(401, "signed_out"))
    if visitor is None:
        return refused(request, Refused(401, "stranger")) if is_api(request) else _to(request, "login")
    # What a page is drawn with and worked by: the form for the new password is such a page.
    if path.startswith("/static/"):
        return None
    if visitor.worker.must_change and not by_token and path not in BEFORE_NEW_PASSWORD:
        return refused(request, Refused(403, "new_password_first")) if is_api(request) else _to(request, "password")
    if lacks_second(visitor.worker) and not by_token and path not in BEFORE_SECOND:
        return refused(request, Refused(403, "second_factor_first")) if is_api(request) else _to(request, "second")
    # The pages look for the same token in their forms.
    if changes and is_api(request) and not carries(visitor, request.headers.get("x-csrf-token")):
        return refused(request, Refused(403, "foreign"))
    return None


def _to(request: Request, name: str) -> Response:
    return RedirectResponse(link(request, name), status_code=303)
