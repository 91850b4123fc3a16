"""One page for the caseworker, made from the ledger: what is known by which words, what is open, what was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.hearing import hear
from casework.store import Message
from knowledge.alarm import HIGH


def packet(messages: Sequence[Message], turn: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """`turn` is one that is about to be said and has no seq yet.

    `{"children": [{"child", "facts": [{"id", "value", "said": [{"seq", "words"}]}], "partial", "open",
    "results": [{"id", "outcome", "missing", "because", "seq"}]}],
    "asking", "topics", "danger": [{"seq", "level", "kinds", "by": "words" | "model"}]}`.
    The words of danger are named by seq only.
    """
    turns = [(message.seq, message.turn) for message in messages if message.sender == "bot" and message.turn]
    if turn:
        turns.append((messages[-1].seq + 1 if messages else 1, turn))
    latest: Mapping[str, Any] = turns[-1][1] if turns else {}
    of_children = [(seq, each) for seq, said in turns for each in (said, *said.get("others", ()))]
    return {
        "children": [
            _child(number, of_children) for number in sorted({said.get("child", 1) for _, said in of_children})
        ],
        "asking": latest.get("asking"),
        "topics": list(latest.get("topics", [])),
        "danger": _danger(messages, turns),
    }


def _child(number: int, turns: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[str, Any]:
    own = [(seq, turn) for seq, turn in turns if turn.get("child", 1) == number]
    latest = own[-1][1]
    evidence = latest.get("evidence", {})
    results = {result["id"]: {**result, "seq": seq} for seq, turn in own for result in turn.get("results", [])}
    still_open = [fact for result in results.values() for fact in result.get("missing", [])]
    return {
        "child": number,
        "facts": [
            {"id": fact, "value": value, "said": evidence.get(fact, [])}
            for fact, value in latest.get("facts", {}).items()
        ],
        "partial": dict(latest.get("partial", {})),
        "open": [fact for fact in dict.fromkeys(still_open) if fact not in latest.get("facts", {})],
        "results": [
            {name: result.get(name) for name in ("id", "outcome", "missing", "because", "seq")}
            for result in results.values()
        ],
    }


def _danger(messages: Sequence[Message], turns: Sequence[tuple[int, Mapping[str, Any]]]) -> list[dict[str, Any]]:
    heard = [(message.seq, hear(message.text)) for message in messages if message.sender == "family"]
    by_words = [
        {"seq": seq, "level": danger.level, "kinds": list(danger.kinds), "by": danger.source}
        for seq, danger in heard
        if danger.level in HIGH
    ]
    by_model = [
        {"seq": seq, "level": safety["level"], "kinds": list(safety.get("kinds", [])), "by": "model"}
        for seq, turn in turns
        if (safety := turn.get("safety") or {}).get("level") in HIGH
    ]
    return sorted(by_words + by_model, key=lambda item: item["seq"])
