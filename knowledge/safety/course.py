"""Danger that no single message tells: mild ones that follow each other weigh together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

# How many messages back still weigh; a family that asks three things between two sighs is still the same family.
REMEMBERED: Final = 6
HINT, CONCERN = 1, 2
_TOGETHER_CONCERN, _TOGETHER_URGENT = 3, 6


def weight(level: str, hinted: bool, calmed: bool) -> int:
    """Of one message; what was denied, is over or was asked in general (`calmed`) adds nothing."""
    if calmed:
        return 0
    return CONCERN if level == "concern" else HINT if hinted else 0


def together(weights: Sequence[int]) -> str:
    """The level of the last messages of one person, oldest first: three hints are a concern, three concerns urgent."""
    total = sum(weights[-REMEMBERED:])
    if total >= _TOGETHER_URGENT:
        return "urgent"
    return "concern" if total >= _TOGETHER_CONCERN else "none"
