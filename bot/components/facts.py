"""The facts in a message, read where the conversation stands: who asks, what is pending, what is known."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from knowledge.library import Library
from knowledge.reading import Context, Reader, Reading

SHANGHAI = ZoneInfo("Asia/Shanghai")

log = structlog.get_logger()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class FactReader(GraphComponent):
    """Sets `reading` (docs/seams.md): the same reader for `tongxing understand`, whose tracker is empty."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "FactReader":
        return cls(Reader(Library.load()))

    def process(self, messages: list[Message], tracker: DialogueStateTracker) -> list[Message]:
        for message in messages:
            context = context_of(tracker.slots["session"].value if "session" in tracker.slots else None)
            message.set("reading", self._read(message.get(TEXT) or "", context), add_to_output=True)
        return messages

    def _read(self, text: str, context: Context) -> Mapping[str, Any]:
        try:
            reading = self._reader.read(text, context)
        # Rasa would drop the whole message: better read nothing than leave a family in silence.
        except Exception as error:
            log.error("reading.failed", problem=type(error).__name__)
            reading = Reading()
        return {field.name: as_json(getattr(reading, field.name)) for field in fields(reading)}


def context_of(session: Mapping[str, Any] | None) -> Context:
    """What the session slot says of the current child; nothing of it for a first message."""
    session = session or {}
    child = (session.get("children") or {}).get(str(session.get("child"))) or {}
    return Context(
        as_of=datetime.now(SHANGHAI).date(),
        asking=session.get("asking"),
        asker=session.get("asker"),
        facts=child.get("facts") or {},
    )


def as_json(value: Any) -> Any:
    """Sets become sorted lists: what is on a message travels to the action server as JSON."""
    if isinstance(value, Mapping):
        return {str(key): as_json(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(as_json(one) for one in value)
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return value
