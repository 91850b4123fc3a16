"""Narratives with their facts, and how precisely and how fully they are read."""

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge.reading import Context, Reader

AS_OF = date(2026, 11, 22)
HERE = Path(__file__).parent
Pair = tuple[str, str]


def narratives(*names: str) -> list[dict[str, Any]]:
    return [story for name in names for story in yaml.safe_load((HERE / f"{name}.yml").read_text(encoding="utf-8"))]


def pairs(*told: dict[str, Any], child: int = 1) -> Iterator[Pair]:
    """Fact and value; what is told of the first child is told of the child at hand."""
    for facts in told:
        for fact, value in facts.items():
            for one in value if isinstance(value, list) else [value]:
                plain = str(sorted(one.items()) if isinstance(one, dict) else one)
                yield (fact if child == 1 else f"{child}:{fact}"), plain


def expected(story: dict[str, Any]) -> set[Pair]:
    found = {*pairs(story.get("facts", {}), story.get("partial", {}))}
    return found.union(*(pairs(facts, child=child) for child, facts in story.get("told", {}).items()))


def read(reader: Reader, story: dict[str, Any], text: str | None = None) -> set[Pair]:
    said = story["says"] if text is None else text
    reading = reader.read(said, Context(AS_OF, asker=story.get("asker"), facts=story.get("known", {})))
    children = reading.siblings.told.items()
    found = {*pairs(dict(reading.facts), dict(reading.partial))}
    return found.union(*(pairs(each["facts"], each["partial"], child=child) for child, each in children))


def score(results: Iterable[tuple[set[Pair], set[Pair]]]) -> tuple[float, float]:
    """Precision and recall over all pairs of what was expected and what was read."""
    right = wrong = missed = 0
    for wanted, found in results:
        right, wrong, missed = right + len(found & wanted), wrong + len(found - wanted), missed + len(wanted - found)
    return right / (right + wrong), right / (right + missed)
