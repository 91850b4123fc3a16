"""What a person does with a message: judged by how it is written, how it sounds and what it means."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import softmax

from bot.components.likeness import Likeness, Rows, sharpness
from bot.components.speakers import voice_of
from bot.components.tokenizer import NORMAL
from bot.components.weights import Trained
from bot.encoder.seen import unread

OUT_OF_SCOPE = "out_of_scope"
RANKED = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(Trained):
    """Sets `intent`, `intent_ranking` (calibrated) and `out_of_scope`; figures in docs/understanding.md."""

    _model: Likeness
    _names: Sequence[str]
    _sharpness: float

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`folds`: parts in which sentences without a speaker are left out; `stranger`: the share of out_of_scope

        from which a message counts as out of scope even when another act is likelier; `lowest`: below this the
        likeliest act is a guess, and the message counts as out of scope too.
        """
        return {"folds": 5, "stranger": 0.2, "lowest": 0.1}

    def train(self, training_data: TrainingData) -> Resource:
        messages = [one for one in training_data.intent_examples if one.get(NORMAL)]
        said = np.array([one.get(INTENT) for one in messages])
        names = np.unique(said)
        truth = (said[:, None] == names).astype(np.float64)
        # A speaker is left out whole, for the next one will be a stranger too.
        groups = [voice_of(one) or place % self._config["folds"] for place, one in enumerate(messages)]
        self._model, left_out = Likeness.learn(self._rows(messages), truth, groups)
        new = unread([one.get(NORMAL) for one in messages])
        self._names, self._sharpness = names.tolist(), sharpness(left_out[new], truth[new])
        return self.persist(self._model.kept(), {"names": self._names, "sharpness": self._sharpness})

    def restore(self, arrays: Any, words: Any) -> None:
        self._model = Likeness.taken_up(arrays)
        self._names, self._sharpness = words["names"], words["sharpness"]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message)
            shares = {one["name"]: one["confidence"] for one in ranking}
            stranger = shares.pop(OUT_OF_SCOPE, 0.0)
            likeliest = max(shares.values(), default=0.0)
            is_out = stranger >= min(likeliest, self._config["stranger"]) or likeliest < self._config["lowest"]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[:RANKED], add_to_output=True)
            message.set("out_of_scope", bool(is_out), add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        rows = self._rows([message])
        if not rows.counted.nnz and not rows.meant.any():
            return [{"name": OUT_OF_SCOPE, "confidence": 1.0}]
        shares = softmax(self._model.scores(rows)[0] * self._sharpness)
        order = np.argsort(-shares)
        return [{"name": self._names[place], "confidence": float(shares[place])} for place in order]

    def _rows(self, messages: Sequence[Message]) -> Rows:
        """Sparse and dense sentence features, one row a message."""
        sparse = scipy.sparse.vstack([one.get_sparse_features(TEXT)[1].features for one in messages], format="csr")
        return Rows(sparse, np.vstack([one.get_dense_features(TEXT)[1].features for one in messages]))
