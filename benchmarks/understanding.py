"""Measure intents, topics and out-of-scope on sentences that training never sees, with the trained model.

    uv run python benchmarks/understanding.py

Prints accuracy and macro-F1 of intents, the top-3 rate, any-match of topics, and for in-scope and out-of-scope messages
how many are answered, clarified or declined by the bands of actions/clarify.py. No server is needed.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import yaml

from actions.clarify import SURE
from bot.train import ensure_model
from bot.training import quiet

HELD_OUT = Path(__file__).parents[1] / "tests" / "nlu"


def main() -> None:
    quiet()
    from rasa.core.agent import Agent

    agent, loop = Agent.load(ensure_model()), asyncio.new_event_loop()
    intents = _read("heldout.yml")
    parsed = [(each, loop.run_until_complete(agent.parse_message(each["text"]))) for each in intents]
    right = sum(each["intent"] == got["intent"]["name"] for each, got in parsed)
    in_three = sum(each["intent"] in [one["name"] for one in got["intent_ranking"][:3]] for each, got in parsed)
    total = len(parsed)
    print(f"intents: {total} sentences, accuracy {right / total:.3f}, in the top three {in_three / total:.3f}")
    print(f"macro-F1 {_macro_f1([(each['intent'], got['intent']['name']) for each, got in parsed]):.3f}")
    for name, inside in (("in scope", True), ("out of scope", False)):
        chosen = [got for each, got in parsed if (each["intent"] != "out_of_scope") is inside]
        bands = Counter(_band(got) for got in chosen)
        print(f"{name}: " + ", ".join(f"{band} {count / len(chosen):.3f}" for band, count in sorted(bands.items())))
    topics = _read("topics_heldout.yml")
    hits = Counter(_topic(each, loop.run_until_complete(agent.parse_message(each["text"]))) for each in topics)
    print(f"topics: {len(topics)} sentences, " + ", ".join(f"{name} {count}" for name, count in sorted(hits.items())))


def _read(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((HELD_OUT / name).read_text(encoding="utf-8")))


def _band(got: dict[str, Any]) -> str:
    if got["out_of_scope"]:
        return "declined"
    reading = got.get("reading") or {}
    heard = reading.get("facts") or reading.get("partial")
    return "answered" if got["intent"]["confidence"] >= SURE or heard else "clarified"


def _topic(each: dict[str, Any], got: dict[str, Any]) -> str:
    named = [one["id"] for one in got["topics"]]
    if not named:
        return "none"
    return "first right" if named[0] in each["topics"] else "any right" if set(named) & set(each["topics"]) else "wrong"


def _macro_f1(pairs: list[tuple[str, str]]) -> float:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for wanted, got in pairs:
        counts[wanted]["tp" if wanted == got else "fn"] += 1
        if wanted != got:
            counts[got]["fp"] += 1
    scores = [2 * each["tp"] / max(1, 2 * each["tp"] + each["fp"] + each["fn"]) for each in counts.values()]
    return sum(scores) / len(scores)


if __name__ == "__main__":
    main()
