"""Danger in one message, by the one lexicon (`safety/signals.yml`); works with everything else dead."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from knowledge.safety.plain import PAUSE, clauses, plain
from knowledge.safety.signals import LEVELS, Lexicon, Signal, Span, Words, lexicon
from knowledge.safety.words import safety_words

__all__ = ["HIGH", "KINDS", "LEVELS", "Alarm", "alarm", "safety_words", "worse"]

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
# The levels at which help comes before everything else.
HIGH: Final = ("urgent", "emergency")

# Stands in no pattern.
BLANK: Final = "〇"
# Shorter than this, what is left of a clause tells nothing.
TOLD: Final = 3


@dataclass(frozen=True)
class Alarm:
    """`words` are those that matched, made plain; `calmed`: danger words were there, read as harmless or past.

    `beside`: what is told beside those and beside what calmed them. `hinted`: said by somebody who is low, no danger by
    itself.
    """

    level: str
    kinds: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    calmed: bool = False
    hinted: bool = False
    beside: str = ""


@dataclass(frozen=True)
class _Hit:
    signal: Signal
    start: int
    end: int

    def touches(self, spans: list[Span]) -> bool:
        return any(start < self.end and self.start < end for start, end in spans)


def alarm(text: str) -> Alarm:
    """What the words alone say; never raises, whatever is passed."""
    if not isinstance(text, str) or not text.strip():
        return Alarm("none")
    words = lexicon()
    message = plain(text, words.simple, words.spellings)
    hinted = bool(_spans(words.hints, message, frozenset(message)))
    found = _hits(words.signals, message)
    if not found:
        return Alarm("none", hinted=hinted)
    left = _hits(dict.fromkeys(hit.signal for hit in found), _blanked(message, words))
    judged = [(hit, level) for hit, level in _judge(left, message, words) if level != "none"]
    calmed = len(judged) < len(found) or any(level != hit.signal.level for hit, level in judged)
    worst: dict[str, str] = {}
    for hit, level in judged:
        worst[hit.signal.kind] = worse(level, worst.get(hit.signal.kind, "none"))
    kinds = sorted(worst, key=lambda kind: (-LEVELS.index(worst[kind]), KINDS.index(kind)))
    level = worst[kinds[0]] if kinds else "none"
    matched = tuple(dict.fromkeys(message[hit.start : hit.end] for hit, _ in judged))
    spared = set(found) - {hit for hit, level in judged if level == hit.signal.level}
    return Alarm(level, tuple(kinds), matched, calmed, hinted, _beside(message, spared, words) if calmed else "")


def worse(one: str, other: str) -> str:
    """The higher of two levels."""
    return max(one, other, key=LEVELS.index)


def _hits(signals: Iterable[Signal], message: str) -> list[_Hit]:
    characters = frozenset(message)
    return [_Hit(signal, *span) for signal in signals for span in signal.words.spans(message, characters)]


def _blanked(message: str, words: Lexicon) -> str:
    """The message with idioms, crimes, losses and policy words made unreadable; what stands beside them stays."""
    letters = list(message)
    for start, end in _spans((*words.masks, *words.ordinary), message, frozenset(message)):
        letters[start:end] = BLANK * (end - start)
    return "".join(letters)


def _beside(message: str, hits: Collection[_Hit], words: Lexicon) -> str:
    """What is left without these hits and whatever calms them; dictation sets no pauses between the two."""
    characters, letters = frozenset(message), list(message)
    for kind in {hit.signal.kind for hit in hits}:
        own = [hit for hit in hits if hit.signal.kind == kind]
        calming = _spans(_calming(kind, words), message, characters)
        for start, end in chain(((hit.start, hit.end) for hit in own), calming):
            if any(hit.touches([(start, end)]) for hit in own):
                letters[start:end] = PAUSE * (end - start)
    return PAUSE.join(clause for _, _, clause in clauses("".join(letters)) if len(clause) >= TOLD)


def _calming(kind: str, words: Lexicon) -> Iterator[Words]:
    """Whatever may explain words of danger of this kind."""
    yield from (*words.masks, *words.ordinary)
    if kind in words.fictional:
        yield from words.fiction
    for lowering in words.lowerings:
        if kind in lowering.kinds:
            yield from lowering.patterns


def _judge(hits: Sequence[_Hit], message: str, words: Lexicon) -> Iterator[tuple[_Hit, str]]:
    """Each hit with its level after fiction, denial and past."""
    characters = frozenset(message)
    fiction = _spans(words.fiction, message, characters)
    lowerings = [(lowering, _spans(lowering.patterns, message, characters)) for lowering in words.lowerings]
    for hit in hits:
        signal = hit.signal
        if signal.kind in words.fictional and hit.touches(fiction):
            yield hit, "none"
            continue
        fits = (lowering.to for lowering, spans in lowerings if signal.kind in lowering.kinds and hit.touches(spans))
        to = signal.level if signal.firm else next(fits, signal.level)
        yield hit, min(to, signal.level, key=LEVELS.index)


def _spans(patterns: Iterable[Words], message: str, characters: frozenset[str]) -> list[Span]:
    return [span for words in patterns for span in words.spans(message, characters)]
