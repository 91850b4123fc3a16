"""The facts in a message, read where the conversation stands: who asks, what is pending, what is known."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
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

from bot.components.senses import senses
from knowledge.library import Library
from knowledge.reading import Context, Reader, Reading
from knowledge.reading.normal import normalise
from knowledge.reading.siblings import APART, Sibling

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
            reading = self._reader.read(text, context, senses(normalise(text).text))
        # Rasa would drop the whole message: better read nothing than leave a family in silence.
        except Exception as error:
            log.error("reading.failed", problem=type(error).__name__)
            reading = Reading()
        return as_json(reading)


def context_of(session: Mapping[str, Any] | None) -> Context:
    """What the session slot says of the child at hand and of the others; nothing of it for a first message."""
    session = session or {}
    present, children = str(session.get("child") or 1), session.get("children") or {}
    facts = (children.get(present) or {}).get("facts") or {}
    # Those not looked at yet first: 另一个孩子 is one of them.
    known = sorted(children, key=lambda number: (bool(children[number].get("finished")), int(number)))
    return Context(
        as_of=datetime.now(SHANGHAI).date(),
        asking=session.get("asking"),
        asker=session.get("asker"),
        facts=facts,
        last=tuple(session.get("last_heard") or ()),
        child=int(present),
        children=tuple(sibling_of(int(number), children[number]) for number in known),
    )


def sibling_of(number: int, child: Mapping[str, Any]) -> Sibling:
    """What tells one child of the session from the others."""
    called, facts, partial = child.get("called") or {}, child.get("facts") or {}, child.get("partial") or {}
    age = facts.get("child.age", partial.get("child.age"))
    ends = (age.get("min"), age.get("max")) if isinstance(age, Mapping) else None if age is None else (age, age)
    own = {*facts, *partial} - set(child.get("spread") or ())
    return Sibling(
        number,
        words=str(called.get("words") or ""),
        rank=called.get("rank"),
        sex=called.get("sex"),
        line=called.get("line"),
        age=ends,
        told=any(not fact.startswith(tuple(f"{prefix}." for prefix in APART)) for fact in own),
        apart=tuple(child.get("apart") or ()),
    )


def as_json(value: Any) -> Any:
    """Sets become sorted lists: what is on a message travels to the action server as JSON."""
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_json(one) for key, one in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(as_json(one) for one in value)
    if isinstance(value, list | tuple):
        return [as_json(one) for one in value]
    return value
