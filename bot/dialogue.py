"""Ask Rasa for the bot's next words; anything but a whole turn is no answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from casework.store import Draft, Message

# One Rasa process answers some 50 turns a second; a longer queue inside it would only hide the waiting.
AT_ONCE = 16
READ = 4000
BROKEN_INTO_LINES = str.maketrans({"\n": " ", "\r": " ", "\u2028": " ", "\u2029": " "})


class NoAnswer(Exception):
    """Rasa is away, too slow, or answered without a turn; `why` is fit for a log."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


@dataclass(frozen=True)
class Answer:
    """The messages of one turn and its structure; the turn is never empty."""

    drafts: tuple[Draft, ...]
    turn: Mapping[str, Any]


class Dialogue:
    """The way to Rasa's `tongxing` channel."""

    def __init__(self, url: str, timeout: float, transport: httpx.AsyncBaseTransport | None = None) -> None:
        # trust_env: a proxy of the environment must never see what a family says.
        self._client = httpx.AsyncClient(base_url=url, timeout=timeout, transport=transport, trust_env=False)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def ask(self, sender: str, waiting: Sequence[Message], level: str) -> Answer:
        """One turn for all waiting messages, one line each.

        Raises: NoAnswer.
        """
        lines = [message.text[:READ].translate(BROKEN_INTO_LINES) for message in waiting]
        metadata = {"seqs": [message.seq for message in waiting], "alarm": level}
        body = {"sender": sender, "message": "\n".join(lines), "metadata": metadata}
        async with self._turns:
            try:
                response = await self._client.post("/webhooks/tongxing/webhook", json=body)
                response.raise_for_status()
                return _answer(response.json())
            except httpx.HTTPStatusError as error:
                raise NoAnswer(f"status {error.response.status_code}") from error
            except httpx.HTTPError as error:
                raise NoAnswer(type(error).__name__) from error
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise NoAnswer(f"malformed {type(error).__name__}") from error

    async def close(self) -> None:
        await self._client.aclose()


def _answer(body: Any) -> Answer:
    turn, messages = body["turn"], body["messages"]
    if not turn or not messages:
        raise NoAnswer("empty turn")
    *earlier, last = messages
    drafts = [Draft(text=message["text"]) for message in earlier]
    buttons = tuple({"title": button["title"], "payload": button["payload"]} for button in last.get("buttons") or ())
    return Answer((*drafts, Draft(text=last["text"], buttons=buttons, turn=turn)), turn)
