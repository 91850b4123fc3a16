"""A value told of one of the children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from knowledge.reading.story import Story


@dataclass(frozen=True)
class Told:
    """One value told of a child; `label` 1 and 2 are the elder and the younger."""

    fact: str
    value: Any
    span: tuple[int, int]
    label: int
    doubted: bool


def label(story: Story, place: int) -> int:
    segment = story.segment(place)
    # 小的自闭: one child that is singled out is the one asked about
    return segment.label if len({each.label for each in story.segments} - {0}) > 1 else 0
