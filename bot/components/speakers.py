"""Who said a training sentence, and of which entitlements, as data/nlu notes it beside the sentences."""

from collections.abc import Sequence
from typing import Any

from rasa.shared.nlu.training_data.message import Message


def voice_of(message: Message) -> str | None:
    return _noted(message).get("voice")


def topics_of(message: Message) -> Sequence[str]:
    return _noted(message).get("topics") or ()


def _noted(message: Message) -> dict[str, Any]:
    return (message.get("metadata") or {}).get("intent") or {}
