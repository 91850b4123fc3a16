"""Which sentences the encoder was tuned on: what it has read is no measure of how it understands strangers.

`seen.npy` lies beside the model (`making/tune.py` writes it); an encoder without one was tuned on nothing of ours.
"""

import zlib
from collections.abc import Sequence
from functools import cache

import numpy as np

from bot.encoder.encode import folder

# With fewer unread ones than this share there is nothing to measure on but all of them.
LEAST = 0.05


def unread(texts: Sequence[str]) -> np.ndarray:
    """Whether each text is new to the encoder (bool); all of them where hardly any is."""
    marks = np.array([mark(text) for text in texts], np.uint32)
    new = ~np.isin(marks, _seen())
    return new if new.mean() >= LEAST else np.ones(len(texts), bool)


def mark(text: str) -> int:
    """By content, for sentences move between files and blocks."""
    return zlib.crc32(text.encode())


@cache
def _seen() -> np.ndarray:
    path = folder() / "seen.npy"
    return np.load(path) if path.exists() else np.zeros(0, np.uint32)
