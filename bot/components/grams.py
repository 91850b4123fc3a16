"""Runs of letters and of sounds, counted: TF-IDF learned with scikit-learn, looked up by ourselves.

scikit-learn's own transform takes a millisecond for one sentence, most of it checks; a message needs it twice.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.components.syllables import syllables

LONGEST_GRAM = 3


def grams(units: Sequence[str]) -> list[str]:
    """Every run of one to three units."""
    return [
        " ".join(units[start : start + length])
        for length in range(1, LONGEST_GRAM + 1)
        for start in range(len(units) - length + 1)
    ]


def letters(text: str) -> list[str]:
    return list("".join(text.lower().split()))


def _written(text: str) -> list[str]:
    return grams(letters(text))


def _spoken(text: str) -> list[str]:
    return grams(syllables("".join(letters(text))))


ANALYSERS = {"written": _written, "spoken": _spoken}


class Grams:
    """Side by side, each of length one: how a text is written, and how it sounds."""

    def __init__(self, words: Mapping[str, Sequence[str]], rarity: Mapping[str, np.ndarray]) -> None:
        self.words, self.rarity = words, rarity
        self._places = {name: {word: place for place, word in enumerate(each)} for name, each in words.items()}

    @classmethod
    def learn(cls, texts: Sequence[str]) -> "Grams":
        fitted = {name: TfidfVectorizer(analyzer=each).fit(texts) for name, each in ANALYSERS.items()}
        return cls(
            {name: each.get_feature_names_out().tolist() for name, each in fitted.items()},
            {name: each.idf_.astype(np.float32) for name, each in fitted.items()},
        )

    def rows(self, texts: Sequence[str]) -> scipy.sparse.csr_matrix:
        """One row a text; a run counts 1 + ln(how often), times its rarity, as scikit-learn does with sublinear_tf."""
        places, values, ends = [], [], [0]
        for text in texts:
            before = 0
            for name, analyse in ANALYSERS.items():
                known = self._places[name]
                found = Counter(known[gram] for gram in analyse(text) if gram in known)
                here = np.fromiter(found, np.int32, len(found))
                weights = (1 + np.log(np.fromiter(found.values(), np.float32, len(found)))) * self.rarity[name][here]
                values.append(weights / (np.sqrt(weights @ weights) or 1.0))
                places.append(here + before)
                before += len(known)
            ends.append(ends[-1] + sum(len(one) for one in places[-len(ANALYSERS) :]))
        size = sum(len(words) for words in self.words.values())
        kept = (np.concatenate(values), np.concatenate(places), ends) if places else ([], [], [0])
        return scipy.sparse.csr_matrix(kept, shape=(len(texts), size), dtype=np.float32)
