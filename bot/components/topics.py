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
from bot.components.names import BY_EAR, OWN, Name, names_of, plain, spoken_of
from bot.components.samples import Samples
from bot.components.tokenizer import NORMAL
from bot.components.weights import Trained
from knowledge.library import Library
from knowledge.pointer import Pointer
from knowledge.policy import Policy

CLAUSE = re.compile(r"[，。！？；：,.!?;:\n]+")
# A long story is compared clause by clause; each costs 5 ms.
CLAUSES, SHORTEST = 6, 4
# One sample may be close by accident; two are not.
NEAREST = 2
SHOWN = 5


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicRanker(Trained):
    """Sets `topics`: [{"id", "score"}], best first; score = how likely the message speaks of it."""

    _ids: Sequence[str]
    _names: Sequence[Name]
    _samples: Samples
    _slope: float
    _offset: float

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`knowledge`: another folder of policies; `no_topic`: intents whose sentences speak of no entitlement."""
        return {"knowledge": None, "no_topic": [], "least": 0.5}

    def train(self, training_data: TrainingData) -> Resource:
        subjects = list(Library.load(self._config["knowledge"]).subjects.values())
        self._ids = [subject.id for subject in subjects]
        self._names = [name for subject in subjects for name in names_of(subject)]
        asked = [(text, place) for place, subject in enumerate(subjects) for text in _said_of(subject)]
        said = [one for one in training_data.intent_examples if has_letters(one.get(NORMAL) or "")]
        texts, owners = [text for text, _ in asked], [place for _, place in asked]
        self._samples = Samples.learn(texts, owners, [one.get(NORMAL) for one in said])
        others = [one.get(NORMAL) for one in said if one.get(INTENT) in self._config["no_topic"]]
        self._slope, self._offset = self._calibrated([text for text in others if not spoken_of(text, self._names)])
        arrays, words = self._samples.kept()
        names = [astuple(name) for name in self._names]
        return self.persist(
            arrays, {**words, "ids": self._ids, "names": names, "slope": self._slope, "offset": self._offset}
        )

    def restore(self, arrays: Any, words: Any) -> None:
        self._samples = Samples.taken_up(arrays, words)
        self._ids, self._slope, self._offset = words["ids"], words["slope"], words["offset"]
        self._names = [Name(text, tuple(sound), policy, weight) for text, sound, policy, weight in words["names"]]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set("topics", self._rank(message.get(NORMAL) or ""), add_to_output=True)
        return messages

    def _rank(self, text: str) -> list[dict[str, Any]]:
        scores = dict(spoken_of(text, self._names))
        for part in _parts(text):
            # Who calls a thing by its own name means it; what else sounds alike there is no second topic.
            if max(spoken_of(part, self._names).values(), default=0.0) >= OWN * BY_EAR:
                continue
            near = self._near(self._samples.closeness(plain(part)))
            name, likely = self._ids[int(near.argmax())], float(expit(self._slope * near.max() + self._offset))
            scores[name] = max(likely, scores.get(name, 0.0))
        # A stable sort: of two that are named outright, the first named comes first.
        ranked = sorted(scores.items(), key=lambda one: -one[1])
        return [{"id": name, "score": score} for name, score in ranked if score >= self._config["least"]][:SHOWN]

    def _near(self, closeness: np.ndarray) -> np.ndarray:
        """How close the nearest samples of each entitlement are; a sample at -1 was left out."""
        near = np.full(len(self._ids), -1.0)
        for place in range(len(near)):
            own = np.sort(closeness[(self._samples.owners == place) & (closeness > -1)])
            near[place] = own[-NEAREST:].mean() if own.size else -1.0
        return near

    def _calibrated(self, others: Sequence[str]) -> tuple[float, float]:
        """Closeness -> how likely the nearest entitlement is the right one; each sample judged by the others."""
        judged, right = [], []
        for place, (text, owner) in enumerate(zip(self._samples.texts, self._samples.owners, strict=True)):
            closeness = self._samples.closeness(plain(text))
            closeness[place] = -1.0
            near = self._near(closeness)
            judged.append(near.max())
            right.append(near.argmax() == owner)
        judged += [self._near(self._samples.closeness(plain(text))).max() for text in others]
        truth = np.array(right + [False] * len(others))
        if len(set(truth)) < 2:
            return 0.0, -1.0
        model = LogisticRegression(C=1e3, class_weight="balanced").fit(np.reshape(judged, (-1, 1)), truth)
        return float(model.coef_[0, 0]), float(model.intercept_[0])


def _said_of(subject: Policy | Pointer) -> list[str]:
    texts = (*subject.names, *subject.misnomers, *subject.asked_as)
    return list(dict.fromkeys(plain(text) for text in texts))


def _parts(text: str) -> Iterator[str]:
    """The whole and its clauses; nothing of a text without a letter, for the encoder knows no other signs."""
    clauses = [clause for clause in CLAUSE.split(text) if len(clause) >= SHORTEST]
    for part in (text, *(clauses[:CLAUSES] if len(clauses) > 1 else ())):
        if has_letters(part):
            yield part
