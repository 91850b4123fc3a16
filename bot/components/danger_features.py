"""A message as the danger model sees it: windows of whole clauses, their characters and their meaning."""

import zlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import scipy.sparse

from bot.encoder.encode import SIZE, encode
from knowledge.alarm import alarm
from knowledge.safety.plain import PAUSE, plain
from knowledge.safety.signals import lexicon

# The encoder was trained on 60 to 90 characters; one clause of danger in a long story must not drown.
LONGEST, MOST_WINDOWS = 50, 40
BUCKETS, ORDERS = 2**13, (1, 2, 3)
# Chosen on sentences of voices left out.
MEANING, NEARNESS = 1.5, 0.3

Encode = Callable[[str], np.ndarray]


class Rows(NamedTuple):
    """One row a window: its characters (each row of length 1), and its meaning with one column for the lexicon."""

    written: scipy.sparse.csr_matrix
    meant: np.ndarray


def windows(text: str) -> list[str]:
    """The plain text in pieces of whole clauses; of a very long one its beginning and its end."""
    pieces: list[str] = []
    for clause in clauses(text):
        if pieces and len(pieces[-1]) + len(clause) < LONGEST:
            pieces[-1] += PAUSE + clause
        else:
            pieces.append(clause)
    half = MOST_WINDOWS // 2
    return pieces if len(pieces) <= MOST_WINDOWS else pieces[:half] + pieces[-half:]


def features(parts: Sequence[str], mean: np.ndarray, encoder: Encode = encode) -> Rows:
    """Characters hashed, meaning centred, and whether the lexicon explained danger words away.

    The lexicon's level is no feature: it was made with these sentences, and the model would only repeat it.
    """
    meaning = np.array([encoder(part) for part in parts], np.float32).reshape(-1, SIZE) - mean
    meaning /= np.maximum(np.linalg.norm(meaning, axis=1, keepdims=True), 1e-6)
    calmed = np.array([[float(alarm(part).calmed)] for part in parts], np.float32)
    return Rows(_hashed(parts), np.hstack([MEANING * meaning, calmed]))


def near(some: Rows, others: Rows) -> np.ndarray:
    """1 for the same row, towards 0 with distance."""
    alike = (some.written @ others.written.T).toarray() + some.meant @ others.meant.T
    lengths = [1 + np.einsum("ij,ij->i", rows.meant, rows.meant) for rows in (some, others)]
    return np.exp(-NEARNESS * np.maximum(lengths[0][:, None] + lengths[1] - 2 * alike, 0)).astype(np.float32)


def _hashed(parts: Sequence[str]) -> scipy.sparse.csr_matrix:
    places, ends, values = [], [0], []
    for part in parts:
        grams = {part[start : start + order] for order in ORDERS for start in range(len(part) - order + 1)}
        # crc32, not hash(): the same bucket in every process.
        buckets = sorted({zlib.crc32(gram.encode()) % BUCKETS for gram in grams})
        places += buckets
        values += [len(buckets) ** -0.5] * len(buckets)
        ends.append(len(places))
    return scipy.sparse.csr_matrix((values, places, ends), shape=(len(parts), BUCKETS), dtype=np.float32)


def clauses(text: str) -> list[str]:
    words = lexicon()
    spoken = [clause for clause in plain(text, words.simple, words.spellings).split(PAUSE) if clause]
    return [clause[start : start + LONGEST] for clause in spoken for start in range(0, len(clause), LONGEST)]
