"""Words that tell a fact: the `says` of the vocabulary and the cues of cues.yml, found in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.library import Library

SITUATION = "{parent}.situation"
# `says` shorter than this are answers, too weak to be read out of a story.
_SHORTEST = 2
_READ_ELSEWHERE = ("child.lives_with", "child.disability_grade")
# values that judge.py makes out of signs, never one phrase alone
_WEIGHED = ("contactable_not_caring", "caring")


@dataclass(frozen=True)
class Cue:
    """One thing words may tell; `about` is parent, child or home; `inner` cues hold the person they tell of."""

    about: str
    fact: str
    value: str
    near: bool
    masked: bool
    inner: bool
    own: bool
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Hit:
    """A cue found in the text."""

    cue: Cue
    start: int
    end: int


@cache
def tables() -> dict[str, Any]:
    """The tables of cues.yml."""
    content: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("cues.yml").read_text(encoding="utf-8"))
    return content


class Cues:
    """All cues of one knowledge base, compiled once."""

    def __init__(self, library: Library) -> None:
        self.cues = (*_told_of_parents(), *_told_of_others(), *_vocabulary(library))
        self.ignored = re.compile("|".join(tables()["ignored"]))

    def find(self, text: str, masked: str, boundaries: frozenset[int]) -> list[Hit]:
        """Hits in order of place; a hit inside a longer one is dropped, and a weak one (near) that ends inside a word.

        `masked` is the text with @ in place of every word for a person.
        """
        ignored = [match.span() for match in self.ignored.finditer(text)]
        hits = [
            Hit(cue, match.start(), match.end())
            for cue in self.cues
            for match in cue.pattern.finditer(masked if cue.masked else text)
            if match.end() > match.start() and (not cue.near or match.end() in boundaries)
        ]
        hits = [hit for hit in hits if not any(start <= hit.start and hit.end <= end for start, end in ignored)]
        return sorted(_longest(hits), key=lambda hit: (hit.start, hit.end))


def _longest(hits: list[Hit]) -> Iterable[Hit]:
    for hit in hits:
        inside = (
            other.start <= hit.start and hit.end <= other.end and _outranks(other, hit)
            for other in hits
            if other.cue.about == hit.cue.about and (other.cue.fact == hit.cue.fact or hit.cue.about == "parent")
        )
        if not any(inside):
            yield hit


def _outranks(one: Hit, other: Hit) -> bool:
    """Longer words first; of the same words, the cues of cues.yml before the answers of the vocabulary."""
    longer = (one.end - one.start) - (other.end - other.start)
    return longer > 0 or (longer == 0 and one.cue.own and not other.cue.own)


def _cue(about: str, fact: str, value: str, near: bool, patterns: Iterable[str], own: bool = True) -> Iterable[Cue]:
    patterns = list(patterns)
    for masked, inner in ((False, False), (True, False), (True, True)):
        chosen = [each for each in patterns if ("@" in each or "%" in each) == masked and ("@" in each) == inner]
        if chosen:
            chosen = sorted((_masked(each) for each in chosen), key=len, reverse=True)
            pattern = re.compile("|".join(f"(?:{each})" for each in chosen))
            yield Cue(about, fact, value, near, masked, inner, own, pattern)


def _masked(pattern: str) -> str:
    """A word for a person is matched whole, so that what may not follow it is looked for behind it."""
    return pattern.replace("@", "@+").replace("%(?!", "@+(?!@|").replace("%", "@+")


def _told_of_parents() -> Iterable[Cue]:
    for sign, kinds in tables()["parent"].items():
        for kind, patterns in kinds.items():
            yield from _cue("parent", SITUATION, sign, kind == "near", patterns)


def _told_of_others() -> Iterable[Cue]:
    for about in ("child", "home"):
        for fact, values in tables()[about].items():
            for value, patterns in values.items():
                yield from _cue(about, fact, value, False, patterns)


def _vocabulary(library: Library) -> Iterable[Cue]:
    """The ways the vocabulary lists, for facts that a story tells in the same words as an answer."""
    for fact in library.facts.values():
        if not fact.id.startswith("child.") or fact.kind not in ("enum", "set") or fact.id in _READ_ELSEWHERE:
            continue
        for choice in fact.choices:
            says = [re.escape(word) for word in choice.says if len(word) > _SHORTEST]
            if choice.value is not None and choice.value != "none" and says:
                yield from _cue("child", fact.id, str(choice.value), False, says, own=False)
    situation = library.facts["mother.situation"]
    for choice in situation.choices:
        if choice.value in _WEIGHED:
            continue
        says = [re.escape(word) for word in choice.says]
        yield from _cue("parent", SITUATION, str(choice.value), False, says, own=False)
