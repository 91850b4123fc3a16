"""The outermost layer: headers that every answer carries, and one clear line when something breaks."""

from __future__ import annotations

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.words import words

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Nothing of a conversation stays in a browser that others use.
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}

# Words only: nobody is asked for a photograph of a child, and no file of a stranger is ever opened.
TAKEN = ("", "application/json", "application/x-www-form-urlencoded", "text/plain")

log = structlog.get_logger()


class Edge:
    """ASGI middleware; a mounted app's own headers win."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def sealed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        if kind(scope) not in TAKEN:
            await JSONResponse({"error": words()["errors"]["upload"]}, status_code=415)(scope, receive, sealed)
            return
        try:
            await self._app(scope, receive, sealed)
        # The traceback of a database error repeats what a family said, so only the kind of error is logged.
        except Exception as error:
            log.error("request.failed", problem=type(error).__name__, method=scope["method"])
            if not started:
                answer = JSONResponse({"error": words()["errors"]["broken"]}, status_code=500)
                await answer(scope, receive, sealed)


def kind(scope: Scope) -> str:
    """The media type of what the request brings."""
    given = Headers(scope=scope).get("content-type", "")
    return given.partition(";")[0].strip().lower()
