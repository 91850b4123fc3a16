"""Which entitlements a message speaks of: ranked, several or none."""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.meaning import has_letters
from bot.components.names import Name, names_of, plain, spoken_of
from bot.components.pieces import OF_A_PIECE, parts
from bot.components.samples import Samples
from bot.components.speakers import topics_of, voice_of
from bot.components.tokenizer import NORMAL
from bot.components.weights import Trained
from knowledge.library import Library
from knowledge.pointer import Pointer
from knowledge.policy import Policy

SHOWN = 3


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicRanker(Trained):
    """Sets `topics`: [{"id", "score"}], best first; score = how likely the message speaks of it."""

    _ids: Sequence[str]
    _names: Sequence[Name]
    _samples: Samples

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`knowledge`: another folder of policies; `no_topic`: intents whose sentences speak of no entitlement;
        `stories`: intents whose sentences may speak of one without it being noted."""
        return {"knowledge": None, "no_topic": [], "stories": ["tell"], "least": 0.1}

    def train(self, training_data: TrainingData) -> Resource:
        subjects = list(Library.load(self._config["knowledge"]).subjects.values())
        self._ids = [subject.id for subject in subjects]
        self._names = [name for subject in subjects for name in names_of(subject)]
        asked = {text: [place] for place, subject in enumerate(subjects) for text in _said_of(subject)}
        for message in training_data.intent_examples:
            text, places = plain(message.get(NORMAL) or ""), self._noted(message)
            if places and has_letters(text):
                asked[text] = places
        self._samples = Samples.learn(list(asked), list(asked.values()), len(self._ids) + 1)
        arrays, words = self._samples.kept()
        return self.persist(
            arrays, {"samples": words, "ids": self._ids, "names": [astuple(each) for each in self._names]}
        )

    def _noted(self, message: Message) -> list[int]:
        """The places of what a training sentence speaks of; the one past the last means none; empty: not noted."""
        places = [self._ids.index(topic) for topic in topics_of(message) if topic in self._ids]
        if places or spoken_of(message.get(NORMAL) or "", self._names):
            return places
        intent = message.get(INTENT)
        speaks_of_none = intent in self._config["no_topic"]
        was_read_for_topics = voice_of(message) is not None and intent not in self._config["stories"]
        return [len(self._ids)] if speaks_of_none or was_read_for_topics else []

    def restore(self, arrays: Any, words: Any) -> None:
        self._samples = Samples.taken_up(arrays, words["samples"])
        self._ids = words["ids"]
        self._names = [Name(text, tuple(sound), policy, weight) for text, sound, policy, weight in words["names"]]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set("topics", self._rank(message.get(NORMAL) or ""), add_to_output=True)
        return messages

    def _rank(self, text: str) -> list[dict[str, Any]]:
        scores = dict(spoken_of(text, self._names))
        judged = [plain(part) for part in parts(text)]
        if judged:
            shares = self._samples.shares(judged)
            shares[1:] *= OF_A_PIECE
            for name, share in zip(self._ids, shares.max(axis=0), strict=False):
                scores[name] = max(float(share), scores.get(name, 0.0))
        # A stable sort: of two that are named outright, the first named comes first.
        ranked = sorted(scores.items(), key=lambda one: -one[1])
        return [{"id": name, "score": score} for name, score in ranked if score >= self._config["least"]][:SHOWN]


def _said_of(subject: Policy | Pointer) -> list[str]:
    texts = (*subject.names, *subject.misnomers, *subject.asked_as)
    return list(dict.fromkeys(plain(text) for text in texts))
