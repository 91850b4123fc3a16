"""A value told of one of the children."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from knowledge.reading.patterns import pattern
from knowledge.reading.siblings import ALL
from knowledge.reading.story import Story

_ALL_BEFORE = pattern("siblings.all_before")


@dataclass(frozen=True)
class Told:
    """One value told of a child; `label` is its number, 0 the child at hand and -1 every child."""

    fact: str
    value: Any
    span: tuple[int, int]
    label: int
    doubted: bool


def label(story: Story, place: int) -> int:
    """The number at a place; the words of a clause that names them all are told of all."""
    segment = story.segment(place)
    if segment.label == 0 and any(segment.clause.start <= each < segment.clause.end for each in story.cast.groups):
        return ALL
    if story.cast.many and _ALL_BEFORE.search(story.text, segment.start, place):
        return ALL
    return segment.label
