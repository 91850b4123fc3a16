"""A Rasa that knows one family's road (road.yml) and keeps what it heard, as the tracker does."""

from pathlib import Path

import httpx
import yaml
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bot.dialogue import Dialogue
from tests.bot.scripted import answer

ROAD = yaml.safe_load(Path(__file__).with_name("road.yml").read_text(encoding="utf-8"))
STEPS = {step["said"]: step for step in ROAD}
STORY, *_ = STEPS
IN_TURN = ("topics", "asking", "results", "handoff", "done", "cards")


class RoadRasa:
    """Answers what is on the road, in any order; everything else gets one plain line."""

    def __init__(self):
        self._known = {}
        app = Starlette(routes=[Route("/webhooks/tongxing/webhook", self._hear, methods=["POST"])])
        self._transport = httpx.ASGITransport(app)

    def dialogue(self):
        return Dialogue("http://rasa", 5.0, self._transport)

    async def _hear(self, request: Request) -> JSONResponse:
        body = await request.json()
        line = body["message"].split("\n")[-1]
        return JSONResponse(self._reply(body["sender"], line, body["metadata"]["seqs"][-1]))

    def _reply(self, sender, line, seq):
        facts, partial, evidence = known = self._known.setdefault(sender, ({}, {}, {}))
        step = STEPS.get(line, {"texts": ["嗯，我在听。"]})
        for place, words in enumerate(("heard", "narrowed")):
            for fact, (value, quoted) in step.get(words, {}).items():
                known[place][fact] = value
                evidence[fact] = [{"seq": seq, "words": quoted}]
        buttons = [{"title": title, "payload": title} for title in step.get("buttons", ())]
        said = {
            name: step[name] for name in ("topics", "asking", "results", "handoff", "done", "cards") if name in step
        }
        return answer(*step["texts"], buttons=buttons, facts=facts, partial=partial, evidence=evidence, **said)
