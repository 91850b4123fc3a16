"""What a person does with a message: multinomial logistic regression over how it is written, sounds and means."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.components.tokenizer import NORMAL
from bot.components.weights import Trained

OUT_OF_SCOPE = "out_of_scope"
RANKED = 5
# Tighter changes no confidence by more than a hundredth and takes twice as long.
TOLERANCE = 0.1


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(Trained):
    """Sets `intent`, `intent_ranking` (calibrated) and `out_of_scope`; figures in bot/encoder/MODEL.md."""

    _weights: np.ndarray
    _bias: np.ndarray
    _names: Sequence[str]
    _temperature: float

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`lowest`: below this the likeliest intent is a guess, and the message counts as out of scope."""
        return {"meaning_weight": 1.5, "strictness": 30.0, "folds": 5, "lowest": 0.1}

    def train(self, training_data: TrainingData) -> Resource:
        messages = [one for one in training_data.intent_examples if one.get(NORMAL)]
        sparse, dense = self._rows(messages)
        names = np.array([one.get(INTENT) for one in messages])
        turned, back = _turned(sparse, dense)
        model = self._fit(turned, names)
        self._names = model.classes_.tolist()
        share = back @ model.coef_.T
        self._weights = np.vstack([sparse.T @ share, dense.T @ share]).astype(np.float32)
        self._bias = model.intercept_.astype(np.float32)
        self._temperature = self._calibrated(turned, names)
        return self.persist(
            {"weights": self._weights, "bias": self._bias},
            {"names": self._names, "temperature": self._temperature},
        )

    def restore(self, arrays: Any, words: Any) -> None:
        self._weights, self._bias = arrays["weights"], arrays["bias"]
        self._names, self._temperature = words["names"], words["temperature"]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            ranking = self._ranking(message)
            in_scope = max((one["confidence"] for one in ranking if one["name"] != OUT_OF_SCOPE), default=0.0)
            is_out = ranking[0]["name"] == OUT_OF_SCOPE or in_scope < self._config["lowest"]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[:RANKED], add_to_output=True)
            message.set("out_of_scope", is_out, add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        sparse, dense = self._rows([message])
        if not sparse.nnz and not dense.any():
            return [{"name": OUT_OF_SCOPE, "confidence": 1.0}]
        counted = sparse.shape[1]
        scores = (sparse @ self._weights[:counted] + dense @ self._weights[counted:])[0] + self._bias
        shares = softmax(scores / self._temperature)
        order = np.argsort(-shares)
        return [{"name": self._names[place], "confidence": float(shares[place])} for place in order]

    def _rows(self, messages: Sequence[Message]) -> tuple[scipy.sparse.csr_matrix, np.ndarray]:
        """Sparse and dense sentence features, one row a message."""
        sparse = scipy.sparse.vstack([one.get_sparse_features(TEXT)[1].features for one in messages], format="csr")
        dense = np.vstack([one.get_dense_features(TEXT)[1].features for one in messages])
        return sparse, dense * self._config["meaning_weight"]

    def _fit(self, rows: np.ndarray, names: np.ndarray) -> LogisticRegression:
        return LogisticRegression(C=self._config["strictness"], tol=TOLERANCE, max_iter=200).fit(rows, names)

    def _calibrated(self, rows: np.ndarray, names: np.ndarray) -> float:
        """The temperature at which confidence, on sentences left out of the training, means how often it is right."""
        scores, truth = [], []
        folds = StratifiedKFold(self._config["folds"], shuffle=True, random_state=0)
        for known, left in folds.split(rows, names):
            model = self._fit(rows[known], names[known])
            scores.append(model.decision_function(rows[left]))
            truth.append(np.searchsorted(model.classes_, names[left]))
        score, right = np.vstack(scores), np.concatenate(truth)

        def surprise(temperature: float) -> float:
            return -log_softmax(score / temperature, axis=1)[np.arange(len(right)), right].mean()

        return float(minimize_scalar(surprise, bounds=(0.2, 10.0), method="bounded").x)


def _turned(sparse: scipy.sparse.csr_matrix, dense: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The rows in as many dimensions as there are sentences, and the way back.

    The same problem with the same solution (the penalty does not see rotations), solved five times faster.
    """
    sizes, axes = np.linalg.eigh((sparse @ sparse.T).toarray() + dense @ dense.T)
    kept = sizes > 1e-6 * sizes[-1]
    lengths = np.sqrt(sizes[kept])
    return axes[:, kept] * lengths, axes[:, kept] / lengths
