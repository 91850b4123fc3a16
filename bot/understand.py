"""`tongxing understand`: what the assistant makes of each line as a first message, with no server."""

import asyncio
import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any, TextIO

from bot.train import ensure_model
from bot.training import quiet

_AT_HAND = "1"  # the number of the child a conversation begins with


def understand(lines: Iterable[str], out: TextIO, model: Path | None = None) -> int:
    """One JSON object per line on `out` and nothing else there. Exit status 0."""
    # TensorFlow, jieba and Rasa all print while they load; whatever they say belongs on standard error.
    with redirect_stdout(sys.stderr):
        parse = _parser(model or ensure_model())
        for line in lines:
            text = line.rstrip("\r\n")
            print(json.dumps(understood(text, parse(text)), ensure_ascii=False), file=out, flush=True)
    return 0


def understood(text: str, parsed: Mapping[str, Any]) -> dict[str, Any]:
    """The parse of one message in the shape of the contract."""
    reading, safety = parsed.get("reading") or {}, parsed.get("safety") or {}
    # 大的八岁，小的五岁: told one by one, and of these the first is the child at hand.
    at_hand = ((reading.get("siblings") or {}).get("told") or {}).get(_AT_HAND) or {}
    return {
        "text": text,
        "intent": parsed["intent"]["name"],
        "confidence": round(parsed["intent"]["confidence"], 4),
        "topics": [topic["id"] for topic in parsed.get("topics") or []],
        "facts": {**(reading.get("facts") or {}), **(at_hand.get("facts") or {})},
        "partial": {**(reading.get("partial") or {}), **(at_hand.get("partial") or {})},
        "safety": {"level": safety.get("level", "none"), "kinds": safety.get("kinds") or []},
        "out_of_scope": bool(parsed.get("out_of_scope")),
    }


def _parser(model: Path) -> Any:
    """The way of one text through the model, as in a conversation that has just begun."""
    quiet()
    from rasa.core.agent import Agent

    from bot.turn import for_rasa

    agent = Agent.load(model)
    loop = asyncio.new_event_loop()
    return lambda text: loop.run_until_complete(agent.parse_message(for_rasa(text)[0]))
