"""What the conversation knows when a message comes, and whom a message without a name is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from knowledge.reading import correction, durations
from knowledge.reading.patterns import pattern
from knowledge.reading.people import People
from knowledge.reading.siblings import Sibling

_BOTH: People = ("father", "mother")
# said of nobody, these are said of both that were told of before
_BOTH_AWAY = pattern("clauses.both_away")
_STAYS_HELD = re.compile("(?:一直|就|还)*(?:关)?在看守所")


@dataclass(frozen=True)
class Context:
    """What the conversation knows: the pending fact, who asks, the facts so far (JSON), and those told last.

    The facts are those of the child at hand, `child`; `children` are all that were spoken of.
    """

    as_of: date
    asking: str | None = None
    asker: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    last: tuple[str, ...] = ()
    child: int = 1
    children: tuple[Sibling, ...] = ()


def about(context: Context, said: str) -> People:
    """Whom a message without a name is about: of the pending question, of what it corrects, of what was told last."""
    if _BOTH_AWAY.match(said) and all(f"{parent}.situation" in context.facts for parent in _BOTH):
        return _BOTH
    if one := correction.named(said) or _held_already(context, said):
        return (one,)
    if correction.corrects(said) and (corrected := correction.about(context.facts, context.last)):
        return (corrected,)
    told = [context.asking] if context.asking else context.last
    persons = {name.partition(".")[0] for name in told} & {"father", "mother", "child"}
    return (persons.pop(),) if len(persons) == 1 else ()


def _held_already(context: Context, said: str) -> str | None:
    """在看守所快八个月了, when the mother was asked about and the father is there: how long is still open of him."""
    whose, _, what = (context.asking or "").partition(".")
    other = {"father": "mother", "mother": "father"}.get(whose)
    is_there = "detained" in context.facts.get(f"{other}.situation", ())
    is_open = what == "situation" and is_there and f"{other}.detained_months" not in context.facts
    is_length = is_open and _STAYS_HELD.match(said) and durations.find(said, context.as_of)
    return other if is_length else None
