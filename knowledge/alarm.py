"""Danger in one message, by the one lexicon (`safety/signals.yml`); works with everything else dead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from knowledge.safety.plain import plain
from knowledge.safety.signals import LEVELS, Lexicon, Signal, lexicon
from knowledge.safety.words import safety_words

__all__ = ["KINDS", "LEVELS", "Alarm", "alarm", "safety_words", "worse"]

KINDS: Final = (
    "self_harm",
    "violence",
    "sexual_harm",
    "neglect",
    "abandonment",
    "bullying",
    "missing",
    "hunger",
    "trafficking",
    "medical",
)


@dataclass(frozen=True)
class Alarm:
    """`words` are the matched words, made plain; `calmed` says that danger words stood there and were read as harmless."""

    level: str
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    calmed: bool = False


@dataclass(frozen=True)
class _Hit:
    signal: Signal
    start: int
    end: int


def alarm(text: str) -> Alarm:
    """What the words alone say; never raises, whatever is passed."""
    if not isinstance(text, str) or not text.strip():
        return Alarm("none")
    words = lexicon()
    message = plain(text, words.simple, words.spellings)
    found = [hit for signal in words.signals for hit in _hits(signal, message)]
    if not found:
        return Alarm("none")
    kept = _unmasked(found, message, words)
    judged = [(level, hit) for hit in kept if (level := _level(hit, message, words)) != "none"]
    calmed = len(judged) < len(found) or any(level != hit.signal.level for level, hit in judged)
    if not judged:
        return Alarm("none", calmed=True)
    level = max((level for level, _ in judged), key=LEVELS.index)
    kinds = {hit.signal.kind: max(LEVELS.index(at) for at, h in judged if h.signal.kind == hit.signal.kind) for _, hit in judged}
    ordered = tuple(sorted(kinds, key=lambda kind: (-kinds[kind], KINDS.index(kind))))
    return Alarm(level, ordered, tuple(dict.fromkeys(message[hit.start : hit.end] for _, hit in judged)), calmed)


def worse(one: str, other: str) -> str:
    """The higher of two levels."""
    return max(one, other, key=LEVELS.index)


def _hits(signal: Signal, message: str) -> Iterator[_Hit]:
    return (_Hit(signal, match.start(), match.end()) for match in signal.pattern.finditer(message))


def _unmasked(hits: list[_Hit], message: str, words: Lexicon) -> list[_Hit]:
    masks = _spans(words.masks, message)
    stories = _spans(words.fiction, message)
    return [
        hit
        for hit in hits
        if not any(start < hit.end and hit.start < end for start, end in masks)
        and not (hit.signal.kind in words.fictional and any(start < hit.end and hit.start < end for start, end in stories))
    ]


def _level(hit: _Hit, message: str, words: Lexicon) -> str:
    """The signal's own level, lowered where its clause denies it or puts it in the past."""
    for lowering in words.lowerings:
        if hit.signal.kind in lowering.kinds and any(
            start < hit.end and hit.start < end for start, end in _spans(lowering.patterns, message)
        ):
            return min(lowering.to, hit.signal.level, key=LEVELS.index)
    return hit.signal.level


def _spans(patterns: tuple[re.Pattern[str], ...], message: str) -> list[tuple[int, int]]:
    return [match.span() for pattern in patterns for match in pattern.finditer(message)]
