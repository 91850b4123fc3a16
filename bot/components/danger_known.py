"""Sentences that were read and labelled: said again word for word, each is what its readers said."""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from bot.components.danger_features import clauses
from bot.components.danger_sentences import Sentence
from knowledge.alarm import LEVELS


def known(sentences: Sequence[Sentence]) -> dict[str, np.ndarray]:
    """`marks` (sorted) and the level of each; without those that may be none or concern."""
    levels = {mark(one.text): LEVELS.index(one.level) for one in sentences if not one.lenient}
    marks = sorted(levels)
    return {"marks": np.array(marks, np.uint64), "levels": np.array([levels[each] for each in marks], np.int8)}


def level_of(text: str, kept: Mapping[str, np.ndarray]) -> str | None:
    """The level of a labelled sentence that says the same, however it is punctuated; None for any other text."""
    wanted = np.uint64(mark(text))
    place = int(np.searchsorted(kept["marks"], wanted))
    if place < len(kept["marks"]) and kept["marks"][place] == wanted:
        return LEVELS[kept["levels"][place]]
    return None


def mark(text: str) -> int:
    """64 bits of the plain text, without its pauses: no sentence can be read back from the model."""
    return int.from_bytes(hashlib.blake2b("".join(clauses(text)).encode(), digest_size=8).digest(), "big")
