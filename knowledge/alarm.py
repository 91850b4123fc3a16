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
    """`words` are the matched words, made plain; `calmed`: danger words stood there and were read as harmless or past."""

    level: str
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    calmed: bool = False


@dataclass(frozen=True)
class _Hit:
    signal: Signal
    start: int
    end: int

    def touches(self, spans: list[tuple[int, int]]) -> bool:
        return any(start < self.end and self.start < end for start, end in spans)


def alarm(text: str) -> Alarm:
    """What the words alone say; never raises, whatever is passed."""
    if not isinstance(text, str) or not text.strip():
        return Alarm("none")
    words = lexicon()
    message = plain(text, words.simple, words.spellings)
    found = [_Hit(signal, *match.span()) for signal in words.signals for match in signal.pattern.finditer(message)]
    if not found:
        return Alarm("none")
    judged = [(hit, level) for hit, level in _judge(found, message, words) if level != "none"]
    calmed = len(judged) < len(found) or any(level != hit.signal.level for hit, level in judged)
    worst: dict[str, str] = {}
    for hit, level in judged:
        worst[hit.signal.kind] = worse(level, worst.get(hit.signal.kind, "none"))
    kinds = sorted(worst, key=lambda kind: (-LEVELS.index(worst[kind]), KINDS.index(kind)))
    level = worst[kinds[0]] if kinds else "none"
    return Alarm(level, tuple(kinds), tuple(dict.fromkeys(message[hit.start : hit.end] for hit, _ in judged)), calmed)


def worse(one: str, other: str) -> str:
    """The higher of two levels."""
    return max(one, other, key=LEVELS.index)


def _judge(hits: list[_Hit], message: str, words: Lexicon) -> Iterator[tuple[_Hit, str]]:
    """Each hit with its level after masks, fiction, denial and past; a masked hit counts as none."""
    masks, fiction = _spans(words.masks, message), _spans(words.fiction, message)
    lowerings = [(lowering, _spans(lowering.patterns, message)) for lowering in words.lowerings]
    for hit in hits:
        signal = hit.signal
        if hit.touches(masks) or (signal.kind in words.fictional and hit.touches(fiction)):
            yield hit, "none"
            continue
        fits = (lowering.to for lowering, spans in lowerings if signal.kind in lowering.kinds and hit.touches(spans))
        to = signal.level if signal.firm else next(fits, signal.level)
        yield hit, min(to, signal.level, key=LEVELS.index)


def _spans(patterns: tuple[re.Pattern[str], ...], message: str) -> list[tuple[int, int]]:
    return [match.span() for pattern in patterns for match in pattern.finditer(message)]
