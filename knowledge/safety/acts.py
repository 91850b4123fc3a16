"""What somebody does after the card was shown (`after/acts/`), tried in the order of `after/order.yml`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from knowledge.errors import KnowledgeError
from knowledge.files import read_yaml
from knowledge.safety.words import audience

FOLDER: Final = Path(__file__).with_name("after")
ORDER: Final = FOLDER / "order.yml"


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
        if "outright" in self.comes and re.search(_order()["papers"], text):
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
    return next(act for act in acts() if act.fits(text, kinds, voice, doers))


def doers_in(text: str) -> list[str]:
    """Who does the harm that is told of: 爷爷, 爸; no name and nothing else."""
    found = re.finditer(_order()["doers"], text)
    return list(dict.fromkeys(doer for each in found for doer in each.groups() if doer))


def listening() -> Act:
    """What is said to one who says next to nothing."""
    return next(act for act in acts() if act.id == "little")


@cache
def acts() -> tuple[Act, ...]:
    """In the order in which they are tried. Raises KnowledgeError where the order does not name each of them once."""
    known: dict[str, Act] = {}
    for path in sorted(FOLDER.glob("acts/*.yml")):
        for each in read_yaml(path, list):
            if each["id"] in known:
                raise KnowledgeError(path, str(each["id"]), "is written twice")
            known[each["id"]] = _act(each)
    order = _order()["order"]
    if wrong := sorted({*order} ^ {*known}) or [name for name in known if order.count(name) > 1]:
        raise KnowledgeError(ORDER, "order", f"must name {wrong[0]} once, as acts/*.yml does")
    return tuple(known[name] for name in order)


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
def _order() -> dict[str, Any]:
    order: dict[str, Any] = read_yaml(ORDER, dict)
    return order
