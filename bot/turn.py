"""Rasa's input channel `tongxing`: one POST in, one structured turn out (docs/http.md).

What is answered is what was stored: a turn that the tracker store could not keep is answered as no turn at all, and
the front door says so to the family.
"""

import asyncio
import json
import os
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from typing import Any
from weakref import WeakValueDictionary

import structlog
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.state import Reply, State, load, open_state

# A story of 4,000 characters is ten minutes of typing; what is longer was pasted.
LONGEST = 4000
SENDER = re.compile(r"\S{1,128}")

log = structlog.get_logger()
Tell = Callable[[UserMessage], Awaitable[Any]]


class BadRequest(Exception):
    """A body that is not a turn; the text is one line for whoever called."""


@dataclass(frozen=True)
class Asked:
    """One request: the lines a family wrote, and their numbers in the ledger (none when called by hand)."""

    sender: str
    lines: tuple[str, ...]
    seqs: tuple[int, ...]
    metadata: Mapping[str, Any]

    def without(self, answered: Iterable[int]) -> "Asked":
        """What is left when these messages have been answered; a burst that does not match its numbers stays whole."""
        done = set(answered)
        if set(self.seqs) <= done:
            return Asked(self.sender, () if self.seqs else self.lines, (), self.metadata)
        if len(self.lines) != len(self.seqs):
            return self
        left = [(line, seq) for line, seq in zip(self.lines, self.seqs, strict=True) if seq not in done]
        return Asked(self.sender, tuple(line for line, _ in left), tuple(seq for _, seq in left), self.metadata)


def read_request(body: bytes) -> Asked:
    """Raises: BadRequest, naming the field."""
    try:
        content = json.loads(body)
    except ValueError as error:
        raise BadRequest("the body is not valid JSON") from error
    if not isinstance(content, dict):
        raise BadRequest("the body must be a JSON object")
    sender, message, metadata = content.get("sender"), content.get("message"), content.get("metadata")
    metadata = {} if metadata is None else metadata
    if not isinstance(sender, str) or not SENDER.fullmatch(sender):
        raise BadRequest("sender: must be 1 to 128 characters without spaces")
    if not isinstance(message, str):
        raise BadRequest("message: must be a string")
    if not isinstance(metadata, dict):
        raise BadRequest("metadata: must be an object")
    seqs = metadata.get("seqs") or []
    if not isinstance(seqs, list) or not all(type(seq) is int for seq in seqs):
        raise BadRequest("metadata.seqs: must be a list of whole numbers")
    return Asked(sender, tuple(message.split("\n")), tuple(seqs), metadata)


def for_rasa(text: str) -> tuple[str, bool]:
    """The text as Rasa may see it, and whether it was cut.

    A leading slash is Rasa's command syntax (`/restart` would reset the dialogue), so it becomes a full-width one.
    Half characters and NUL can be stored by no database.
    """
    clean = text.encode("utf-8", "ignore").decode().replace("\0", "")
    plain = re.sub(r"^(\s*)/", r"\1／", clean)
    return plain[:LONGEST], len(plain) > LONGEST


def compose(replies: Sequence[Reply], cut: bool = False) -> dict[str, Any]:
    """The answer to one request; `messages` is empty and `turn` null when there is nothing to answer."""
    messages = [message for reply in replies for message in reply.messages]
    turn = next((reply.turn for reply in reversed(replies) if reply.turn is not None), None)
    return {"messages": messages, "turn": {**turn, "cut": True} if turn and cut else turn}


class TurnChannel(InputChannel):
    """The only door to Rasa; it answers valid JSON whatever happens behind it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @classmethod
    def name(cls) -> str:
        return "tongxing"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "TurnChannel":
        return cls(open_state((credentials or {}).get("url") or os.environ["DATABASE_URL"]))

    def blueprint(self, on_new_message: Tell) -> Blueprint:
        routes = Blueprint("tongxing_turn")

        @routes.get("/")
        async def is_ready(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            return response.json({"ready": ready}, status=200 if ready else 503)

        @routes.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                asked = read_request(request.body)
            except BadRequest as error:
                return response.json({"error": str(error)}, status=400)
            return response.json(await self.answer(asked, on_new_message), ensure_ascii=False)

        return routes

    async def answer(self, asked: Asked, tell: Tell) -> dict[str, Any]:
        """The turn for these messages; one at a time per conversation, and never the same message twice."""
        async with self._locks.setdefault(asked.sender, asyncio.Lock()):
            try:
                return await self._answer(asked, tell)
            except SQLAlchemyError as error:
                log.error("turn.not_stored", problem=type(error).__name__)
                return compose(())

    async def _answer(self, asked: Asked, tell: Tell) -> dict[str, Any]:
        before = load(self._engine, asked.sender)
        left = asked.without(_answered(before))
        replies = [reply for reply in before.replies if set(reply.seqs) & set(asked.seqs)]
        if not left.lines:
            return compose(replies or before.replies[-1:])
        text, cut = for_rasa("\n".join(left.lines))
        await self._think(left, text, tell)
        after = load(self._engine, asked.sender)
        fresh = after.replies[-1:] if after.turns > before.turns else ()
        return compose([*replies, *fresh], cut)

    async def _think(self, asked: Asked, text: str, tell: Tell) -> None:
        metadata = {**asked.metadata, "seqs": list(asked.seqs)}
        message = UserMessage(
            text, CollectingOutputChannel(), asked.sender, input_channel=self.name(), metadata=metadata
        )
        # UserMessage strips its text; an empty first line would shift every line against its number.
        message.text = text
        try:
            await tell(message)
        # Whatever broke inside Rasa, the front door must get an answer and tell the family.
        except Exception as error:
            *_, broke = extract_tb(error.__traceback__)
            log.error("turn.failed", problem=type(error).__name__, at=f"{Path(broke.filename).name}:{broke.lineno}")


def _answered(state: State) -> Iterable[int]:
    """Every number up to the highest that has a reply: the gateway asks in order."""
    return range(max((seq for reply in state.replies for seq in reply.seqs), default=-1) + 1)
