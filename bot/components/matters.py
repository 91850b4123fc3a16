"""Which matter beside the entitlements a message asks about (knowledge/beside), in whatever words."""

import zlib
from collections.abc import Sequence
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.asked import said_of
from bot.components.meaning import has_letters
from bot.components.names import plain
from bot.components.pieces import OF_A_PIECE, parts
from bot.components.samples import Samples
from bot.components.tokenizer import NORMAL
from bot.components.weights import Trained
from knowledge.library import Library

# So many of the sentences of `data/nlu` stand for all that asks about none of them; more are slower and tell no more.
OTHERS = 2500
SHOWN = 2


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MatterRanker(Trained):
    """Sets `matters`: [{"id", "score"}], best first; how far a score may be trusted: docs/understanding.md."""

    _ids: Sequence[str]
    _samples: Samples

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`knowledge`: another folder of policies; `least`: what scores less is not named."""
        return {"knowledge": None, "least": 0.02}

    def train(self, training_data: TrainingData) -> Resource:
        library = Library.load(self._config["knowledge"])
        self._ids = [matter.id for matter in library.beside if not matter.after]
        taught = {plain(text): [self._ids.index(name)] for name, text in said_of(library) if name in self._ids}
        said = {plain(message.get(NORMAL) or "") for message in training_data.intent_examples}
        others = sorted((text for text in said - {*taught} if has_letters(text)), key=_anywhere)
        taught |= {text: [len(self._ids)] for text in others[:OTHERS]}
        self._samples = Samples.learn(list(taught), list(taught.values()), len(self._ids) + 1)
        arrays, words = self._samples.kept()
        return self.persist(arrays, {"samples": words, "ids": self._ids})

    def restore(self, arrays: Any, words: Any) -> None:
        self._samples, self._ids = Samples.taken_up(arrays, words["samples"]), words["ids"]

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            message.set("matters", self._rank(message.get(NORMAL) or ""), add_to_output=True)
        return messages

    def _rank(self, text: str) -> list[dict[str, Any]]:
        judged = [plain(part) for part in parts(text)]
        if not judged:
            return []
        shares = self._samples.shares(judged)
        shares[1:] *= OF_A_PIECE
        ranked = sorted(zip(self._ids, shares.max(axis=0).tolist(), strict=False), key=lambda one: -one[1])
        return [{"id": name, "score": score} for name, score in ranked[:SHOWN] if score >= self._config["least"]]


def _anywhere(text: str) -> int:
    """An order that has nothing to do with what is said, and is the same on every machine."""
    return zlib.crc32(text.encode())
