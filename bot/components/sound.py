"""How a message is written and how it sounds: what survives typing by ear, dictation and dialect."""

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.grams import Grams
from bot.components.tokenizer import NORMAL
from bot.components.weights import Trained


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SoundFeaturizer(Trained):
    """Sparse sentence features: TF-IDF of characters and of fuzzy pinyin, side by side, each of length one."""

    _grams: Grams

    def train(self, training_data: TrainingData) -> Resource:
        self._grams = Grams.learn([one.get(NORMAL) for one in training_data.training_examples if one.get(NORMAL)])
        return self.persist(self._grams.rarity, self._grams.words)

    def restore(self, arrays: Any, words: Any) -> None:
        self._grams = Grams(words, arrays)

    def process(self, messages: list[Message]) -> list[Message]:
        said = [message for message in messages if message.get(NORMAL) is not None]
        rows = self._grams.rows([message.get(NORMAL) for message in said])
        for place, message in enumerate(said):
            message.add_features(Features(rows[place], FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
