"""What a recorded situation rests on, and what speaks against it. Pure; the lists and rules are in evidence.yml."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from casework.errors import BadValue
from casework.rules import rules


@dataclass(frozen=True)
class Item:
    """One piece of evidence about one person; `seen_on` is the day for which it holds."""

    about: str
    shows: str
    grade: str
    seen_on: date
    note: str = ""


@dataclass(frozen=True)
class Standing:
    """How a category stands: `strength` is the best grade that supports it, `why` what stops it."""

    strength: str | None
    is_enough: bool
    why: str | None


def check_item(item: Item) -> Item:
    """Raises: BadValue."""
    known = rules("evidence")
    for field, among in (("about", known["about"]), ("shows", known["shows"]), ("grade", known["grades"])):
        if getattr(item, field) not in among:
            raise BadValue(field)
    return item


def standing(category: str, about: str, recorded_on: date, items: Sequence[Item]) -> Standing:
    """Raises: BadValue when there is no such category of that person."""
    found = rules("evidence")["categories"].get(category)
    if found is None or about not in found["of"]:
        raise BadValue("category")
    own = [item for item in items if item.about == about]
    grades = sorted(item.grade for item in own if item.shows in found["rests_on"])
    strength = grades[0] if grades else None
    why = _against(category, recorded_on, own)
    enough = strength is not None and strength not in rules("evidence")["only_protection"] and why is None
    return Standing(strength, enough, why)


def _against(category: str, recorded_on: date, own: Sequence[Item]) -> str | None:
    for rule in rules("evidence")["contradictions"]:
        if rule["category"] == category and any(_speaks(rule, recorded_on, item) for item in own):
            return str(rule["why"])
    return None


def _speaks(rule: dict[str, Any], recorded_on: date, item: Item) -> bool:
    """Evidence of after the recording speaks against it too."""
    if item.shows not in rule["against"]:
        return False
    return "days" not in rule or item.seen_on >= recorded_on - timedelta(days=rule["days"])
