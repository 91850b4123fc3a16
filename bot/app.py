"""The front door as one ASGI app: web chat and API at /, the desk at /desk, health and figures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from bot.channels.web import WebChat
from bot.dialogue import Dialogue
from bot.edge import Edge
from bot.errors import Refused
from bot.gate import guarded
from bot.gateway import Gateway
from bot.health import Health
from bot.hearing import listen_with
from bot.logs import configure
from bot.policies import routes as policy_pages
from bot.settings import Settings, load_settings
from bot.slip import make_slip
from bot.state import forget, open_state
from bot.timing import Timing
from bot.train import newest_model
from bot.waiting import watch_the_clock
from bot.words import words
from casework.erasure import replay
from casework.errors import NotFound
from casework.store import open_store
from desk.app import create_app
from knowledge.library import Library

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram


def create() -> Starlette:
    """What uvicorn calls: settings from the environment, logs to standard error."""
    settings = load_settings()
    configure(settings.log_level)
    listen_with(newest_model())
    return build(settings)


def build(settings: Settings, dialogue: Dialogue | None = None, timing: Timing | None = None) -> Starlette:
    """The app on an opened database; tests pass their own dialogue."""
    library = Library.load()
    store = open_store(settings.database_url, secret=settings.secret, journal=settings.journal)
    forgotten = partial(forget, open_state(settings.database_url))
    # Should this be an older database put back: nothing is served before it is clean.
    replay(store, forgotten)
    dialogue = dialogue or Dialogue(settings.rasa_url, settings.rasa_timeout)
    gateway = Gateway(store, dialogue, timing or Timing(settings.quiet, settings.longest_quiet), forgotten)
    health = Health(store, settings)
    chat = WebChat(gateway)
    telegram = _telegram(gateway, settings, health)

    async def healthz(request: Request) -> Response:
        parts = await health.look()
        return JSONResponse(parts, status_code=200 if parts["parts"]["database"] == "ok" else 503)

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(gateway.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await gateway.start()
        clock = asyncio.create_task(watch_the_clock(gateway))
        if telegram:
            await telegram.start()
        yield
        if telegram:
            await telegram.stop()
        clock.cancel()
        await asyncio.gather(clock, return_exceptions=True)
        await gateway.stop()
        await health.close()
        store.close()

    secure = settings.public_url.startswith("https://")
    slip = partial(make_slip, library)
    desk = create_app(
        store,
        library,
        gateway.notice,
        settings.secret,
        secure,
        make_slip=slip,
        public_url=settings.public_url,
        writing=gateway.writing,
    )
    routes = [*chat.routes(), *policy_pages(library), Route("/healthz", healthz), Route("/metrics", metrics)]
    routes += [Mount("/desk", desk)]
    routes += telegram.routes() if telegram else []
    handlers = {Refused: _refused, NotFound: _not_found, HTTPException: _http}
    app = Starlette(
        routes=guarded(routes, store), lifespan=lifespan, exception_handlers=handlers, middleware=[Middleware(Edge)]
    )
    app.state.gateway = gateway
    return app


def _telegram(gateway: Gateway, settings: Settings, health: Health) -> Telegram | None:
    """The channel, where it is on."""
    if not settings.telegram_token:
        return None
    # Half a second of imports that most installations do not need.
    from bot.channels.telegram import Telegram

    telegram = Telegram(gateway, settings)
    health.channels["telegram"] = lambda: telegram.is_fine
    return telegram


def _line(word: str, status: int) -> JSONResponse:
    return JSONResponse({"error": words()["errors"][word]}, status_code=status)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    answer = _line(error.word, error.status)
    if error.retry_after:
        answer.headers["Retry-After"] = str(error.retry_after)
    return answer


async def _not_found(request: Request, error: Exception) -> Response:
    return _line("not_found", 404)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _line({404: "not_found", 405: "wrong_method"}.get(error.status_code, "broken"), error.status_code)
