"""What is told without the clauses that are no danger or speak of something else."""

from __future__ import annotations

from collections.abc import Iterable

from knowledge.safety.plain import PAUSE, clauses, plain
from knowledge.safety.signals import Words, lexicon


def readings(text: str) -> tuple[list[str], list[str]]:
    """The clauses that may tell of danger, and of these the ones that are no question for money nor a crime punished.

    想死你了 is never read. 有没有补贴 and 他爸判了五年 are, but what stands beside them is read alone as well:
    with them it would sound like any other question.
    """
    words = lexicon()
    message = plain(text, words.simple, words.spellings)
    told = _without(message, words.ordinary)
    return told, _without(PAUSE.join(told), words.asides) or told


def _without(message: str, patterns: Iterable[Words]) -> list[str]:
    """The clauses of a plain message that do not lie wholly within a match."""
    characters = frozenset(message)
    spans = [span for words in patterns for span in words.spans(message, characters)]
    return [
        clause
        for start, end, clause in clauses(message)
        if not any(first <= start and end <= last for first, last in spans)
    ]
