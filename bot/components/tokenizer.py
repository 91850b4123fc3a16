"""The first component: one spelling for the text, and its words."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from knowledge.reading.normal import normalise
from knowledge.reading.words import words

NORMAL = "normal"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ZhTokenizer(GraphComponent):
    """Puts `normal` on a message (NFKC, simplified script) and its tokens, whose places count in the normal text."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "ZhTokenizer":
        # Loading the dictionary takes a second, which no family should wait.
        words()
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            normal = normalise(message.get(TEXT) or "").text
            message.set(NORMAL, normal)
            message.set(TOKENS_NAMES[TEXT], [Token(word.text, word.idx) for word in words()(normal)])
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data
