"""What both ways into a conversation share, the script's and the plain form's."""

from __future__ import annotations

import asyncio

from starlette.requests import Request

from bot.errors import Refused
from bot.gateway import Gateway
from bot.limits import Limit
from casework.bucket import Rate
from casework.ledger import start
from casework.store import Conversation, Message

LARGEST_BODY = 512 * 1024


class Doorway:
    """The gateway behind limits that live as long as the process."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self._speaking = Limit(Rate(at_once=60, a_second=2), "too_fast")
        # A school or a village may share one address.
        self._opening = Limit(Rate(at_once=60, a_second=1), "too_many")

    async def begin(self, request: Request) -> tuple[Conversation, str]:
        """A new conversation and its token. Raises: Refused 429."""
        address = request.client.host if request.client else ""
        # A proxy that hides addresses, a test, a benchmark: all of them come from this machine.
        if address not in ("127.0.0.1", "::1"):
            self._opening.take(address)
        return await asyncio.to_thread(start, self.gateway.store)

    async def receive(self, held: Conversation, client_id: str, text: str) -> Message:
        """Raises: Refused, NotFound."""
        self._speaking.take(held.id)
        return await self.gateway.receive(held.id, client_id, text)


async def body(request: Request) -> bytes:
    """Raises: Refused 413 when it is larger than any message."""
    read = b""
    async for chunk in request.stream():
        read += chunk
        if len(read) > LARGEST_BODY:
            raise Refused(413, "too_big")
    return read
