"""How a message is written and how it sounds: what survives typing by ear, dictation and dialect."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.components.syllables import syllables
from bot.components.tokenizer import NORMAL
from bot.components.weights import Trained

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


def counter(name: str, vocabulary: Sequence[str] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=ANALYSERS[name], sublinear_tf=True, vocabulary=vocabulary, dtype=np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SoundFeaturizer(Trained):
    """Sparse sentence features: TF-IDF of characters and of fuzzy pinyin, side by side, each of length one."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self._counters: dict[str, TfidfVectorizer] = {}

    def train(self, training_data: TrainingData) -> Resource:
        texts = [message.get(NORMAL) for message in training_data.training_examples if message.get(NORMAL)]
        self._counters = {name: counter(name).fit(texts) for name in ANALYSERS}
        return self.persist(
            {name: counter.idf_ for name, counter in self._counters.items()},
            {name: counter.get_feature_names_out().tolist() for name, counter in self._counters.items()},
        )

    def restore(self, arrays: Any, words: Any) -> None:
        for name in ANALYSERS:
            self._counters[name] = counter(name, words[name])
            self._counters[name].idf_ = arrays[name]

    def process(self, messages: list[Message]) -> list[Message]:
        said = [message for message in messages if message.get(NORMAL) is not None]
        if said:
            texts = [message.get(NORMAL) for message in said]
            rows = scipy.sparse.hstack([self._counters[name].transform(texts) for name in ANALYSERS], format="csr")
            for place, message in enumerate(said):
                message.add_features(Features(rows[place], FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
