"""What was heard in one message, by whoever judged it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """`source`: who decided the level, "words" (the lexicon said the same), "model" or "none".

    `weight`: what it adds to the last messages (knowledge/safety/course.py).
    """

    level: str
    kinds: tuple[str, ...]
    source: str
    weight: int
