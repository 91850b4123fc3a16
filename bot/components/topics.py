"""Which entitlements a message speaks of: ranked, several or none; all of it learned from the knowledge base."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from typing import Any

import numpy as np
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from bot.components.meaning import has_letters
from bot.components.names import Name, names_of, plain, spoken_of
from bot.components.tokenizer import NORMAL
from bot.components.weights import Trained
from bot.encoder.encode import SIZE, encode
from knowledge.library import Library
from knowledge.pointer import Pointer
from knowledge.policy import Policy

CLAUSE = re.compile(r"[，。！？；：,.!?;:\n]+")
# A long story is compared clause by clause; each costs 5 ms.
CLAUSES, SHORTEST = 6, 4
SHOWN = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicRanker(Trained):
    """Sets `topics`: [{"id", "score"}], best first; score = how likely the message speaks of it."""

    _ids: Sequence[str] = ()
    _names: Sequence[Name] = ()
    _samples: np.ndarray
    _owners: np.ndarray
    _slope: float = 0.0
    _offset: float = 0.0

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`knowledge`: another folder of policies; `no_topic`: intents whose sentences speak of no entitlement."""
        return {"knowledge": None, "no_topic": [], "least": 0.5}

    def train(self, training_data: TrainingData) -> Resource:
        policies = list(Library.load(self._config["knowledge"]).subjects.values())
        self._ids = [policy.id for policy in policies]
        self._names = [name for policy in policies for name in names_of(policy)]
        samples = [(text, place) for place, policy in enumerate(policies) for text in _samples(policy)]
        self._samples = np.array([encode(text) for text, _ in samples], np.float32).reshape(-1, SIZE)
        self._owners = np.array([place for _, place in samples], int)
        others = [
            one.get(NORMAL)
            for one in training_data.intent_examples
            if one.get(INTENT) in self._config["no_topic"] and one.get(NORMAL)
        ]
        self._slope, self._offset = self._calibrated([text for text in others if not spoken_of(text, self._names)])
        return self.persist(
            {"samples": self._samples, "owners": self._owners},
            {
                "ids": self._ids,
                "names": [astuple(name) for name in self._names],
                "slope": self._slope,
                "offset": self._offset,
            },
        )

    def restore(self, arrays: Any, words: Any) -> None:
        self._samples, self._owners = arrays["samples"], arrays["owners"]
        self._ids, self._slope, self._offset = words["ids"], words["slope"], words["offset"]
        self._names = [Name(text, tuple(sound), policy, weight) for text, sound, policy, weight in words["names"]]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set("topics", self._rank(message.get(NORMAL) or ""), add_to_output=True)
        return messages

    def _rank(self, text: str) -> list[dict[str, Any]]:
        scores = dict(spoken_of(text, self._names))
        for part in _parts(text):
            # Who names a thing means it; what else sounds alike there is no second topic.
            if spoken_of(part, self._names):
                continue
            near = self._near(encode(part))
            name, likely = self._ids[near.argmax()], float(expit(self._slope * near.max() + self._offset))
            scores[name] = max(likely, scores.get(name, 0.0))
        # A stable sort: of two that are named outright, the first named comes first.
        ranked = sorted(scores.items(), key=lambda one: -one[1])
        return [{"id": name, "score": score} for name, score in ranked if score >= self._config["least"]][:SHOWN]

    def _near(self, vector: np.ndarray, left_out: int | None = None) -> np.ndarray:
        """The cosine to the nearest sample of each entitlement."""
        cosines = self._samples @ vector
        if left_out is not None:
            cosines[left_out] = -1.0
        nearest = np.full(len(self._ids), -1.0)
        np.maximum.at(nearest, self._owners, cosines)
        return nearest

    def _calibrated(self, others: Sequence[str]) -> tuple[float, float]:
        """Closeness -> how likely the nearest entitlement is the right one; each sample judged by the others."""
        left_out = [self._near(vector, place) for place, vector in enumerate(self._samples)]
        closeness = [near.max() for near in left_out] + [self._near(encode(text)).max() for text in others]
        right = [near.argmax() == owner for near, owner in zip(left_out, self._owners, strict=True)]
        truth = np.array(right + [False] * len(others))
        if len(set(truth)) < 2:
            return 0.0, -1.0
        model = LogisticRegression(C=1e3, class_weight="balanced").fit(np.reshape(closeness, (-1, 1)), truth)
        return float(model.coef_[0, 0]), float(model.intercept_[0])


def _samples(policy: Policy | Pointer) -> list[str]:
    texts = (*policy.names, *policy.misnomers, *policy.asked_as)
    return list(dict.fromkeys(plain(text) for text in texts))


def _parts(text: str) -> Iterator[str]:
    """The whole and its clauses; nothing of a text without a letter, for the encoder knows no other signs."""
    clauses = [clause for clause in CLAUSE.split(text) if len(clause) >= SHORTEST]
    for part in (text, *(clauses[:CLAUSES] if len(clauses) > 1 else ())):
        if has_letters(part):
            yield part
