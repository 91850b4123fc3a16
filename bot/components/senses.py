"""The facts that the encoder hears in a story, as the reader of the knowledge base takes them."""

from functools import cache

from bot.encoder.encode import facts_in
from knowledge.reading.learned import Sense


def senses(text: str) -> list[Sense]:
    """Every label with its likelihood; which of them count is the reader's to say. `text` is normalised."""
    return [Sense(*_parted(label), likelihood, letter) for label, likelihood, letter in facts_in(text)]


@cache
def _parted(label: str) -> tuple[str, str]:
    fact, _, value = label.partition("=")
    return fact, value
