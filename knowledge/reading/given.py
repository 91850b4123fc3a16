"""What a reply gives to the pending question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What a reply says to the pending question; a dict as value is partial."""

    value: Any = None
    declined: str | None = None
    complete: bool = False
    answered: bool = False


NONE = Answer()


def valued(value: Any) -> Answer:
    """A value as an answer; nothing when it is None."""
    return Answer(value, answered=True) if value is not None else NONE
