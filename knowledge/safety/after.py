"""After the card: steps, and the lines that belong to no act (`after/steps.yml`, `after/lines.yml`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from knowledge.files import read_yaml
from knowledge.safety.acts import FOLDER
from knowledge.safety.words import audience


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
def _known() -> dict[str, Any]:
    known: dict[str, Any] = {**read_yaml(FOLDER / "steps.yml", dict), **read_yaml(FOLDER / "lines.yml", dict)}
    return known
