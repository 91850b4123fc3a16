"""A message as the danger model sees it: windows of whole clauses, how they are written, sound, and what they mean."""

import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse

from bot.components.syllables import syllables
from knowledge.safety.beside import readings
from knowledge.safety.plain import PAUSE, plain
from knowledge.safety.signals import lexicon

# The encoder was trained on 60 to 90 characters; one clause of danger in a long story must not drown.
LONGEST, MOST_WINDOWS = 50, 40
# What dictation runs together is cut anywhere: what one cut tears, the next piece holds whole.
OVERLAP = 20
BUCKETS, ORDERS = 2**15, (1, 2, 3)
# What writing and sound weigh beside meaning; chosen on sentences of voices left out.
WEIGHT = 0.4

Encode = Callable[[str], np.ndarray]


class Rows(NamedTuple):
    """One row a window: the runs of its characters and of its sounds, hashed; its meaning (length 1)."""

    written: scipy.sparse.csr_matrix
    meant: np.ndarray


def windows(text: str) -> list[str]:
    """The plain text in pieces of whole clauses; of a very long one its beginning and its end."""
    return _packed(clauses(text))


def judged(text: str) -> list[str]:
    """The windows in which danger is looked for: of what is told, with and without what speaks of something else."""
    return list(dict.fromkeys(window for reading in readings(text) for window in _packed(_cut(reading))))


def _packed(parts: Sequence[str]) -> list[str]:
    pieces: list[str] = []
    for clause in parts:
        if pieces and len(pieces[-1]) + len(clause) < LONGEST:
            pieces[-1] += PAUSE + clause
        else:
            pieces.append(clause)
    half = MOST_WINDOWS // 2
    return pieces if len(pieces) <= MOST_WINDOWS else pieces[:half] + pieces[-half:]


def features(parts: Sequence[str], meaning: np.ndarray, mean: np.ndarray) -> Rows:
    """The lexicon is no feature: it was made with these sentences, and the model would only repeat it."""
    centred = meaning - mean
    return Rows(_hashed(parts), centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6))


def near(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Of rows of length 1: one for the same meaning, towards nothing with distance."""
    return np.exp(2 * (some @ others.T) - 2).astype(np.float32)


def _hashed(parts: Sequence[str]) -> scipy.sparse.csr_matrix:
    places, ends, values = [], [0], []
    for part in parts:
        for mark, units in (("", list(part)), ("~", syllables(part))):
            # crc32, not hash(): the same bucket in every process.
            buckets = {zlib.crc32((mark + gram).encode()) % BUCKETS for gram in _grams(units)}
            places += sorted(buckets)
            values += [(WEIGHT / len(buckets)) ** 0.5] * len(buckets)
        ends.append(len(places))
    return scipy.sparse.csr_matrix((values, places, ends), shape=(len(parts), BUCKETS), dtype=np.float32)


def _grams(units: Sequence[str]) -> set[str]:
    return {" ".join(units[start : start + order]) for order in ORDERS for start in range(len(units) - order + 1)}


def clauses(text: str) -> list[str]:
    words = lexicon()
    spoken = [clause for clause in plain(text, words.simple, words.spellings).split(PAUSE) if clause]
    return _cut(spoken)


def _cut(spoken: Sequence[str]) -> list[str]:
    return [piece for clause in spoken for piece in _pieces(clause)]


def heart(clause: str) -> str:
    """What of a clause stands whole in one window of its story, wherever that was cut."""
    middle = max(len(clause) - OVERLAP, 0) // 2
    return clause[middle : middle + OVERLAP]


def _pieces(clause: str) -> list[str]:
    starts = range(0, max(len(clause) - OVERLAP, 1), LONGEST - OVERLAP)
    return [clause[start : start + LONGEST] for start in starts]
