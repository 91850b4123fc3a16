"""Danger in a conversation, laid to the message it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from desk.quotes import short
from knowledge.alarm import LEVELS, alarm

Turns = Sequence[tuple[int, Mapping[str, Any]]]
REMEMBERED = 20_000  # messages; hearing one for danger takes two milliseconds, and a page is drawn often
_remembered: dict[bytes, tuple[str, tuple[str, ...]]] = {}


@dataclass(frozen=True)
class Risk:
    """Danger heard in the family message `seq`; `by` is `words` or `model`."""

    seq: int
    level: str
    kinds: tuple[str, ...]
    by: str
    words: str


def risks(family: Mapping[int, str], turns: Turns) -> Iterator[Risk]:
    judged = dict(_judged(family, turns))
    for seq, text in family.items():
        (heard, kinds), thought = _heard(text), judged.get(seq, {})
        level = str(thought.get("level", "none"))
        if heard != "none":
            yield Risk(seq, heard, kinds, "words", short(text))
        if LEVELS.index(level) > LEVELS.index(heard):
            yield Risk(seq, level, tuple(thought.get("kinds", ())), "model", short(text))


def _heard(text: str) -> tuple[str, tuple[str, ...]]:
    """Level and kinds that the words alone say, remembered by a digest: no word of a family stays in memory."""
    key = sha256(text.encode("utf-8", "surrogatepass")).digest()
    if key not in _remembered:
        if len(_remembered) >= REMEMBERED:
            _remembered.clear()
        danger = alarm(text)
        _remembered[key] = (danger.level, danger.kinds)
    return _remembered[key]


def _judged(family: Mapping[int, str], turns: Turns) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """What the model thought of a turn, laid to the last family message before it."""
    for seq, turn in turns:
        before = [one for one in family if one < seq]
        if before and turn.get("safety"):
            yield before[-1], turn["safety"]
