"""The fixed words for a family in danger (`phrases.yml`), with the numbers of `hotlines.yml`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, Final

from knowledge.files import read_yaml

PHRASES: Final = Path(__file__).parent / "phrases.yml"
HOTLINES: Final = Path(__file__).parent.parent / "hotlines.yml"
SHANGHAI: Final = timezone(timedelta(hours=8))
_NIGHT_FROM, _NIGHT_TO = 22, 8
_ALWAYS, _TALK = ("110", "120"), ("12356", "12355")


def safety_words(kinds: Sequence[str], level: str, voice: bool | str, now: datetime) -> tuple[str, ...]:
    """Two warm sentences, the one question, the numbers, and (urgent and above) who was asked, in the order shown.

    `voice` as in voice.py; True is a child, False an adult. `now` is aware, or is taken as the time in Shanghai.
    Level none says nothing.
    """
    if level == "none":
        return ()
    phrases, asker = _phrases(), audience(voice)
    if level == "concern":
        said = phrases["gentle"][asker]
        return said["warm"], said["ask"], f"{said['company']}\n{_talk()}"
    said = kind_words(kinds, voice)
    numbers = _numbers(level, now, _beside(kinds, voice))
    return said["warm"], said["ask"], f"{numbers}\n{said['company']}", phrases["asked"][asker]


def audience(voice: bool | str) -> str:
    """Whether the words are chosen as for a child or as for an adult."""
    return "child" if voice in (True, "child", "friend") else "adult"


def kind_words(kinds: Sequence[str], voice: bool | str) -> dict[str, Any]:
    """What stands in `phrases.yml` for the first kind, in this voice."""
    known = _phrases()["kinds"]
    kinds = ["violence"] if voice == "doer" else kinds  # whatever was heard, this is what it is about
    said: dict[str, Any] = known[next((kind for kind in kinds if kind in known), "self_harm")]
    found: dict[str, Any] = said.get(voice if isinstance(voice, str) else "", said[audience(voice)])
    return found


def is_night(now: datetime) -> bool:
    """22:00 to 08:00 in Shanghai, when a helpline may not answer."""
    hour = (now.astimezone(SHANGHAI) if now.tzinfo else now).hour
    return hour >= _NIGHT_FROM or hour < _NIGHT_TO


def _beside(kinds: Sequence[str], voice: bool | str) -> Sequence[str]:
    """Who else takes this kind of harm on, told to a grown-up."""
    more: Sequence[str] = _phrases()["numbers"]["more"].get(next(iter(kinds), ""), ())
    return () if audience(voice) == "child" or voice == "doer" else more


def _numbers(level: str, now: datetime, more: Sequence[str]) -> str:
    words = _phrases()["numbers"]
    opening = words["first"]["night" if is_night(now) else level]
    return "\n".join([f"{opening}：", *(_line(number) for number in _ALWAYS), f"{words['then']}：", _talk(more)])


def _talk(more: Sequence[str] = ()) -> str:
    numbers = (*more, *_TALK)
    checked = max(_hotlines()[number]["checked"] for number in numbers)
    return "\n".join(
        [*(_line(number) for number in numbers), _phrases()["numbers"]["hearsay"].format(checked=_day(checked))]
    )


def _line(number: str) -> str:
    words: str = _phrases()["numbers"]["line"]
    return words.format_map(_hotlines()[number])


def _day(day: date) -> str:
    return day.isoformat()


@cache
def _phrases() -> dict[str, Any]:
    phrases: dict[str, Any] = read_yaml(PHRASES)
    return phrases


@cache
def _hotlines() -> dict[str, dict[str, Any]]:
    return {line["number"]: line for line in read_yaml(HOTLINES)}
