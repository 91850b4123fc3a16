"""What a message means, as the sentence encoder sees it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.tokenizer import NORMAL
from bot.components.weights import Trained
from bot.encoder.encode import encode, encode_all


def has_letters(text: str) -> bool:
    """Whether the encoder can tell the text from another one: to it, all emoji are the same unknown piece."""
    return any(sign.isalnum() for sign in text)


def directions(texts: Sequence[str], mean: np.ndarray) -> np.ndarray:
    """Where each text points from the mean, with length one; zeros for one without a letter."""
    away = encode_all(texts) - mean
    lengths = np.linalg.norm(away, axis=1, keepdims=True)
    has_meaning = np.array([has_letters(text) for text in texts])[:, None] & (lengths > 0)
    return np.where(has_meaning, away / np.where(lengths, lengths, 1.0), 0.0).astype(np.float32)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class EncoderFeaturizer(Trained):
    """A dense sentence feature, centred on the mean of the training sentences: raw embeddings crowd together."""

    _mean: np.ndarray

    def train(self, training_data: TrainingData) -> Resource:
        texts = [one.get(NORMAL) for one in training_data.training_examples if has_letters(one.get(NORMAL) or "")]
        self._mean = encode_all(texts).mean(axis=0)
        return self.persist({"mean": self._mean}, {})

    def restore(self, arrays: Any, words: Any) -> None:
        self._mean = arrays["mean"]
        # The first sentence loads the network, which no family should wait for.
        encode("。")

    def process(self, messages: list[Message]) -> list[Message]:
        spoken = [message for message in messages if message.get(NORMAL) is not None]
        meant = directions([message.get(NORMAL) for message in spoken], self._mean)
        for message, row in zip(spoken, meant, strict=True):
            message.add_features(Features(row[np.newaxis, :], FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
