"""The vocabulary: what may be known about one child's situation, and how it is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from knowledge.errors import KnowledgeError
from knowledge.files import Fields, read_yaml

KINDS = ("bool", "number", "enum", "set", "region", "date")
PARENTS = {"father": "爸爸", "mother": "妈妈"}
_NUMBER = (int, float)


@dataclass(frozen=True)
class Choice:
    """One value a person may choose; for numbers a span `low`..`high` instead.

    A child that chooses `title_child` may mean any of `child_means`.
    """

    value: str | bool | None
    title: str
    title_child: str
    says: tuple[str, ...]
    excludes: frozenset[str]
    closes: bool
    quick: bool
    child_means: tuple[str, ...]
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Fact:
    """One thing that may be asked; units of numbers are in `unit`, `shared` facts are those of all siblings."""

    id: str
    kind: str
    topic: str
    order: int
    title: str
    title_child: str
    question: str
    question_child: str
    again: str
    closing: str
    why: str
    why_child: str
    brief: str
    brief_child: str
    unit: str
    range: tuple[float, float]
    step: float | None
    cost: int
    asked_if: Mapping[str, Any] | None
    choices: tuple[Choice, ...]
    shared: bool

    @property
    def values(self) -> tuple[str | bool, ...]:
        """Every value of an enum, set or bool, in the order of the file."""
        if self.kind == "bool":
            return (True, False)
        return tuple(choice.value for choice in self.choices if choice.value is not None)

    def choice(self, value: str | bool) -> Choice | None:
        return next((choice for choice in self.choices if choice.value == value), None)


def load_facts(folder: Path) -> tuple[dict[str, Fact], tuple[dict[str, Any], ...]]:
    """Every fact by id in asking order, and the topics. Raises KnowledgeError."""
    topics = tuple(read_yaml(folder / "topics.yml", list))
    facts: dict[str, Fact] = {}
    for topic in topics:
        path = folder / f"{topic['id']}.yml"
        for record in _records(path, topic["id"]):
            for fact in _expand(path, topic, record, len(facts)):
                if fact.id in facts:
                    raise KnowledgeError(path, fact.id, "is written twice")
                facts[fact.id] = fact
    ordered = sorted(facts.values(), key=lambda fact: (_topic_index(topics, fact), fact.order))
    return {fact.id: fact for fact in ordered}, topics


def _topic_index(topics: tuple[dict[str, Any], ...], fact: Fact) -> int:
    return next(index for index, topic in enumerate(topics) if topic["id"] == fact.topic)


def _records(path: Path, topic: str) -> list[Any]:
    content = read_yaml(path)
    if not isinstance(content, dict) or content.get("topic") != topic:
        raise KnowledgeError(path, "topic", f"must be {topic!r}, as in topics.yml")
    return list(content.get("facts") or [])


def _expand(path: Path, topic: Mapping[str, Any], record: Any, order: int) -> Iterator[Fact]:
    identity = str(record.get("id", "")) if isinstance(record, dict) else ""
    if "{parent}" not in identity:
        yield _fact(path, topic, record, order)
        return
    for offset, (parent, word) in enumerate(PARENTS.items()):
        # All of the father's facts come before the mother's: people tell one story at a time.
        yield _fact(path, topic, _filled(record, parent, word), order + 1000 * offset)


def _filled(thing: Any, parent: str, word: str) -> Any:
    if isinstance(thing, dict):
        return {key: _filled(value, parent, word) for key, value in thing.items()}
    if isinstance(thing, list):
        return [_filled(value, parent, word) for value in thing]
    if isinstance(thing, str):
        return thing.replace("{parent}.", f"{parent}.").replace("{parent}", word)
    return thing


def _fact(path: Path, topic: Mapping[str, Any], record: Any, order: int) -> Fact:
    name = str(record.get("id", "?")) if isinstance(record, dict) else "?"
    fields = Fields(path, name, record)
    question = (fields.take("id", str), fields.take("kind", str), fields.take("question", str))
    if question[1] not in KINDS:
        raise fields.fault("kind", f"{question[1]!r} is none of {', '.join(KINDS)}")
    low, high = fields.take("range", list, [float("-inf"), float("inf")])
    fact = Fact(
        id=question[0],
        kind=question[1],
        topic=topic["id"],
        order=order,
        title=(title := fields.take("title", str)),
        title_child=fields.take("title_child", str, title),
        question=question[2],
        question_child=fields.take("question_child", str, question[2]),
        again=fields.take("again", str, question[2]),
        closing=fields.take("closing", str, question[2]),
        why=(why := fields.take("why", str)),
        why_child=fields.take("why_child", str, why),
        brief=(brief := fields.take("brief", str, "")),
        brief_child=fields.take("brief_child", str, brief),
        unit=fields.take("unit", str, ""),
        range=(float(low), float(high)),
        step=fields.take("step", _NUMBER, None),
        cost=fields.take("cost", int, 1),
        asked_if=fields.take("asked_if", dict, None),
        choices=tuple(
            _choice(path, f"{name}.choices[{index}]", one) for index, one in enumerate(fields.take("choices", list, []))
        ),
        shared=bool(topic.get("shared")),
    )
    fields.done()
    if fact.kind in ("enum", "set") and not fact.choices:
        raise fields.fault("choices", "is missing")
    return fact


def _choice(path: Path, field: str, record: Any) -> Choice:
    fields = Fields(path, field, record)
    title = fields.take("title", str)
    low, high = fields.take("min", _NUMBER, None), fields.take("max", _NUMBER, None)
    value = fields.take("value", (str, bool), None)
    if value is None and low is None and high is None:
        raise fields.fault("value", "is missing", "or min/max for a number")
    choice = Choice(
        value=value,
        title=title,
        title_child=fields.take("title_child", str, title),
        says=tuple(str(one) for one in fields.take("says", list, [])),
        excludes=frozenset(fields.take("excludes", list, [])),
        closes=fields.take("closes", bool, False),
        quick=fields.take("quick", bool, False),
        child_means=tuple(fields.take("child_means", list, [])),
        low=low,
        high=high,
    )
    fields.done()
    return choice


def born_between(text: str) -> tuple[date, date] | None:
    """First and last day a birth date may mean; None when it is no date."""
    match = re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", text)
    if not match:
        return None
    year, month = int(match[1]), int(match[2])
    try:
        if match[3]:
            day = date(year, month, int(match[3]))
            return day, day
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1), date.fromordinal(following.toordinal() - 1)
    except ValueError:
        return None


def completed_years(born: date, as_of: date) -> float:
    """Completed years, halves under seven. Source: knowledge/facts/child.yml."""
    months = (as_of.year - born.year) * 12 + as_of.month - born.month - (as_of.day < born.day)
    years = months / 12
    return float(int(years)) if years >= 7 else int(years * 2) / 2
