"""Measure intents, topics and scope on sentences that training never sees, with the trained model.

    uv run python benchmarks/understanding.py [--first]

The second held-out sets by default, the first (which are for development) with `--first`. Prints the macro-F1 and
accuracy of intents, as they are named and with the questions about one entitlement taken as one act; the top-three
rate; any-match of topics, clean and with one character in ten replaced by one that sounds the same; what becomes of
messages in and out of scope; and how many matters beside the entitlements are found, at both bars of their answer, and
how many of the other sentences are taken for one. No server is needed.
"""

from __future__ import annotations

import asyncio
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pypinyin import lazy_pinyin

from actions.base import the_library
from actions.clarify import SURE, SURE_OF
from actions.lines import ANSWERS
from actions.plainly import LIKELY, SURELY
from bot.train import ensure_model
from bot.training import quiet

HELD_OUT = Path(__file__).parents[1] / "tests" / "nlu"
REPLACED, SEED = 0.1, 7
# The rows of GB 2312 that hold the 3,755 common characters.
COMMON_ROWS, CELLS = range(0xB0, 0xD8), range(0xA1, 0xFF)
# Acts whose answer speaks of entitlements.
POLICY = {*ANSWERS, "ask_eligibility", "show_results", "ask_basis"}


def main() -> None:
    quiet()
    from rasa.core.agent import Agent

    agent, loop = Agent.load(ensure_model()), asyncio.new_event_loop()

    def parse(text: str) -> dict[str, Any]:
        return dict(loop.run_until_complete(agent.parse_message(text)))

    ending = ".yml" if "--first" in sys.argv else "_second.yml"
    intents = read(f"heldout{ending}")
    parsed = [(each, parse(each["text"])) for each in intents]
    _tell_intents(parsed)
    for name, inside in (("in scope", True), ("out of scope", False)):
        chosen = [got for each, got in parsed if (each["intent"] != "out_of_scope") is inside]
        _tell_shares(name, [_band(got) for got in chosen])
    topics = read(f"topics_heldout{ending}")
    clean = _tell_topics("topics", topics, parse)
    heard = _tell_topics("topics by ear", [{**each, "text": by_ear(each["text"])} for each in topics], parse)
    print(f"fall by ear: {100 * (clean - heard):.1f} points")
    _tell_matters([(each["matter"], parse(each["text"])) for each in read("matters_heldout.yml")], [*parsed])


def _tell_intents(parsed: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]) -> None:
    pairs = [(each["intent"], got["intent"]["name"]) for each, got in parsed]
    in_three = sum(each["intent"] in [one["name"] for one in got["intent_ranking"][:3]] for each, got in parsed)
    print(f"intents: {len(pairs)} sentences, in the top three {in_three / len(pairs):.3f}")
    for name, told in (("by name", pairs), ("one act for all questions", [(act(a), act(b)) for a, b in pairs])):
        right = sum(wanted == got for wanted, got in told)
        acts = len({wanted for wanted, _ in told})
        print(f"  {name} ({acts}): macro-F1 {macro_f1(told):.3f}, accuracy {right / len(told):.3f}")


def act(intent: str) -> str:
    return "ask" if intent in ANSWERS else intent


def _tell_shares(name: str, kinds: Sequence[str]) -> None:
    counts = Counter(kinds)
    print(f"{name}: " + ", ".join(f"{kind} {count / len(kinds):.3f}" for kind, count in sorted(counts.items())))


def _tell_topics(name: str, topics: Sequence[Mapping[str, Any]], parse: Callable[[str], Mapping[str, Any]]) -> float:
    hits = Counter(topic_of(each, parse(each["text"])) for each in topics)
    found = (hits["first right"] + hits["any right"]) / len(topics)
    counts = ", ".join(f"{kind} {count}" for kind, count in sorted(hits.items()))
    print(f"{name}: {len(topics)} sentences, any-match {found:.3f} ({counts})")
    return found


def _tell_matters(
    asked: Sequence[tuple[str, Mapping[str, Any]]], others: Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]
) -> None:
    first = sum(bool(got["matters"]) and got["matters"][0]["id"] == wanted for wanted, got in asked)
    print(f"matters: {len(asked)} sentences, first right {first / len(asked):.3f}")
    for bar in (LIKELY, SURELY):
        named = [(wanted, _matter(got, bar)) for wanted, got in asked]
        right = sum(wanted == name for wanted, name in named) / len(named)
        wrong = sum(name is not None and wanted != name for wanted, name in named) / len(named)
        taken = sum(_matter(got, bar) is not None for _, got in others) / len(others)
        print(f"  from {bar}: right {right:.3f}, wrong {wrong:.3f}; of other sentences taken for one {taken:.3f}")


def _matter(got: Mapping[str, Any], bar: float) -> str | None:
    return next((str(one["id"]) for one in got["matters"] if one["score"] >= bar), None)


def read(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((HELD_OUT / name).read_text(encoding="utf-8")))


def _band(got: Mapping[str, Any]) -> str:
    """What becomes of a message: declined, one clarification, a policy spoken of, or another act answered."""
    intent = got["intent"]["name"]
    reading = got.get("reading") or {}
    heard = reading.get("facts") or reading.get("partial")
    if got["out_of_scope"]:
        return "declined"
    if got["intent"]["confidence"] < SURE_OF.get(intent, SURE) and not heard:
        return "clarified"
    words = the_library().words
    is_general = f"any_{intent}" in words and re.search(words["any_about"], got["text"])
    if intent in ANSWERS and not got["topics"] and not is_general:
        return "asked which"
    return "policy" if intent in POLICY else "other act"


def topic_of(each: Mapping[str, Any], got: Mapping[str, Any]) -> str:
    named = [one["id"] for one in got["topics"]]
    if not named:
        return "none"
    return "first right" if named[0] in each["topics"] else "any right" if set(named) & set(each["topics"]) else "wrong"


def by_ear(text: str) -> str:
    """The text with one Chinese character in ten replaced by a common one of the same sound."""
    chance, signs = random.Random(f"{SEED}{text}"), list(text)
    same = _same_sound()
    places = [place for place, sign in enumerate(text) if same.get(lazy_pinyin(sign)[0])]
    # Whole characters, so that short sentences are hit as often as long ones.
    count = int(REPLACED * len(places) + chance.random())
    for place in chance.sample(places, count):
        others = [sign for sign in same[lazy_pinyin(text[place])[0]] if sign != text[place]]
        signs[place] = chance.choice(others or [text[place]])
    return "".join(signs)


@cache
def _same_sound() -> Mapping[str, Sequence[str]]:
    sounds: dict[str, list[str]] = defaultdict(list)
    for sign in b"".join(bytes([row, cell]) for row in COMMON_ROWS for cell in CELLS).decode("gb2312", "ignore"):
        sounds[lazy_pinyin(sign)[0]].append(sign)
    return dict(sounds)


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for wanted, got in pairs:
        counts[wanted]["tp" if wanted == got else "fn"] += 1
        if wanted != got:
            counts[got]["fp"] += 1
    scores = [2 * each["tp"] / max(1, 2 * each["tp"] + each["fp"] + each["fn"]) for each in counts.values()]
    return sum(scores) / len(scores)


if __name__ == "__main__":
    main()
