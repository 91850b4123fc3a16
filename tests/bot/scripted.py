"""A Rasa that says what the test tells it, over a real ledger file; shared by the tests of the front door."""

import asyncio
import json

import httpx
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.dialogue import Dialogue
from bot.timing import Timing
from casework.ledger import messages

FAST = Timing(
    quiet=0.03,
    longest_quiet=0.2,
    away=0.25,
    trouble=0.5,
    first_pause=0.02,
    longest_pause=0.05,
    poll=0.05,
    alive=0.2,
    sweep=0.1,
)
UNHURRIED = Timing(
    quiet=0.03,
    longest_quiet=0.2,
    away=60,
    trouble=90,
    first_pause=0.02,
    longest_pause=0.05,
    poll=0.05,
    alive=0.2,
    sweep=0.1,
)
TURN = {
    "child": 1,
    "topics": [],
    "asking": None,
    "options": [],
    "facts": {},
    "partial": {},
    "evidence": {},
    "results": [],
    "safety": {"level": "none", "kinds": []},
    "handoff": None,
    "done": False,
    "sources": [],
}


def turn(**changes):
    return TURN | changes


def answer(*texts, buttons=(), **changes):
    """The JSON of one turn."""
    lines = [{"text": text, "buttons": []} for text in texts or ("嗯，我在听。",)]
    lines[-1]["buttons"] = list(buttons)
    return {"messages": lines, "turn": turn(**changes)}


class ScriptedRasa:
    """Answers with the next step of `script` (a body, a status or a coroutine function), then with a plain turn."""

    def __init__(self):
        self.asked, self.script, self.at_once, self.most_at_once = [], [], {}, 0
        app = Starlette(routes=[Route("/webhooks/tongxing/webhook", self.hear, methods=["POST"])])
        self.transport = httpx.ASGITransport(app)

    def dialogue(self, timeout=5.0):
        return Dialogue("http://rasa", timeout, self.transport)

    async def hear(self, request):
        body = await request.json()
        self.asked.append(body)
        sender = body["sender"]
        self.at_once[sender] = self.at_once.get(sender, 0) + 1
        self.most_at_once = max(self.most_at_once, self.at_once[sender])
        try:
            step = self.script.pop(0) if self.script else answer()
            step = await step() if callable(step) else step
            await asyncio.sleep(0)
            return Response(status_code=step) if isinstance(step, int) else JSONResponse(step)
        finally:
            self.at_once[sender] -= 1


class DeadRasa(httpx.AsyncBaseTransport):
    async def handle_async_request(self, request):
        raise httpx.ConnectError("refused")


async def until(is_so, patience=10.0):
    """Wait for what must come; the patience only ends a test that has failed."""
    for _ in range(int(patience / 0.01)):
        found = is_so()
        if found:
            return found
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")


def said(store, conversation_id, sender=None):
    found = messages(store, conversation_id)
    return [message.text for message in found if sender in (None, message.sender)]


def events(stream):
    """The messages of a text/event-stream."""
    return [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: ")]
