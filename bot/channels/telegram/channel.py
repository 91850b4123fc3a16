"""The Telegram channel: long polling or webhook in, sender loop out."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.channels.telegram.calls import Errands, code, connections, settle, wait_of
from bot.channels.telegram.inbox import Inbox
from bot.channels.telegram.sender import AT_ONCE, Sender
from bot.gateway import Gateway
from bot.settings import WEBHOOK_PATH, Settings

ALLOWED = ["message", "edited_message", "callback_query"]
# Seconds that Telegram may keep an empty question open; proxies cut at a minute.
OPEN_FOR = 25
STOPS_WITHIN = 3.0
# An update that breaks us each time is left, or no family would be heard any more.
TRIES = 3

log = structlog.get_logger()


class Telegram:
    """Telegram keeps an update until we acknowledge it, and we do so only when it is in the ledger."""

    def __init__(self, gateway: Gateway, settings: Settings) -> None:
        self._settings, self._timing = settings, gateway.timing
        # Asking keeps a connection busy, so it has its own.
        self._ways = (connections(1), connections(AT_ONCE + 4))
        self._bot = Bot(
            settings.telegram_token,
            base_url=f"{settings.telegram_api_url}/bot",
            get_updates_request=self._ways[0],
            request=self._ways[1],
        )
        self._errands = Errands(self._timing.first_pause)
        self._inbox = Inbox(self._bot, gateway, self._errands)
        self._sender = Sender(self._bot, gateway)
        gateway.listeners.append(self._sender.wake)
        self._tasks: list[asyncio.Task[None]] = []
        self._pause = self._timing.first_pause
        self._offset: int | None = None
        self._tries = 0
        self.is_fine = False

    def routes(self) -> list[Route]:
        """The webhook, only where one is set."""
        return [Route(WEBHOOK_PATH, self.called, methods=["POST"])] if self._settings.telegram_webhook_url else []

    async def start(self) -> None:
        """Telegram may be away: we come up without it and go on asking."""
        way = self._register if self._settings.telegram_webhook_url else self._poll
        self._tasks = [asyncio.create_task(way()), asyncio.create_task(self._sender.run())]

    async def stop(self) -> None:
        await settle(self._tasks, within=0)
        await asyncio.gather(self._sender.stop(STOPS_WITHIN), self._errands.stop(STOPS_WITHIN))
        for way in self._ways:
            await way.shutdown()

    async def called(self, request: Request) -> Response:
        """One update from Telegram; any answer but 200 makes it come again."""
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        if not hmac.compare_digest(given.encode(), self._settings.telegram_webhook_secret.encode()):
            return Response(status_code=401)
        try:
            raw = json.loads(await request.body())
        except ValueError:
            return Response(status_code=400)
        if not isinstance(raw, dict):
            return Response(status_code=400)
        await self._inbox.take(raw)
        return Response()

    async def _register(self) -> None:
        url, secret = self._settings.telegram_webhook_url, self._settings.telegram_webhook_secret
        # One connection: two messages of one family must not overtake each other.
        while not await self._try(
            lambda: self._bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED, max_connections=1)
        ):
            pass

    async def _poll(self) -> None:
        while True:
            await self._try(self._ask)

    async def _ask(self) -> None:
        # Not Bot.get_updates: it writes a batch that it cannot read into the log, and gives us none of it.
        # The first question is not kept open, so that health knows at once.
        open_for = OPEN_FOR if self.is_fine else 0
        asked = {"offset": self._offset, "timeout": open_for, "allowed_updates": ALLOWED}
        try:
            batch = await self._bot.do_api_request("getUpdates", asked, read_timeout=OPEN_FOR + 10)
        except Conflict:
            # A webhook of earlier days is still set, or another program asks with our token: the first we can mend.
            await self._bot.delete_webhook()
            raise
        for raw in batch:
            await self._take(raw)
            self._offset = raw["update_id"] + 1

    async def _take(self, raw: Mapping[str, Any]) -> None:
        try:
            await self._inbox.take(raw)
        except SQLAlchemyError:
            raise
        except Exception as error:
            self._tries += 1
            if self._tries < TRIES:
                raise
            log.error("telegram.left", problem=code(error))
        self._tries = 0

    async def _try(self, call: Callable[[], Awaitable[Any]]) -> bool:
        """Make one call; after a fault wait, each time longer."""
        try:
            await call()
        except RetryAfter as error:
            await asyncio.sleep(wait_of(error).total_seconds())
            return False
        except TelegramError as error:
            self.is_fine = False
            log.warning("telegram.away", problem=code(error))
        # What was not recorded is not acknowledged either, and comes again.
        except Exception as error:
            log.error("telegram.not_recorded", problem=code(error))
        else:
            self.is_fine, self._pause = True, self._timing.first_pause
            return True
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, self._timing.longest_pause)
        return False
