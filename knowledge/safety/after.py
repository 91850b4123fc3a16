"""After the card: what somebody who was in danger does next, and the words for it (`after.yml`)."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from knowledge.files import read_yaml
from knowledge.safety.words import audience

FILE: Final = Path(__file__).with_name("after.yml")


@dataclass(frozen=True)
class Act:
    """`lines` by voice or kind of danger, "" for all others, and by who reads.

    `only`: after these kinds; `voices`: to these; empty is all. `level`, `kind`, `comes` and `again` as in the file.
    """

    id: str
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    only: tuple[str, ...]
    voices: tuple[str, ...]
    lines: dict[str, dict[str, tuple[str, ...]]]
    steps: bool = False
    person: bool = False
    calm: bool = False
    level: str | None = None
    kind: str | None = None
    comes: tuple[str, ...] = ()
    again: str | None = None
    trusts: bool = False

    def fits(self, text: str, kinds: Collection[str], voice: str, doers: Collection[str] = ()) -> bool:
        if self.trusts and any(doer in text for doer in doers):
            return False
        heard_as = {voice, audience(voice)} if voice == "office" else {voice}
        if (self.only and not set(self.only) & set(kinds)) or (self.voices and not heard_as & set(self.voices)):
            return False
        return bool(self.words.search(text)) and not (self.unless and self.unless.search(text))

    def said(self, kind: str, voice: str) -> tuple[str, ...]:
        """What may be said, first that for this voice or for this kind."""
        reads = audience(voice)
        own = [self.lines.get(name, {}).get(reads, ()) for name in (voice, kind, "")]
        return tuple(line for lines in own for line in lines)


def act_of(text: str, kinds: Collection[str], voice: str, doers: Collection[str] = ()) -> Act:
    """The first that fits what is said after an alarm of these kinds; the last one fits whatever is said.

    `doers` as `doers_in` the alarm found them.
    """
    return next(act for act in _acts() if act.fits(text, kinds, voice, doers))


def doers_in(text: str) -> list[str]:
    """Who does the harm that is told of: 爷爷, 爸; no name and nothing else."""
    found = re.finditer(_known()["doers"], text)
    return list(dict.fromkeys(doer for each in found for doer in each.groups() if doer))


def listening() -> Act:
    """What is said to one who says next to nothing."""
    return next(act for act in _acts() if act.id == "little")


def is_practical(text: str) -> bool:
    """Whether something is asked that has nothing to do with the danger: money, school, papers."""
    known = _known()["practical"]
    return bool(re.search(known["words"], text) and re.search(known["asks"], text))


def practical_line(voice: str) -> str:
    return str(_known()["practical"][audience(voice)])


def steps_of(kind: str, voice: str) -> tuple[str, ...]:
    """What to do, one after the other."""
    known = _known()["steps"]
    said = known.get(voice) or known.get(kind, known["other"])
    own = "self" if voice == "anyone" else voice
    return tuple(said.get(own, said[audience(voice)]))


def again(voice: str, turn: int) -> tuple[str, str, str]:
    """What is said, the numbers, and the one question, when the same danger is said once more."""
    known = _known()["again"]
    said = known.get(voice, known[audience(voice)])
    return _at(said["says"], turn), str(said["numbers"]), _at(said["asks"], turn)


def comfort_line(voice: str, turn: int) -> str:
    """To somebody in distress, another one each time."""
    return _at(_known()["comfort"][audience(voice)], turn)


def back_line(voice: str) -> str:
    return str(_known()["back"][audience(voice)])


def noted_line(kind: str, voice: str) -> str:
    """What was noted of the danger, and who sees it."""
    known = _known()["noted"]
    return str(known[audience(voice)]).format(kind=known.get(kind, known["self_harm"]))


def kept_line(voice: str, turn: int) -> str:
    """To somebody who tells of the family while the danger lasts."""
    return _at(_known()["kept"][audience(voice)], turn)


def graver_line(voice: str) -> str:
    return str(_known()["graver"][audience(voice)])


def _at(lines: Sequence[str], turn: int) -> str:
    return lines[turn % len(lines)]


@cache
def _acts() -> tuple[Act, ...]:
    return tuple(_act(each) for each in _known()["acts"])


def _act(each: dict[str, Any]) -> Act:
    lines = {name: said for name, said in each.items() if isinstance(said, dict)}
    lines[""] = {name: each[name] for name in ("child", "adult") if name in each}
    return Act(
        each["id"],
        re.compile(each["words"]),
        re.compile(each["unless"]) if "unless" in each else None,
        tuple(each.get("only", ())),
        tuple(each.get("voices", ())),
        {name: {reads: tuple(said) for reads, said in by.items()} for name, by in lines.items()},
        steps=bool(each.get("steps")),
        person=bool(each.get("person")),
        calm=bool(each.get("calm")),
        level=each.get("level"),
        kind=each.get("kind"),
        comes=tuple(each.get("comes", ())),
        again=each.get("again"),
        trusts=bool(each.get("trusts")),
    )


@cache
def _known() -> dict[str, Any]:
    known: dict[str, Any] = read_yaml(FILE)
    return known
