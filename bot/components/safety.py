"""Danger in a message, for the dialogue: the higher of the lexicon and the danger model."""

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.danger_model import DangerModel
from bot.components.danger_sentences import FOLDER, sentences
from bot.components.weights import Trained


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SafetyClassifier(Trained):
    """Sets `safety`: {"level", "kinds", "source", "weight"}; learns from its own sentences, never from the intents.

    An intent classifier taught danger heard a cry for help in 父母都去世了.
    """

    _model: DangerModel

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`sentences`: another folder of written sentences."""
        return {"sentences": None}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Rasa does not see the sentences: their contents are part of what makes a model out of date."""
        total = hashlib.sha256()
        for path in sorted(_folder(config).glob("*.yml")):
            total.update(path.read_bytes())
        return total.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        self._model = DangerModel.learn(sentences(_folder(self._config)))
        return self.persist(*self._model.kept())

    def restore(self, arrays: Any, words: Any) -> None:
        self._model = DangerModel.taken_up(arrays, words)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            verdict = self._model.judge(message.get(TEXT) or "")
            message.set("safety", asdict(verdict) | {"kinds": list(verdict.kinds)}, add_to_output=True)
        return messages


def _folder(config: dict[str, Any]) -> Path:
    return Path(config["sentences"]) if config.get("sentences") else FOLDER
