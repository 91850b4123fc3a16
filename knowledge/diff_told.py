"""What a change of the rules does to families, in plain Chinese or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.assess import Assessment
from knowledge.diff import Difference, Turn
from knowledge.files import read_yaml
from knowledge.known import to_json
from knowledge.library import Library
from knowledge.proofs.telling import family

_WAYS = ("loses", "gains", "changes")
_NAMED = 3  # golden cases that are named


@dataclass(frozen=True)
class Compared:
    """What was compared: with which revision, under the law of which day, on how many families."""

    revision: str
    as_of: date
    families: int
    cases: int
    policies: int


@cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(Path(__file__).with_name("diff.yml"), dict)
    return found


def lines(library: Library, compared: Compared, found: Sequence[Difference]) -> Iterator[str]:
    """The whole report, in the words of the new knowledge base."""
    yield _words()["head"].format(
        revision=compared.revision,
        day=compared.as_of,
        different=len(found),
        same=compared.policies - len(found),
        families=compared.families,
        cases=compared.cases,
    )
    if not found:
        yield _words()["nothing"]
    for each in found:
        yield _words()["title"].format(name=each.name, id=each.id)
        for line in _about(library, compared, each):
            yield f"  {line}"


def _about(library: Library, compared: Compared, each: Difference) -> Iterator[str]:
    says = _words()
    yield from (says[key] for key, holds in (("is_new", each.is_new), ("is_gone", each.is_gone)) if holds)
    yield says["question"] + _answer(library, compared, each)
    if not each.is_new and not each.is_gone:
        yield from (says["gone"].format(says=condition) for condition in each.gone)
        yield from (says["added"].format(says=condition) for condition in each.added)
    for turn in sorted(each.turns, key=lambda turn: (_WAYS.index(turn.way), -turn.families)):
        yield from _turn(library, turn)


def _answer(library: Library, compared: Compared, each: Difference) -> str:
    losers = each.counted.get("loses", 0)
    if each.anyone_loses is None:
        form = "someone_on_roll" if losers else "nobody_on_roll"
    else:
        form = "proved_someone" if each.anyone_loses else "proved_nobody"
    told = family(library, each.loser) if each.loser else ""
    return str(_words()[form].format(families=compared.families, losers=losers, family=told))


def _turn(library: Library, turn: Turn) -> Iterator[str]:
    says = _words()
    before, after = (says["outcomes"][side.outcome] for side in (turn.before, turn.after))
    line = says["turn"].format(way=says["ways"][turn.way], before=before, after=after, count=turn.families)
    if turn.cases:
        names = "；".join(turn.cases[:_NAMED]) + (says["and_more"] if len(turn.cases) > _NAMED else "")
        line += says["cases"].format(count=len(turn.cases), names=names)
    yield f"· {line}"
    yield "    " + says["example"].format(family=family(library, turn.example.facts))
    for form, side in (("because_before", turn.before), ("because_after", turn.after)):
        if side.because:
            yield "    " + says[form].format(because="".join(side.because))


def as_json(compared: Compared, found: Sequence[Difference]) -> dict[str, Any]:
    """The report for programs."""
    return {
        "revision": compared.revision,
        "as_of": compared.as_of.isoformat(),
        "families": compared.families,
        "golden": compared.cases,
        "different": [
            {
                "id": each.id,
                "new": each.is_new,
                "gone": each.is_gone,
                "anyone_loses": each.anyone_loses,
                "loser": None if each.loser is None else to_json(each.loser)[0],
                "conditions_gone": list(each.gone),
                "conditions_added": list(each.added),
                **{way: each.counted.get(way, 0) for way in _WAYS},
                "turns": [_turn_json(turn) for turn in each.turns],
            }
            for each in found
        ],
    }


def _turn_json(turn: Turn) -> dict[str, Any]:
    def side(one: Assessment) -> dict[str, Any]:
        return {"outcome": one.outcome, "because": list(one.because)}

    facts, partial = to_json(turn.example.facts)
    return {
        "before": side(turn.before),
        "after": side(turn.after),
        "families": turn.families,
        "golden": list(turn.cases),
        "example": {**facts, **({"partial": partial} if partial else {})},
    }
