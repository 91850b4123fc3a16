"""Places by their GB/T 2260 code, down to the county: the whole country, and what people call the places we serve."""

from __future__ import annotations

import re
from collections.abc import Mapping
from csv import DictReader
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from knowledge.errors import KnowledgeError
from knowledge.files import Fields, read_yaml

COUNTY, LAST_DISTRICT = 6, 20


@dataclass(frozen=True)
class Region:
    """One place; `says` are the short and old names people use, `was` its former codes."""

    code: str
    name: str
    says: tuple[str, ...]
    was: tuple[str, ...]


@dataclass(frozen=True)
class Town:
    """A town by its county's code; `alone` when its name is no other place's that people would think of."""

    code: str
    name: str
    alone: bool


@dataclass(frozen=True)
class Wording:
    """What a place calls its offices; a sentence with one of the `unless` words is left as it is."""

    unless: tuple[str, ...]
    calls: Mapping[str, str]


@dataclass(frozen=True)
class Regions:
    """Every place of the country down to the county, and the towns of the cities we serve.

    `wording` holds by code what offices are called in a place.
    """

    by_code: Mapping[str, Region]
    towns: tuple[Town, ...] = ()
    wording: Mapping[str, Wording] = field(default_factory=dict)

    def knows(self, code: str) -> bool:
        return code in self.by_code

    def current(self, code: str) -> str:
        """The present code of a place whose code has changed; any other code as it is."""
        return self._successors.get(code, code)

    def name(self, code: str) -> str:
        """The names from province to county, as far as they are known."""
        parts = (code[:length] for length in (2, 4, 6) if length <= len(code))
        names = (self.by_code[part].name for part in parts if part in self.by_code)
        return "".join(dict.fromkeys(names))  # a city under the state is its own province

    def worded(self, code: str | None, text: str) -> str:
        """A sentence with the offices called as they are in the place."""
        wording = next((self.wording[each] for each in self.wording if (code or "").startswith(each)), None)
        if wording is None or any(word in text for word in wording.unless):
            return text
        longest_first = sorted(wording.calls, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest_first)), lambda found: wording.calls[found.group()], text)

    @cached_property
    def _successors(self) -> Mapping[str, str]:
        return {old: region.code for region in self.by_code.values() for old in region.was}


def load_regions(folder: Path) -> Regions:
    """The national list, with what `regions.yml` adds to a place. Raises KnowledgeError."""
    regions, towns = _national(folder / "china.csv"), _towns(folder / "towns.csv")
    written: set[str] = set()
    path = folder / "regions.yml"
    for record in read_yaml(path, list):
        code = str(record.get("code", ""))
        if not re.fullmatch(r"(\d{2}){1,3}", code) or not record.get("name"):
            raise KnowledgeError(path, f"code {code!r}", "needs 2, 4 or 6 digits and a name")
        if code in written:
            raise KnowledgeError(path, f"code {code!r}", "is written twice")
        written.add(code)
        regions[code] = Region(
            code,
            str(record["name"]),
            tuple(map(str, record.get("says") or [])),
            tuple(map(str, record.get("was") or [])),
        )
    path = folder / "wording.yml"
    wording = {str(code): _wording(path, str(code), each) for code, each in read_yaml(path, dict).items()}
    for code in (*wording, *(town.code for town in towns)):
        if code not in regions:
            raise KnowledgeError(folder, f"code {code!r}", "is no place of china.csv or regions.yml")
    return Regions(regions, towns, wording)


def _national(path: Path) -> dict[str, Region]:
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Region(row["code"], row["name"], (), tuple(row["was"].split())) for row in DictReader(file)
        }


def _wording(path: Path, code: str, record: Any) -> Wording:
    fields = Fields(path, code, record)
    wording = Wording(tuple(map(str, fields.take("unless", list))), fields.take("calls", dict))
    fields.done()
    return wording


def _towns(path: Path) -> tuple[Town, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(Town(row["code"], row["name"], row["alone"] == "yes") for row in DictReader(file))


def apart(home: str, here: str) -> bool | None:
    """Whether two places lie in different counties; None while one is too wide to tell.

    Districts of one city count as one place. Source: 加强流动儿童关爱保护行动方案（2024）, 跨县域、市辖区间除外.
    """
    short = min(len(home), len(here))
    if home[:short] != here[:short]:
        return not (home[:4] == here[:4] and _district(home) and _district(here))
    return False if len(home) == len(here) == COUNTY else None


def _district(code: str) -> bool:
    """GB/T 2260 numbers the districts of a city 01 to 20, its counties and banners from 21 on."""
    return len(code) == COUNTY and int(code[4:]) <= LAST_DISTRICT


def within(place: str, area: str) -> bool | None:
    """Whether a place lies in an area; None when the place is wider than the area."""
    if place.startswith(area):
        return True
    return None if area.startswith(place) else False
