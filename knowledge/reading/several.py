"""What a message tells of each of several children, as the rest of the house hears it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from knowledge.reading import siblings
from knowledge.reading.normal import Normal
from knowledge.reading.story import Findings, Story

_NOTHING: Mapping[int, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Siblings:
    """By number of the child: `told` {facts, partial, evidence}, `called` its words, `apart` what it does not share.

    `for_all` are facts of the child at hand that were told of every child, `turn_to` is the child that is asked for,
    `count` how many there are said to be.
    """

    told: Mapping[int, Mapping[str, Any]] = _NOTHING
    called: Mapping[int, Mapping[str, Any]] = _NOTHING
    apart: Mapping[int, tuple[str, ...]] = _NOTHING
    for_all: frozenset[str] = frozenset()
    turn_to: int | None = None
    count: int = 1


def part(story: Story, findings: Findings) -> dict[int, tuple[str, ...]]:
    """Give a child that has other parents what is told of them behind its name; the prefixes it does not share."""
    halves = siblings.halves(story.text, story.cast)
    for each in (findings, *findings.children.values()) if halves else ():
        for fact in [fact for fact in (*each.facts, *each.partial) if fact.startswith(halves)]:
            each.drop(fact)  # of whose father it is told is not said plainly enough
    apart = siblings.apart(story.text, story.cast)
    for number, prefixes in apart.items():
        begin = story.cast.begins.get(number, len(story.text))
        for fact in [*findings.facts, *findings.partial]:
            if fact.startswith(tuple(f"{each}." for each in prefixes if each != "asker")):
                start, end = findings.spans[fact]
                if end > begin:
                    value = findings.facts.get(fact, findings.partial.get(fact))
                    findings.of(number).tell(fact, value, (start, end), fact in findings.uncertain)
                    findings.drop(fact)
    return apart


def tell(story: Story, findings: Findings, normal: Normal, apart: Mapping[int, tuple[str, ...]]) -> Siblings:
    """Numbers are those the conversation keeps."""
    cast, numbers = story.cast, findings.numbers
    told = {
        number: {
            "facts": each.facts,
            "partial": each.partial,
            "evidence": {fact: normal.words(*span) for fact, span in each.spans.items()},
        }
        for number, each in findings.children.items()
        if each.facts or each.partial
    }
    called = {}
    for label, each in cast.called.items():
        number = numbers.get(label, label) or cast.present
        called[number] = {key: value for key, value in asdict(each).items() if key in ("words", "rank", "sex", "line")}
        called[number]["more"] = label in cast.fresh and label not in cast.peers
    turn_to = cast.turn_to and (numbers.get(cast.turn_to, cast.turn_to) or cast.present)
    return Siblings(
        told=told,
        called=called,
        apart={numbers.get(label, label) or cast.present: each for label, each in apart.items()},
        for_all=frozenset(findings.for_all & {*findings.facts, *findings.partial}),
        turn_to=turn_to,
        count=max(cast.count, len({*called})),
    )
