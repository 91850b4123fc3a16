"""Sentences about entitlements, and about none: which of them a text is like."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import scipy.sparse
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.components.likeness import Likeness, Rows, sharpness
from bot.components.meaning import direction, has_letters
from bot.components.sound import ANALYSERS, counter
from bot.encoder.encode import SIZE, encode
from bot.encoder.seen import unread


class Samples:
    """Judges by letters, sound and meaning; the last choice is that a text speaks of no entitlement."""

    def __init__(
        self, counters: Mapping[str, TfidfVectorizer], mean: np.ndarray, model: Likeness | None, sharp: float
    ) -> None:
        self._counters, self._mean, self._model, self._sharpness = counters, mean, model, sharp

    @classmethod
    def learn(cls, texts: Sequence[str], owners: Sequence[Sequence[int]], choices: int) -> "Samples":
        """`owners`: the places of the choices that each text speaks of, one at least."""
        truth = np.zeros((len(texts), choices))
        for row, places in enumerate(owners):
            truth[row, list(places)] = 1 / len(places)
        counters = {name: counter(name).fit(texts) for name in ANALYSERS}
        mean = np.mean([encode(text) for text in texts], axis=0)
        empty = cls(counters, mean, None, 1.0)
        model, left_out = Likeness.learn(empty.rows(texts), truth, range(len(texts)))
        new = unread(texts)
        return cls(counters, mean, model, sharpness(left_out[new], truth[new]))

    @classmethod
    def taken_up(cls, arrays: Mapping[str, np.ndarray], words: Mapping[str, Any]) -> "Samples":
        counters = {name: counter(name, words[name]) for name in ANALYSERS}
        for name, each in counters.items():
            each.idf_ = arrays[f"idf_{name}"]
        return cls(counters, arrays["mean"], Likeness.taken_up(arrays), float(words["sharpness"]))

    def kept(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """The arrays and words from which `taken_up` makes the same samples."""
        assert self._model is not None
        idf = {f"idf_{name}": each.idf_ for name, each in self._counters.items()}
        vocabulary = {name: each.get_feature_names_out().tolist() for name, each in self._counters.items()}
        return {**self._model.kept(), **idf, "mean": self._mean}, {**vocabulary, "sharpness": self._sharpness}

    def shares(self, texts: Sequence[str]) -> np.ndarray:
        """How likely each text speaks of each choice, one row a text."""
        assert self._model is not None
        return softmax(self._model.scores(self.rows(texts)) * self._sharpness, axis=1)

    def rows(self, texts: Sequence[str]) -> Rows:
        counted = scipy.sparse.hstack([each.transform(texts) for each in self._counters.values()], format="csr")
        meant = [direction(encode(text) - self._mean) if has_letters(text) else np.zeros(SIZE) for text in texts]
        return Rows(counted, np.array(meant, np.float32))
