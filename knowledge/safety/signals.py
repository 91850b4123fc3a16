"""Load `signals.yml` and compile its patterns; a fault in the file stops the start."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from knowledge.errors import KnowledgeError
from knowledge.files import read_yaml
from knowledge.safety.needs import Needs, needs, possible
from knowledge.safety.plain import PAUSE

LEVELS: Final = ("none", "concern", "urgent", "emergency")
FILE: Final = Path(__file__).parent / "signals.yml"
# How a gap is written in the file: … stays within the clause, …… may pass one or two pauses.
_FAR, _NEAR = r"(?:.{0,24}?)", rf"(?:[^{PAUSE}]{{0,8}}?)"


Span = tuple[int, int]


@dataclass(frozen=True)
class Words:
    """One compiled pattern with what it needs."""

    pattern: re.Pattern[str]
    needs: Needs

    def spans(self, message: str, characters: frozenset[str]) -> list[Span]:
        if not possible(self.needs, characters):
            return []
        return [match.span() for match in self.pattern.finditer(message)]


@dataclass(frozen=True)
class Signal:
    """`firm`: told of the past on purpose (a violent father comes back), so neither past nor denial lowers it."""

    kind: str
    level: str
    firm: bool
    words: Words


@dataclass(frozen=True)
class Lowering:
    """Hits of `kinds` that overlap one of `patterns` count as `to` at most."""

    to: str
    kinds: frozenset[str]
    patterns: tuple[Words, ...]


@dataclass(frozen=True)
class Lexicon:
    simple: dict[int, str]
    spellings: tuple[tuple[re.Pattern[str], str], ...]
    signals: tuple[Signal, ...]
    masks: tuple[Words, ...]
    fiction: tuple[Words, ...]
    fictional: frozenset[str]
    lowerings: tuple[Lowering, ...]
    ordinary: tuple[Words, ...]
    asides: tuple[Words, ...]
    hints: tuple[Words, ...]


@cache
def lexicon() -> Lexicon:
    """Raises KnowledgeError naming the list and the pattern that does not compile."""
    raw = read_yaml(FILE)
    groups = _groups(raw["groups"])

    def compiled(patterns: list[str], field: str) -> tuple[Words, ...]:
        made = (_compile(pattern, groups, f"{field}[{index}]") for index, pattern in enumerate(patterns))
        return tuple(Words(pattern, needs(pattern)) for pattern in made)

    return Lexicon(
        simple=_pairs(raw["traditional"]),
        spellings=tuple(
            (_compile(like, groups, f"spellings.{meant}"), meant) for meant, like in raw["spellings"].items()
        ),
        signals=tuple(
            Signal(entry["kind"], entry["level"], entry.get("firm", False), words)
            for index, entry in enumerate(raw["signals"])
            for words in compiled(entry["patterns"], f"signals[{index}].patterns")
        ),
        masks=compiled(raw["masks"], "masks"),
        fiction=compiled(raw["fiction"]["patterns"], "fiction.patterns"),
        fictional=frozenset(raw["fiction"]["kinds"]),
        lowerings=tuple(
            Lowering(
                entry["to"], frozenset(entry["kinds"]), compiled(entry["patterns"], f"lowerings[{index}].patterns")
            )
            for index, entry in enumerate(raw["lowerings"])
        ),
        ordinary=compiled(raw["ordinary"], "ordinary"),
        asides=compiled(raw["asides"], "asides"),
        hints=compiled(raw["hints"], "hints"),
    )


def _groups(raw: dict[str, str]) -> dict[str, str]:
    """Named groups of words; a group may use those written above it."""
    groups: dict[str, str] = {}
    for name, words in raw.items():
        groups[name] = f"(?:{_expand(words, groups, f'groups.{name}')})"
    return groups


def _expand(pattern: str, groups: dict[str, str], field: str) -> str:
    def named(match: re.Match[str]) -> str:
        if match[1] not in groups:
            raise KnowledgeError(FILE, field, f"no group <{match[1]}>", "write it under groups, above its first use")
        return groups[match[1]]

    expanded = re.sub(r"<([a-z_]+)>", named, pattern)
    return expanded.replace("……", _FAR).replace("…", _NEAR)


def _compile(pattern: Any, groups: dict[str, str], field: str) -> re.Pattern[str]:
    try:
        return re.compile(_expand(pattern, groups, field))
    except (re.error, TypeError) as error:
        raise KnowledgeError(FILE, field, f"is not a pattern: {pattern!r}", str(error)) from error


def _pairs(text: str) -> dict[int, str]:
    """殺杀 體体 -> 殺 to 杀, 體 to 体."""
    return {ord(pair[0]): pair[1] for pair in text.split()}
