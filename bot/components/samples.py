"""Sample sentences, and how close a text is to each: half by its characters, half by its meaning."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.components.sound import counter
from bot.encoder.encode import SIZE, encode


class Samples:
    """What was asked, and (`owners`) the place of the entitlement it was asked about."""

    def __init__(self, texts: Sequence[str], owners: np.ndarray, meant: np.ndarray, written: TfidfVectorizer) -> None:
        self.texts, self.owners = texts, owners
        self._meant, self._written = meant, written
        self._rows = written.transform(texts)

    @classmethod
    def learn(cls, texts: Sequence[str], owners: Sequence[int], others: Sequence[str]) -> "Samples":
        """`others` are ordinary sentences, so that what everybody says weighs little."""
        meant = np.array([encode(text) for text in texts], np.float32).reshape(-1, SIZE)
        return cls(texts, np.array(owners, int), meant, counter("written").fit([*texts, *others]))

    @classmethod
    def taken_up(cls, arrays: Mapping[str, np.ndarray], words: Mapping[str, Any]) -> "Samples":
        written = counter("written", words["vocabulary"])
        written.idf_ = arrays["idf"]
        return cls(words["texts"], arrays["owners"], arrays["meant"], written)

    def kept(self) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """The arrays and words from which `taken_up` makes the same samples."""
        arrays = {"owners": self.owners, "meant": self._meant, "idf": self._written.idf_}
        return arrays, {"texts": self.texts, "vocabulary": self._written.get_feature_names_out().tolist()}

    def closeness(self, text: str) -> np.ndarray:
        """From -0.5 to 1 for each sample."""
        written = (self._rows @ self._written.transform([text]).T).toarray()[:, 0]
        return (written + self._meant @ encode(text)) / 2
