"""Sentences about entitlements, and about none: which of them a text is like."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import softmax

from bot.components.grams import Grams
from bot.components.likeness import Likeness, Rows, sharpness
from bot.components.meaning import directions
from bot.encoder.encode import encode_all
from bot.encoder.seen import unread


class Samples:
    """Judges by letters, sound and meaning; the last choice is that a text speaks of no entitlement."""

    def __init__(self, grams: Grams, mean: np.ndarray, model: Likeness | None, sharp: float) -> None:
        self._grams, self._mean, self._model, self._sharpness = grams, mean, model, sharp

    @classmethod
    def learn(cls, texts: Sequence[str], owners: Sequence[Sequence[int]], choices: int) -> "Samples":
        """`owners`: the places of the choices that each text speaks of, one at least."""
        truth = np.zeros((len(texts), choices))
        for row, places in enumerate(owners):
            truth[row, list(places)] = 1 / len(places)
        grams, mean = Grams.learn(texts), encode_all(texts).mean(axis=0)
        empty = cls(grams, mean, None, 1.0)
        model, left_out = Likeness.learn(empty.rows(texts), truth, range(len(texts)))
        new = unread(texts)
        return cls(grams, mean, model, sharpness(left_out[new], truth[new]))

    @classmethod
    def taken_up(cls, arrays: Mapping[str, np.ndarray], words: Mapping[str, Any]) -> "Samples":
        grams = Grams(words["grams"], {name: arrays[f"idf_{name}"] for name in words["grams"]})
        return cls(grams, arrays["mean"], Likeness.taken_up(arrays), float(words["sharpness"]))

    def kept(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """The arrays and words from which `taken_up` makes the same samples."""
        assert self._model is not None
        idf = {f"idf_{name}": each for name, each in self._grams.rarity.items()}
        words = {"grams": dict(self._grams.words), "sharpness": self._sharpness}
        return {**self._model.kept(), **idf, "mean": self._mean}, words

    def shares(self, texts: Sequence[str]) -> np.ndarray:
        """How likely each text speaks of each choice, one row a text."""
        assert self._model is not None
        return softmax(self._model.scores(self.rows(texts)) * self._sharpness, axis=1)

    def rows(self, texts: Sequence[str]) -> Rows:
        return Rows(self._grams.rows(texts), directions(texts, self._mean))
