"""From the outbox to the chats: in order within a chat, and one chat never waits for another."""

from __future__ import annotations

import asyncio

import structlog
from sqlalchemy.exc import SQLAlchemyError
from telegram import Bot, LinkPreviewOptions
from telegram.error import BadRequest, Forbidden, RetryAfter

from bot.channels.telegram.calls import code, settle, wait_of
from bot.channels.telegram.speech import keyboard, shown
from bot.gateway import Gateway
from bot.logs import short_hash
from casework.delivery import LEASE
from casework.errors import NotFound
from casework.outbox import delivered, due, failed, given_up, is_owed, postponed
from casework.store import Delivery

AT_ONCE = 8
# Before the lease ends, so that no second task takes the same message.
CARRIED_WITHIN = LEASE.total_seconds() * 0.75
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

log = structlog.get_logger()


class Sender:
    """Leases what is owed and carries it. What dies with it is leased again when the lease ends."""

    def __init__(self, bot: Bot, gateway: Gateway) -> None:
        self._bot, self._store, self._metrics = bot, gateway.store, gateway.metrics
        self._poll = gateway.timing.poll
        self._bell = asyncio.Event()
        self._going: dict[tuple[str, int], asyncio.Task[None]] = {}
        # How many pieces of a long message went out before it broke: these are not sent again.
        self._out: dict[tuple[str, int], int] = {}

    def wake(self) -> None:
        self._bell.set()

    async def run(self) -> None:
        while True:
            self._bell.clear()
            owed = await self._lease()
            for delivery in owed:
                self._going[delivery.place] = asyncio.create_task(self._carry(delivery))
            if not owed:
                await self._wait()

    async def stop(self, within: float) -> None:
        await settle(list(self._going.values()), within)

    async def _lease(self) -> list[Delivery]:
        room = AT_ONCE - len(self._going)
        if not room:
            return []
        try:
            owed = await asyncio.to_thread(due, self._store, self._store.clock(), room)
        except SQLAlchemyError as error:
            log.error("telegram.outbox", problem=code(error))
            return []
        # A clock set forward ends leases too early.
        return [delivery for delivery in owed if delivery.place not in self._going]

    async def _wait(self) -> None:
        # Not wait_for: in Python 3.10 it swallows a cancellation that comes together with the bell.
        ringing = asyncio.create_task(self._bell.wait())
        try:
            await asyncio.wait({ringing}, timeout=self._poll)
        finally:
            ringing.cancel()

    async def _carry(self, delivery: Delivery) -> None:
        """Send one message and write down what became of it."""
        try:
            why = await self._outcome(delivery)
        except (SQLAlchemyError, NotFound) as error:
            # Not written down: it goes out once more when the lease ends. Erased meanwhile: nothing is owed.
            why = code(error)
        finally:
            del self._going[delivery.place]
            self._bell.set()
        self._metrics.deliveries.labels(why).inc()
        if why != "delivered":
            log.warning("telegram.not_sent", conversation=short_hash(delivery.conversation), why=why)

    async def _outcome(self, delivery: Delivery) -> str:
        store = self._store
        try:
            await asyncio.wait_for(self._send(delivery), CARRIED_WITHIN)
        except RetryAfter as error:
            await asyncio.to_thread(postponed, store, delivery, wait_of(error), "too_fast")
            return "too_fast"
        except (Forbidden, BadRequest) as error:
            why = "blocked" if isinstance(error, Forbidden) else "refused"
            await asyncio.to_thread(given_up, store, delivery, why)
            self._out.pop(delivery.place, None)
            return why
        except NotFound:
            self._out.pop(delivery.place, None)
            raise
        # The network, a wrong token, a fault of ours: later, and after a day the words behind it get their turn.
        except Exception as error:
            await asyncio.to_thread(failed, store, delivery, code(error))
            return "later"
        await asyncio.to_thread(delivered, store, delivery)
        self._out.pop(delivery.place, None)
        return "delivered"

    async def _send(self, delivery: Delivery) -> None:
        texts = shown(delivery)
        keys = keyboard(delivery)
        for place in range(self._out.get(delivery.place, 0), len(texts)):
            # Erased meanwhile, it must not arrive behind the word that everything is gone.
            if not await asyncio.to_thread(is_owed, self._store, delivery):
                raise NotFound("delivery")
            below = keys if place == len(texts) - 1 else None
            await self._bot.send_message(
                delivery.address, texts[place], reply_markup=below, link_preview_options=NO_PREVIEW
            )
            self._out[delivery.place] = place + 1
