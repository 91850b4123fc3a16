"""What a message means, as the sentence encoder sees it."""

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
from bot.encoder.encode import encode


def has_letters(text: str) -> bool:
    """Whether the encoder can tell the text from another one: to it, all emoji are the same unknown piece."""
    return any(sign.isalnum() for sign in text)


def direction(vector: np.ndarray) -> np.ndarray:
    """The vector with length one; zeros stay zeros."""
    length = np.linalg.norm(vector)
    return vector / length if length else vector


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class EncoderFeaturizer(Trained):
    """A dense sentence feature, centred on the mean of the training sentences: raw embeddings crowd together."""

    _mean: np.ndarray

    def train(self, training_data: TrainingData) -> Resource:
        texts = [one.get(NORMAL) for one in training_data.training_examples if has_letters(one.get(NORMAL) or "")]
        self._mean = np.mean([encode(text) for text in texts], axis=0)
        return self.persist({"mean": self._mean}, {})

    def restore(self, arrays: Any, words: Any) -> None:
        self._mean = arrays["mean"]
        # The first sentence loads the network, which no family should wait for.
        encode("。")

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            if message.get(NORMAL) is not None:
                text = message.get(NORMAL)
                vector = direction(encode(text) - self._mean) if has_letters(text) else np.zeros_like(self._mean)
                meaning = vector[np.newaxis, :]
                message.add_features(Features(meaning, FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
