"""The facts that the encoder hears in a story, as the reader of the knowledge base takes them."""

from bot.encoder.encode import facts_in
from knowledge.reading.learned import Sense


def senses(text: str) -> list[Sense]:
    """Every label with its likelihood; which of them count is the reader's to say. `text` is normalised."""
    found = []
    for label, likelihood, letter in facts_in(text):
        fact, _, value = label.partition("=")
        found.append(Sense(fact, value, likelihood, letter))
    return found
