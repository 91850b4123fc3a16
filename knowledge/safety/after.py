"""After the card: what somebody who was in danger does next, and the words for it (`after.yml`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from knowledge.files import read_yaml
from knowledge.safety.words import audience

FILE: Final = Path(__file__).with_name("after.yml")


@dataclass(frozen=True)
class Act:
    """`lines` by kind of danger, "" for all others, and by who reads; `only` for these kinds, for all when empty."""

    id: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    only: tuple[str, ...]
    lines: dict[str, dict[str, tuple[str, ...]]]
    steps: bool = False
    person: bool = False
    calm: bool = False

    def fits(self, text: str, kind: str) -> bool:
        if self.only and kind not in self.only:
            return False
        return bool(self.words.search(text)) and not (self.unless and self.unless.search(text))

    def said(self, kind: str, voice: str) -> tuple[str, ...]:
        """What may be said, first that for a friend or for this kind."""
        reads = audience(voice)
        own = [self.lines.get(name, {}).get(reads, ()) for name in (voice, kind, "")]
        return tuple(line for lines in own for line in lines)


def act_of(text: str, kind: str) -> Act:
    """The first that fits; the last one fits whatever is said."""
    return next(act for act in _acts() if act.fits(text, kind))


def is_practical(text: str) -> bool:
    """Whether something is asked that has nothing to do with the danger: money, school, papers."""
    known = _known()["practical"]
    return bool(re.search(known["words"], text) and re.search(known["asks"], text))


def practical_line(voice: str) -> str:
    return str(_known()["practical"][audience(voice)])


def steps_of(kind: str, voice: str) -> tuple[str, ...]:
    """What to do, one after the other."""
    known = _known()["steps"]
    said = known.get(kind, known["other"])
    return tuple(said.get(voice, said[audience(voice)]))


def again(voice: str, turn: int) -> tuple[str, str, str]:
    """What is said, the numbers, and the one question, when the same danger is said once more."""
    said = _known()["again"][audience(voice)]
    return _at(said["says"], turn), str(said["numbers"]), _at(said["asks"], turn)


def graver_line(voice: str) -> str:
    return str(_known()["graver"][audience(voice)])


def _at(lines: Sequence[str], turn: int) -> str:
    return lines[turn % len(lines)]


@cache
def _acts() -> tuple[Act, ...]:
    return tuple(_act(each) for each in _known()["acts"])


def _act(each: dict[str, Any]) -> Act:
    lines = {name: said for name, said in each.items() if isinstance(said, dict)}
    lines[""] = {name: each[name] for name in ("child", "adult")}
    return Act(
        each["id"],
        re.compile(each["words"]),
        re.compile(each["unless"]) if "unless" in each else None,
        tuple(each.get("only", ())),
        {name: {reads: tuple(said) for reads, said in by.items()} for name, by in lines.items()},
        steps=bool(each.get("steps")),
        person=bool(each.get("person")),
        calm=bool(each.get("calm")),
    )


@cache
def _known() -> dict[str, Any]:
    known: dict[str, Any] = read_yaml(FILE)
    return known
